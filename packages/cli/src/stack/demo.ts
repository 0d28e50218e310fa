import { join } from 'node:path';
import Type from 'typebox';
import { readJson, writeJson } from './json-file.ts';
import { DEMO_WORLD } from './local-stack.ts';
import type { Place } from './place.ts';
import type { OnProgress } from './progress.ts';
import type { PageSession } from './session-route.ts';
import { type Studio, serveStudio } from './studio-server.ts';
import { readWorlds, rememberWorld } from './worlds-file.ts';

const StudioFile = Type.Object({ port: Type.Integer({ minimum: 1, maximum: 65_535 }) });

export interface DemoOptions {
  readonly place: Place;
  readonly directory: string;
  readonly studioRoot: string;
  /** A world to open in place of the demo world. */
  readonly world?: string | undefined;
  readonly onProgress: OnProgress;
}

/** The demo world, served and ready to open. */
export interface Demo {
  readonly world: string;
  readonly studio: Studio;
}

/** Makes the demo world if there is none at this place, and serves the studio on it. */
export async function openDemo(options: DemoOptions): Promise<Demo> {
  const { place, onProgress } = options;
  const world = options.world ?? (await settleWorld(place, onProgress));
  onProgress({ step: 'studio', message: 'preparing the studio (some 5 s the first time)' });
  const portFile = join(place.folder, 'studio.json');
  const studio = await serveStudio({
    root: options.studioRoot,
    directory: options.directory,
    // The same links as last time, so that a bookmark or an open window still works.
    port: (await readJson(portFile, StudioFile))?.port,
    sessions: pageSessions(place, world),
  });
  await writeJson(portFile, { port: studio.port });
  return { world, studio };
}

async function settleWorld(place: Place, onProgress: OnProgress): Promise<string> {
  const { isReachable, makePlaza, nameRelay } = await import('./plaza.ts');
  const known = (await readWorlds(place.worldsFile))[DEMO_WORLD];
  if (known !== undefined && (await isReachable(place, known))) {
    await nameRelay(place, known);
    return known;
  }
  onProgress({ step: 'world', message: 'furnishing the demo world' });
  const room = await makePlaza(place, 'Plaza');
  await rememberWorld(place.worldsFile, DEMO_WORLD, room);
  return room;
}

export function pageSessions(place: Place, world: string): Record<string, PageSession> {
  const { homeserver, builder, visitor } = place;
  const page = ({ userId, token, deviceId }: Place['builder']) => ({
    homeserver,
    userId,
    token,
    deviceId,
    world,
  });
  return { builder: page(builder), ...(visitor === null ? {} : { visitor: page(visitor) }) };
}
