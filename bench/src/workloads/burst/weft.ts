import { encodePatch } from '@weft/core';
import { createWorld, openWorld, type World } from '@weft/world';
import { district } from '../../scene/district.ts';
import { RawClient } from './raw-client.ts';
import { type Burst, type BurstReport, report } from './run.ts';

/** What is measured is the room; a live lane shows an edit to others long before it is durable. */
const LANES = ['matrix'] as const;

/** The world as people use it: everything is placed at once, and nothing is waited for in between. */
export async function weftBurst({ author, reader, objects, seed, begins }: Burst): Promise<BurstReport> {
  const login = ({ homeserver, token }: Burst['author']) => ({ homeserver, token });
  const world = await createWorld({
    login: login(author),
    title: 'Burst',
    invite: [reader.userId],
    lanes: LANES,
  });
  try {
    const looker = await openWorld(world.room, { login: login(reader), lanes: LANES });
    try {
      const file = encodePatch(district({ seed, count: objects, user: world.userId }));
      const raw = new RawClient(author);
      const before = (await raw.stateEvents(world.room)).length;
      const startedMs = performance.now();
      begins();
      const seen = sawAll(looker, objects).then(() => performance.now() - startedMs);
      const { durable } = world.import(file, { as: 'merge' });
      await durable;
      const durableMs = performance.now() - startedMs;
      const seenMs = await seen;
      const { unsaved } = world.status.value;
      if (unsaved > 0) throw new Error(`weft: ${unsaved} objects are not saved`);
      const written = (await raw.stateEvents(world.room)).slice(before);
      const bytes = written.reduce((sum, { content }) => sum + bytesOf(content), 0);
      return report(seenMs, durableMs, written.length, bytes);
    } finally {
      await looker.close({ waitMs: 0 });
    }
  } finally {
    await world.close({ waitMs: 0 });
  }
}

function sawAll(world: World, objects: number): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = world.on('change', () => {
    if ([...world.ids()].length < objects) return;
    stop();
    resolve();
  });
  return promise;
}

function bytesOf(content: Readonly<Record<string, unknown>>): number {
  const blob: unknown = content.blob;
  const uploaded: unknown = typeof blob === 'object' && blob !== null && 'bytes' in blob ? blob.bytes : 0;
  return Buffer.byteLength(JSON.stringify(content)) + Number(uploaded);
}
