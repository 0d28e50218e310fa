import type { Edit, ObjectId, World } from '@weft/world';
import { sceneDigest, stateDigest } from '../check/digest.ts';
import { tryLane } from '../check/lane.ts';
import { refusedByClient, refusedByHomeserver } from '../check/refusals.ts';
import { CheckSteps } from '../check/steps.ts';
import { checkStudioPage } from '../check/studio-page.ts';
import { waitUntil } from '../check/wait.ts';
import { worldClient } from '../check/world-client.ts';
import type { Surroundings } from '../command.ts';
import { CommandError, EXIT, type ExitCode, readFailure } from '../failure.ts';
import type { Output } from '../output.ts';
import { progressNotes } from '../progress-notes.ts';
import { pageSessions } from '../stack/demo.ts';
import { installSynapse } from '../stack/install-synapse.ts';
import { type LocalRelay, startLocalRelay } from '../stack/local-relay.ts';
import { STUDIO_ROOT, SYNAPSE_VERSION } from '../stack/paths.ts';
import { localPlace, type Place } from '../stack/place.ts';
import { type Stack, startStack } from '../stack/stack.ts';
import { serveStudio } from '../stack/studio-server.ts';

const INSTANCE = 'check';
const SEEN_DEADLINE_MS = 20_000;
const MOVED_TO = [2.5, 0, -1.25] as const;

interface CheckContext extends Surroundings {
  readonly output: Output;
}

/** Tries out everything that two people would, on a homeserver of its own, and restarts it. */
export async function runCheck(context: CheckContext): Promise<ExitCode> {
  const { output } = context;
  const steps = new CheckSteps(output);
  const startedMs = performance.now();
  try {
    await walkThrough(context, steps);
  } catch (error) {
    const { code, message } = readFailure(error);
    output.result({ ok: false, steps: steps.toJson(), error: { code, message } }, '');
    throw new CommandError('check-failed', `The check failed: ${message}`);
  }
  const totalMs = Math.round(performance.now() - startedMs);
  output.result(
    { ok: true, totalMs, steps: steps.toJson() },
    `All ${steps.steps.length} steps passed in ${(totalMs / 1000).toFixed(1)} s.`,
  );
  return EXIT.ok;
}

async function walkThrough(context: CheckContext, steps: CheckSteps): Promise<void> {
  const { weftDirectory: directory, signal, output } = context;
  const onProgress = progressNotes(output);
  await steps.run('install', async () => {
    const python = await installSynapse({ directory, onProgress, signal });
    return { detail: `Synapse ${SYNAPSE_VERSION} runs on ${python}`, value: null };
  });
  const stack = await steps.run('homeserver', async () => {
    const started = await startStack({ directory, instance: INSTANCE, fresh: true, onProgress, signal });
    return { detail: `Synapse answers on ${started.homeserverUrl}`, value: started };
  });
  let relay: LocalRelay | null = null;
  try {
    relay = await steps.run('relay', async () => {
      const value = await startLocalRelay({ stack, onProgress, signal });
      return { detail: `a relay takes people in on ${value.url}`, value };
    });
    const place = await steps.run('users', async () => {
      const value = await localPlace(stack, true);
      return { detail: `${value.builder.userId} builds, ${visitorOf(value).userId} visits`, value };
    });
    const room = await makeAndShare(steps, place);
    await checkStudio(steps, directory, place, room);
    await editAndRefuse(steps, place, room);
    await killRelay(steps, relay, place, room);
    await surviveRestart(steps, stack, place, room);
  } finally {
    await relay?.stop();
    await stack.stop();
  }
}

async function makeAndShare(steps: CheckSteps, place: Place): Promise<string> {
  const { createPlaza, importFountain } = await import('../stack/plaza.ts');
  const world = await steps.run('create', async () => {
    const value = await createPlaza(place, 'Check');
    return { detail: `a world of ${sceneDigest(value).count} objects in ${value.room}`, value };
  });
  try {
    await steps.run('import', async () => {
      const edit = await importFountain(world);
      await edit.durable;
      const mesh = world.get(edit.value)?.mesh;
      return { detail: `fountain.glb, ${mesh?.bytes} bytes, at ${mesh?.src}`, value: null };
    });
    return world.room;
  } finally {
    await world.close();
  }
}

async function checkStudio(steps: CheckSteps, directory: string, place: Place, room: string): Promise<void> {
  await steps.run('studio', async () => {
    const studio = await serveStudio({ root: STUDIO_ROOT, directory, sessions: pageSessions(place, room) });
    try {
      const bytes = await checkStudioPage(studio, place);
      return {
        detail: `${studio.links.builder} serves ${bytes} bytes and its session to itself only`,
        value: null,
      };
    } finally {
      await studio.close();
    }
  });
}

