import { matrixCall, statePath } from '@weft/testing/federation';
import { type Account, startTestStack, type TestStack } from '@weft/testing/synapse';
import { createWorld, type ObjectId, openWorld, type World } from '@weft/world';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const PATIENCE = { timeout: 60_000, interval: 20 };
const LOOK = { timeout: 20_000, interval: 5 };
/** More than a stock Synapse takes of one person at once. */
const EXHAUSTING_EDITS = 60;
const EDIT_EVERY_MS = 200;
const MEASURED_EDITS = 40;
const MEASURED_EVERY_MS = 300;
/** On a machine that does nothing else it is about 20 ms. */
const MAX_MEDIAN_MS = 500;

let stack: TestStack;
let ann: World;
let bob: World;
let cid: World;
let owner: Account;

const login = ({ homeserver, token }: Account) => ({ homeserver, token });
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const nameOf = (world: World, id: ObjectId) => world.get(id)?.node?.name;

beforeAll(async () => {
  stack = await startTestStack({
    rateLimits: 'stock',
    rtcDrafts: false,
    stateAfter: false,
    logName: 'last-peers-synapse',
  });
  owner = await stack.stack.account('ann');
  const [builder, other] = [await stack.stack.account('bob'), await stack.stack.account('cid')];
  ann = await createWorld({
    login: login(owner),
    title: 'Without a relay',
    levels: { [builder.userId]: 25, [other.userId]: 25 },
    invite: [builder.userId, other.userId],
  });
  bob = await openWorld(ann.room, { login: login(builder) });
  cid = await openWorld(ann.room, { login: login(other), lanes: ['peer', 'matrix'] });
});

afterAll(async () => {
  await Promise.all([ann, bob, cid].map((world) => world?.close({ waitMs: 0 })));
  await stack?.stop();
});

/** Edits faster than the room takes it, so that it waits for its homeserver's leave. */
async function exhaust(world: World, id: ObjectId): Promise<void> {
  for (let at = 0; at < EXHAUSTING_EDITS; at += 1) {
    world
      .edit('rename', (draft) => draft.set(id, { node: { name: `Name ${at}` } }))
      .durable.catch(() => undefined);
    await sleep(EDIT_EVERY_MS);
  }
}

describe('a world without a relay on a Synapse as it is shipped', () => {
  test('[PL11] the devices of its members find each other, and see edits in milliseconds', async () => {
    for (const world of [ann, bob, cid])
      await expect.poll(() => world.status.value.laneDetail, PATIENCE).toContain('2 other devices');
    for (const world of [ann, bob, cid]) expect(world.status.value.lane).toBe('peer');
    const id = ann.edit('place', (draft) => draft.add({ node: { name: 'Lamp' } })).value;
    for (const world of [bob, cid]) await expect.poll(() => nameOf(world, id), LOOK).toBe('Lamp');
    await sleep(1_000);
    const seenMs: number[] = [];
    for (let at = 0; at < MEASURED_EDITS; at += 1) {
      const startMs = performance.now();
      const seen = new Promise<void>((resolve) => {
        const stop = bob.on('change', () => {
          if (bob.get(id)?.transform?.position[0] !== at) return;
          stop();
          resolve();
        });
      });
      ann.edit('move', (draft) => draft.set(id, { transform: { position: [at, 1, 0] } }));
      await seen;
      const tookMs = performance.now() - startMs;
      seenMs.push(tookMs);
      await sleep(Math.max(0, MEASURED_EVERY_MS - tookMs));
    }
    const sorted = seenMs.toSorted((a, b) => a - b);
    expect(sorted[MEASURED_EDITS / 2]).toBeLessThan(MAX_MEDIAN_MS);
  });

  test('[PL11] an edit is seen while the room still takes nothing, and becomes durable in its time', async () => {
    const { value: id } = ann.edit('place', (draft) => draft.add({ node: { name: 'Chair' } }));
    await exhaust(ann, id);
    const last = ann.edit('rename', (draft) => draft.set(id, { node: { name: 'Seen before' } }));
    for (const world of [bob, cid]) await expect.poll(() => nameOf(world, id), LOOK).toBe('Seen before');
    expect([ann, bob, cid].map((world) => world.stage(id))).toEqual(['local', 'local', 'local']);
    await last.durable;
    for (const world of [ann, bob, cid]) await expect.poll(() => world.stage(id), PATIENCE).toBe('durable');
  });

  test('[PL11] who is demoted in mid-edit is held to it by every device', async () => {
    const { value: id, durable } = ann.edit('place', (draft) => draft.add({ node: { name: 'Shelf' } }));
    await durable;
    await expect.poll(() => cid.stage(id), PATIENCE).toBe('durable');
    await exhaust(cid, id);
    cid.edit('rename', (draft) => draft.set(id, { node: { name: 'Cid’s' } })).durable.catch(() => undefined);
    for (const world of [ann, bob]) await expect.poll(() => nameOf(world, id), LOOK).toBe('Cid’s');
    const path = statePath(ann.room, 'm.room.power_levels');
    const levels = await matrixCall(owner, 'GET', path);
    const users = { ...Object(levels.users), [cid.userId]: 0 };
    await matrixCall(owner, 'PUT', path, { ...levels, users });
    for (const world of [ann, bob]) await expect.poll(() => nameOf(world, id), LOOK).not.toBe('Cid’s');
    await expect.poll(() => cid.status.value.role, PATIENCE).toBe('visitor');
  });

  test('[PL11] who is kicked in mid-edit is held to it by every device', async () => {
    const { value: id, durable } = ann.edit('place', (draft) => draft.add({ node: { name: 'Table' } }));
    await durable;
    await expect.poll(() => bob.stage(id), PATIENCE).toBe('durable');
    await exhaust(bob, id);
    bob.edit('rename', (draft) => draft.set(id, { node: { name: 'Bob’s' } })).durable.catch(() => undefined);
    for (const world of [ann, cid]) await expect.poll(() => nameOf(world, id), LOOK).toBe('Bob’s');
    expect(bob.stage(id)).toBe('local');
    await matrixCall(owner, 'POST', `/rooms/${encodeURIComponent(ann.room)}/kick`, { user_id: bob.userId });
    for (const world of [ann, cid]) await expect.poll(() => nameOf(world, id), LOOK).not.toBe('Bob’s');
    // The server takes messages between devices from anybody: the others do not.
    for (const world of [ann, cid])
      await expect.poll(() => world.status.value.laneDetail, PATIENCE).toContain('one other device');
    await sleep(1_000);
    for (const world of [ann, cid]) expect(nameOf(world, id)).not.toBe('Bob’s');
  });
});
