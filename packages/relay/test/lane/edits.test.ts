import { newObjectId, parseObjectId, parsePath, patchOf, WeftError } from '@weft/core';
import { decodeWirePatch } from '@weft/protocol';
import { SeededRandom } from '@weft/testing';
import { describe, expect, test } from 'vitest';
import { ALICE, BOB, CAROL, LaneUnderTest } from './lane-under-test.ts';

const CHAIR = parseObjectId('chair');
const NAME = parsePath('node.name');

async function threePeople(setting: Parameters<typeof LaneUnderTest.open>[0] = {}) {
  const lane = await LaneUnderTest.open(setting);
  const people = [ALICE, BOB, CAROL].map((user) => lane.client({ user }));
  for (const each of people) each.connect();
  const [alice, bob, carol] = people;
  if (alice === undefined || bob === undefined || carol === undefined) throw new Error('nobody');
  return { lane, alice, bob, carol };
}

describe('an edit', () => {
  test('[RL1] is told to everybody else in the same turn, and acknowledged once it outlives the relay', async () => {
    const { lane, alice, bob, carol } = await threePeople();
    lane.disk.hold();
    const patch = alice.set(CHAIR, 'node.name', 'Chair');
    for (const each of [bob, carol]) expect(each.replica.scene.get(CHAIR)?.node?.name).toBe('Chair');
    expect(alice.socket.of('patch-down')).toEqual([]);
    await lane.timers.advance(1_000);
    expect(alice.socket.of('ack')).toEqual([]);
    lane.disk.release();
    await lane.timers.advance(10);
    expect(alice.socket.of('ack')).toEqual([{ type: 'ack', n: 1, seq: 1, committed: 1 }]);
    expect(alice.acked).toEqual([patch]);
    const [told] = bob.socket.of('patch-down');
    expect(told).toMatchObject({ seq: 1, session: 1, user: null, committed: 0 });
    expect(decodeWirePatch(told?.patch ?? new Uint8Array())).toEqual(patch);
  });

  test('[RL1] has a number that grows by one, the same for all, whoever made it', async () => {
    const { lane, alice, bob, carol } = await threePeople();
    for (let at = 0; at < 30; at += 1) [alice, bob][at % 2]?.set(CHAIR, 'node.name', `${at}`);
    const seqs = carol.socket.of('patch-down').map(({ seq }) => seq);
    expect(seqs).toEqual(Array.from({ length: 30 }, (_, at) => at + 1));
    await lane.timers.advance(10);
    expect(alice.socket.of('ack').map(({ n, seq }) => [n, seq])).toEqual(
      Array.from({ length: 15 }, (_, at) => [at + 1, at * 2 + 1]),
    );
    expect(lane.disk.writes).toBeLessThan(6);
  });

  test('[RL1] that was said before is acknowledged again, and nobody is told twice', async () => {
    const { lane, alice, bob } = await threePeople();
    const patch = alice.set(CHAIR, 'node.name', 'Chair');
    alice.say(patch);
    expect(bob.socket.of('patch-down').length).toBe(1);
    expect(alice.socket.of('ack')).toEqual([]);
    await lane.timers.advance(10);
    expect(alice.socket.of('ack').map(({ n, seq }) => [n, seq])).toEqual([
      [1, 1],
      [2, 1],
    ]);
  });

  test('[LA1] that was said before is acknowledged again, whatever its author may do by now', async () => {
    const { lane, alice, bob } = await threePeople();
    const patch = alice.set(CHAIR, 'node.name', 'Chair');
    bob.set(CHAIR, 'node.owner', BOB);
    alice.say(patch);
    alice.set(CHAIR, 'node.kind', 'throne');
    await lane.timers.advance(10);
    expect(alice.socket.of('ack').map(({ n }) => n)).toEqual([1, 2]);
    expect(alice.socket.of('reject').map(({ n }) => n)).toEqual([3]);
  });

  test('[RL1] of a service is judged, told, adopted and kept like any other', async () => {
    const { lane, alice } = await threePeople();
    const random = new SeededRandom('service');
    const client = lane.client({ user: BOB, device: 'SERVICE' });
    const patch = client.set(newObjectId(random.bytes), 'node.name', 'Lamp');
    const written = lane.room.write(BOB, patch);
    expect(alice.socket.of('patch-down')).toMatchObject([{ seq: 1, session: 0, user: BOB }]);
    await lane.timers.advance(10);
    expect(await written).toEqual({ seq: 1 });
    await lane.timers.advance(20_000);
    expect(lane.world.adopted.length).toBe(1);
    const forged = patchOf({
      registers: [{ id: CHAIR, path: NAME, register: { value: 'x', stamp: client.replica.clock.issue() } }],
    });
    await expect(lane.room.write(CAROL, forged)).rejects.toThrow(WeftError);
    await expect(lane.room.write(CAROL, patchOf({}))).rejects.toMatchObject({ code: 'limit' });
    lane.world.setLevel(CAROL, null);
    await expect(lane.room.write(CAROL, patch)).rejects.toMatchObject({ code: 'forbidden' });
  });

  test('[RL1] of a service that the relay cannot keep any more is said to be given up', async () => {
    const { lane } = await threePeople();
    lane.disk.faults.push(...Array.from({ length: 50 }, () => 'full' as const));
    const client = lane.client({ user: BOB, device: 'SERVICE' });
    const written = lane.room.write(BOB, client.set(CHAIR, 'node.name', 'Lamp'));
    const refused = expect(written).rejects.toMatchObject({ code: 'closed' });
    await lane.timers.advance(100);
    await lane.close();
    await refused;
    expect(lane.timers.pending).toBe(0);
  });
});
