import { parseObjectId, parsePath, ROLE_LEVELS, type Value } from '@weft/core';
import { expect, test } from 'vitest';
import { ALICE, BOB, LaneUnderTest } from './lane-under-test.ts';

const [CHAIR, TABLE, NOTHING] = [parseObjectId('chair'), parseObjectId('table'), parseObjectId('nothing')];
const PLACE = [1, 0, 0];

/** Alice built a chair that is grabbable and a table that is not; Bob visits. */
async function visit() {
  const lane = await LaneUnderTest.open({
    levels: [
      [ALICE, ROLE_LEVELS.builder],
      [BOB, ROLE_LEVELS.visitor],
    ],
  });
  const [alice, bob] = [lane.client({ user: ALICE }), lane.client({ user: BOB })];
  alice.connect();
  bob.connect();
  alice.set(CHAIR, 'interact.grabbable', true);
  alice.set(TABLE, 'node.name', 'Table');
  const live = () =>
    JSON.stringify(
      [...lane.world.replica.livePatch().objects].map(([id, { registers }]) => [id, ...registers]),
    );
  return { lane, alice, bob, live };
}

test('[RL2] a visitor moves what is grabbable', async () => {
  const { alice, bob } = await visit();
  bob.edit([
    { id: CHAIR, path: parsePath('transform.position'), value: PLACE },
    { id: CHAIR, path: parsePath('transform.rotation'), value: [0, 1, 0, 0] },
  ]);
  expect(bob.rejected).toEqual([]);
  const { position, rotation } = alice.replica.scene.get(CHAIR)?.transform ?? {};
  expect([position, rotation]).toEqual([PLACE, [0, 1, 0, 0]]);
});

type Writes = readonly (readonly [typeof CHAIR, string, Value])[];

test.each<[string, string, Writes]>([
  ['moves what is not', 'read-only', [[TABLE, 'transform.position', PLACE]]],
  ['moves what is not there', 'read-only', [[NOTHING, 'transform.position', PLACE]]],
  ['makes it larger', 'read-only', [[CHAIR, 'transform.scale', [9, 9, 9]]]],
  ['writes what a later version may add', 'read-only', [[CHAIR, 'transform.skew', 1]]],
  ['hangs it elsewhere', 'read-only', [[CHAIR, 'node.parent', TABLE]]],
  ['names it', 'read-only', [[CHAIR, 'node.name', 'Mine']]],
  ['deletes it', 'read-only', [[CHAIR, 'node.deleted', true]]],
  ['takes the flag away', 'read-only', [[CHAIR, 'interact.grabbable', false]]],
  ['sets the flag', 'read-only', [[TABLE, 'interact.grabbable', true]]],
  [
    'sets the flag and moves in one',
    'read-only',
    [
      [TABLE, 'interact.grabbable', true],
      [TABLE, 'transform.position', PLACE],
    ],
  ],
  [
    'moves one thing that is and one that is not',
    'read-only',
    [
      [CHAIR, 'transform.position', PLACE],
      [TABLE, 'transform.position', PLACE],
    ],
  ],
  ['puts text where a place belongs', 'schema', [[CHAIR, 'transform.position', 'x'.repeat(4_000)]]],
  ['puts it nowhere', 'schema', [[CHAIR, 'transform.position', [1, 0]]]],
])('[RL2] a visitor is refused who %s', async (_what, code, writes) => {
  const { alice, bob, live } = await visit();
  const before = live();
  bob.edit(writes.map(([id, path, value]) => ({ id, path: parsePath(path), value })));
  expect(bob.rejected[0]?.problems[0]?.code).toBe(code);
  expect(alice.socket.of('patch-down')).toEqual([]);
  expect(live()).toBe(before);
});

test.each<[string, Value]>([
  ['node.locked', true],
  ['node.owner', ALICE],
])('[RL2] a visitor is refused what has %s', async (path, value) => {
  const { alice, bob } = await visit();
  alice.set(CHAIR, path, value);
  bob.set(CHAIR, 'transform.position', PLACE);
  expect(bob.rejected[0]?.problems[0]?.code).toBe('forbidden');
});

test('[RL11] a visitor takes the lease of what is grabbable alone, and moves it alone while they hold it', async () => {
  const { alice, bob } = await visit();
  for (const object of [TABLE, CHAIR])
    bob.receive({ type: 'lease-up', n: bob.nextN(), object, want: 'take', priority: 0 });
  expect(bob.socket.of('lease-answer').map(({ ok }) => ok)).toEqual([false, true]);
  alice.set(CHAIR, 'transform.position', PLACE);
  expect(alice.rejected[0]?.problems[0]?.code).toBe('forbidden');
});

test('[RL2] a visitor is refused by a relay that could not bring it to the room, and a builder is not', async () => {
  const { lane, alice, bob } = await visit();
  lane.world.canAdopt = false;
  bob.set(CHAIR, 'transform.position', PLACE);
  expect(bob.rejected[0]?.problems[0]?.code).toBe('read-only');
  alice.set(CHAIR, 'transform.position', PLACE);
  expect(alice.rejected).toEqual([]);
});