async function editAndRefuse(steps: CheckSteps, place: Place, room: string): Promise<void> {
  const builder = await open(place, room, place.builder.token);
  const visitor = await open(place, room, visitorOf(place).token);
  try {
    const bench = named(builder, 'Bench 1');
    await steps.run('edit', async () => {
      const startedMs = performance.now();
      const edit: Edit<void> = builder.edit('move the bench', (draft) =>
        draft.set(bench, { transform: { position: MOVED_TO } }),
      );
      await waitUntil(visitor, 'the edit at the visitor', SEEN_DEADLINE_MS, () => isMoved(visitor, bench));
      const seenMs = Math.round(performance.now() - startedMs);
      await edit.durable;
      const durableMs = Math.round(performance.now() - startedMs);
      return {
        detail: `the visitor saw the bench move after ${seenMs} ms; durable after ${durableMs} ms`,
        value: null,
      };
    });
    await steps.run('refusal', async () => ({
      detail: `the visitor was told: ${refusedByClient(visitor, bench)}`,
      value: null,
    }));
    await steps.run('bypass', async () => {
      const answer = await refusedByHomeserver(place, visitorOf(place).token, room, bench);
      return { detail: `the homeserver answered a client without that check: ${answer}`, value: null };
    });
  } finally {
    await Promise.all([builder.close(), visitor.close()]);
  }
}

async function killRelay(steps: CheckSteps, relay: LocalRelay, place: Place, room: string): Promise<void> {
  const { openWorld } = await import('@weft/world');
  const login = (token: string) => ({ login: { homeserver: place.homeserver, token } });
  const builder = await openWorld(room, login(place.builder.token));
  const visitor = await openWorld(room, login(visitorOf(place).token));
  try {
    const clients = [worldClient('builder', builder, 'Paving'), worldClient('visitor', visitor, null)];
    const reopen = async () => {
      const fresh = await open(place, room, place.builder.token);
      const hash = fresh.hash();
      await fresh.close();
      return hash;
    };
    await tryLane({ steps, relay, clients, reopen });
  } finally {
    await Promise.all([builder.close(), visitor.close()]);
  }
}

async function surviveRestart(steps: CheckSteps, stack: Stack, place: Place, room: string): Promise<void> {
  const before = await remember(place, room);
  await steps.run('restart', async () => {
    await stack.restart();
    return { detail: 'Synapse stopped and answers again', value: null };
  });
  await steps.run('unchanged', async () => {
    const after = await remember(place, room);
    for (const [what, was] of Object.entries(before)) {
      if (after[what] !== was) {
        throw new CommandError(
          'check-failed',
          `After the restart the ${what} differs: it was ${was}, it is ${after[what]}.`,
        );
      }
    }
    return {
      detail: Object.entries(after)
        .map(([what, is]) => `${what} ${is}`)
        .join(', '),
      value: null,
    };
  });
}

/** Everything that must be the same later, each as a short text. */
async function remember(place: Place, room: string): Promise<Record<string, string>> {
  const seen: Record<string, string> = {};
  const state = await stateDigest(place, room);
  seen['room state'] = `${state.count} events ${state.sha256.slice(0, 12)}`;
  for (const [who, token] of [
    ['builder', place.builder.token],
    ['visitor', visitorOf(place).token],
  ] as const) {
    const world = await open(place, room, token);
    try {
      const scene = sceneDigest(world);
      seen[`scene of the ${who}`] = `${scene.count} objects ${scene.sha256.slice(0, 12)}`;
      const mesh = world.get(named(world, 'Fountain'))?.mesh;
      const { bytes } = await world.assets.load({ src: '', ...mesh });
      seen[`model at the ${who}`] = `${bytes.length} bytes`;
    } finally {
      await world.close();
    }
  }
  return seen;
}

async function open(place: Place, room: string, token: string): Promise<World> {
  const { openWorld } = await import('@weft/world');
  return openWorld(room, { login: { homeserver: place.homeserver, token }, lanes: ['matrix'] });
}

function named(world: World, name: string): ObjectId {
  const object = world.query({ name }).objects[0];
  if (object === undefined)
    throw new CommandError('check-failed', `The world has no object named "${name}".`);
  return object.id;
}

function isMoved(world: World, bench: ObjectId): boolean {
  return world.get(bench)?.transform?.position?.every((metres, axis) => metres === MOVED_TO[axis]) ?? false;
}

function visitorOf(place: Place): NonNullable<Place['visitor']> {
  if (place.visitor === null) throw new CommandError('check-failed', 'There is no visitor.');
  return place.visitor;
}
