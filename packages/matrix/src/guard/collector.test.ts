import {
  type BlobPointer,
  BUNDLE_SLOTS,
  decodeBundle,
  decodeLayer,
  encodeBlob,
  encodeBundle,
  isBlobSource,
  LAYER_SLOTS,
  type Patch,
  type UserId,
  writerKey,
} from '@weft/core';
import { FakeTimers } from '@weft/testing';
import { describe, expect, it } from 'vitest';
import { editOf, twinWorld } from '../../test/twin-world.ts';
import { BUNDLE_EVENT, LAYER_EVENT } from '../event-types.ts';
import type { RoomEvent } from '../room-event.ts';
import { BlobCopies } from './blob-copies.ts';
import { type CollectedRoom, Collector, ROUND_MS } from './collector.ts';

const DAY_MS = 24 * 60 * 60_000;

/** A builder wrote a bundle and left; the owner guards. Other servers' media are in `elsewhere`. */
async function scene() {
  const world = await twinWorld();
  const builder = await world.open('builder');
  const user: UserId = builder.homeserver.userId;
  const stateKey = writerKey(user, 3, BUNDLE_SLOTS);
  const patch = editOf(builder.replica, 'table', { 'node.name': 'Table' });
  const put = (said: Patch) => {
    const encoded = encodeBundle(said);
    if (!encoded.fits) throw new TypeError('it fits');
    const room = world.server.room('write', world.room);
    return world.server.append(room, {
      type: BUNDLE_EVENT,
      sender: user,
      stateKey,
      content: encoded.content,
    });
  };
  const event = put(patch);
  const elsewhere = new Map<string, Uint8Array>();
  const { homeserver } = world.owner;
  const log = { checkpoints: 0, spent: 0, rejoined: [] as RoomEvent[], problems: [] as string[] };
  const timers = new FakeTimers();
  let layers: CollectedRoom['layers'] = [];
  const collector = new Collector({
    homeserver,
    room: world.room,
    timers,
    copies: new BlobCopies({
      homeserver: {
        async download(uri, options) {
          const bytes = elsewhere.get(uri);
          return bytes === undefined ? homeserver.download(uri, options) : { bytes, type: null };
        },
      },
      fetchBlob: null,
      turn: async () => undefined,
    }),
    look: () => ({
      layers,
      bundles: [{ event, stateKey, patch, atMs: timers.now() - DAY_MS }],
      freeLayerSlots: [0, 1],
    }),
    checkpoint: async () => {
      log.checkpoints += 1;
    },
    rejoin: (unseen) => void log.rejoined.push(unseen),
    spent: () => {
      log.spent += 1;
    },
    problem: (reason) => void log.problems.push(reason),
  });
  const { file, ...said } = encodeBlob(patch);
  const sourcesOf = (servers: readonly string[]): BlobPointer => ({
    ...said,
    sources: servers
      .map((server) => `mxc://${server}/blob`)
      .map((uri) => {
        elsewhere.set(uri, file);
        return uri;
      })
      .filter(isBlobSource),
  });
  return {
    world,
    timers,
    collector,
    elsewhere,
    log,
    stateKey,
    put,
    patch,
    held: (type: string, key: string) => world.server.room('look', world.room).current(type, key),
    cover(servers: readonly string[]) {
      const covers = new Map([[`${BUNDLE_EVENT} ${stateKey}`, event]]);
      const pointer = sourcesOf(servers);
      layers = [{ event, atMs: timers.now() - DAY_MS, covers, pointer, patch, hash: 'ab'.repeat(16) }];
    },
  };
}

describe('the collector', () => {
  it('[N7] has a layer written where a bundle of others has come to rest uncovered, once an hour at most', async () => {
    const { collector, log, timers } = await scene();
    await collector.round();
    await collector.round();
    expect(log.checkpoints).toBe(1);
    await timers.advance(ROUND_MS);
    await collector.round();
    expect(log.checkpoints).toBe(2);
  });

  it('[N7] puts a second copy of a layer on its own server, with both addresses in a layer of its own', async () => {
    const { collector, cover, held, world, log, stateKey } = await scene();
    cover(['other.test']);
    await collector.round();
    const key = writerKey(world.owner.homeserver.userId, 0, LAYER_SLOTS);
    const layer = held(LAYER_EVENT, key);
    const { blob, covers, problems } = decodeLayer({
      stateKey: key,
      content: layer?.content,
      sender: world.owner.homeserver.userId,
    });
    expect(problems).toEqual([]);
    expect(blob?.sources).toEqual([expect.stringMatching(/^mxc:\/\/twin\.test\//), 'mxc://other.test/blob']);
    expect([...covers.keys()]).toEqual([`${BUNDLE_EVENT} ${stateKey}`]);
    expect([log.spent, log.checkpoints]).toEqual([1, 0]);
    expect(held(BUNDLE_EVENT, stateKey)?.content).not.toEqual({});
  });

  it('[N6] blanks what a layer covers in two places that answer with the very file, and nothing else', async () => {
    const { collector, cover, held, stateKey, elsewhere, timers } = await scene();
    cover(['other.test', 'third.test']);
    elsewhere.set('mxc://third.test/blob', new Uint8Array([1, 2, 3]));
    await collector.round();
    expect(held(BUNDLE_EVENT, stateKey)?.content).not.toEqual({});
    cover(['other.test', 'third.test']);
    await timers.advance(DAY_MS);
    cover(['other.test', 'third.test']);
    await collector.round();
    expect(held(BUNDLE_EVENT, stateKey)?.content).toEqual({});
  });

  it('[N6] brings back what was written between its look and its blanking', async () => {
    const { collector, cover, put, log, world, stateKey } = await scene();
    cover(['other.test', 'third.test']);
    const builder = await world.open('builder');
    put(editOf(builder.replica, 'table', { 'node.name': 'Oak' }));
    await collector.round();
    const [unseen] = log.rejoined;
    expect(log.rejoined).toHaveLength(1);
    if (unseen === undefined) return;
    const { patch } = decodeBundle({ stateKey, content: unseen.content, sender: unseen.sender });
    expect(JSON.stringify([...patch.objects.values()].map(({ registers }) => [...registers]))).toContain(
      'Oak',
    );
  });

  it('[N7] reports what the homeserver refuses, and leaves it', async () => {
    const { collector, cover, log, world } = await scene();
    cover(['other.test', 'third.test']);
    world.owner.homeserver.faults.add({ kind: 'answer', status: 429, errcode: 'M_LIMIT_EXCEEDED' });
    await collector.round();
    expect(log.problems).toEqual([expect.stringContaining('tidied up')]);
  });
});
