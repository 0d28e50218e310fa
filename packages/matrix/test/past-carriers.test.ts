import {
  type BlobPointer,
  type EncodedContent,
  encodeBlob,
  encodeBundle,
  encodeBundlePointer,
  encodeLayer,
  isBlobSource,
  type Patch,
  parseObjectId,
  writerKey,
} from '@weft/core';
import { BUNDLE_EVENT, LAYER_EVENT, readLog, readMoment } from '@weft/matrix';
import { describe, expect, test } from 'vitest';
import { editOf, type TwinClient, type TwinWorld, twinWorld } from './twin-world.ts';

async function write(client: TwinClient, type: string, slot: number, encoded: EncodedContent | null) {
  if (encoded?.fits === false) throw new Error('It does not fit.');
  const stateKey = writerKey(client.homeserver.userId, slot, 2);
  const content = encoded?.content ?? {};
  await client.homeserver.sendState(client.session.room, { type, stateKey, content });
}

async function upload(client: TwinClient, patch: Patch): Promise<BlobPointer> {
  const { file, ...blob } = encodeBlob(patch);
  const source: string = await client.homeserver.upload(file, { name: 'x.weft', type: 'application/weft' });
  if (!isBlobSource(source)) throw new Error(source);
  return { ...blob, sources: [source] };
}

/** Lets everything be written and heard; what comes next is later than the moment that this tells. */
async function settle(world: TwinWorld): Promise<number> {
  await world.timers.advance(5_000);
  return world.server.now() - 1;
}

const moment = (world: TwinWorld, atMs: number) =>
  readMoment({
    homeserver: world.owner.homeserver,
    room: world.room,
    atMs,
    nowMs: world.server.now(),
    present: world.owner.replica.toPatch(),
  });
const log = (world: TwinWorld) =>
  readLog({ homeserver: world.owner.homeserver, room: world.room, limit: 50 });

describe('bundles and layers of the past', () => {
  test('[Y1] belong to their moment, those that were blanked or replaced since included', async () => {
    const world = await twinWorld();
    const { owner } = world;
    const [first, second] = ['first', 'second'].map((id) => editOf(owner.replica, id, { 'node.name': id }));
    if (first === undefined || second === undefined) throw new Error('no patches');
    await write(owner, BUNDLE_EVENT, 0, encodeBundle(first));
    console.error('a');
    const one = await settle(world);
    console.error('b');
    const covers = new Map<string, string>();
    const blob = await upload(owner, second);
    await write(owner, LAYER_EVENT, 0, encodeLayer({ blob, hash: '0'.repeat(32), covers }));
    const two = await settle(world);
    console.error('c');
    await write(owner, BUNDLE_EVENT, 0, null);
    await write(owner, LAYER_EVENT, 0, null);
    const three = await settle(world);
    console.error('d');
    const idsAt = async (atMs: number) => [...(await moment(world, atMs)).patch.objects.keys()].sort();
    expect(await idsAt(one)).toEqual(['first']);
    expect(await idsAt(two)).toEqual(['first', 'second']);
    expect(await idsAt(three)).toEqual(['first', 'second']);
    expect((await moment(world, two)).incomplete).toBeNull();
    world.server.media.clear();
    expect((await moment(world, two)).incomplete).toMatch(/1 blob/);
    owner.session.close();
  });

  test('[Y3] are entries of the log: what a bundle adds to the one before, and how much a blob holds', async () => {
    const world = await twinWorld();
    const { owner } = world;
    const both = editOf(owner.replica, 'lamp', { 'node.name': 'Lamp', 'light.intensity': 1 });
    await write(owner, BUNDLE_EVENT, 0, encodeBundle(both));
    await settle(world);
    const chair = editOf(owner.replica, 'chair', { 'node.name': 'Chair' });
    await write(
      owner,
      BUNDLE_EVENT,
      0,
      encodeBundle({ ...both, objects: new Map([...both.objects, ...chair.objects]) }),
    );
    await settle(world);
    await write(owner, BUNDLE_EVENT, 1, encodeBundlePointer(await upload(owner, both)));
    await settle(world);
    const { entries } = await log(world);
    expect(entries.map(({ carrier, objects, unlisted }) => [carrier, unlisted, ...objects])).toEqual([
      [BUNDLE_EVENT, 1],
      [BUNDLE_EVENT, 0, { id: 'chair', name: 'Chair', kind: 'added', paths: ['node.name'] }],
      [BUNDLE_EVENT, 0, { id: 'lamp', name: 'Lamp', kind: 'added', paths: ['light.intensity', 'node.name'] }],
    ]);
    expect(parseObjectId('lamp')).toBe(entries[2]?.objects[0]?.id);
    owner.session.close();
  });
});
