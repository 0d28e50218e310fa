import { parseObjectId, ROLE_LEVELS, writerHashOf } from '@weft/core';
import { describe, expect, test } from 'vitest';
import { ALICE, BOB, CAROL, LaneUnderTest } from './lane-under-test.ts';

const CHAIR = parseObjectId('chair');
const ADOPT_MS = 10_000;

async function pair() {
  const lane = await LaneUnderTest.open();
  const alice = lane.client({ user: ALICE });
  const bob = lane.client({ user: BOB });
  alice.connect();
  bob.connect();
  return { lane, alice, bob, adopted: () => lane.world.adopted.flatMap((each) => [...each.keys()]) };
}

describe('work that its author does not bring to the room', () => {
  test('[RL12] is brought there by the relay when they are gone for 10 s, under their own stamps', async () => {
    const { lane, alice, adopted } = await pair();
    const patch = alice.set(CHAIR, 'node.name', 'Chair');
    await lane.timers.advance(60_000);
    expect(adopted()).toEqual([]);
    alice.disconnect();
    await lane.timers.advance(ADOPT_MS - 1);
    expect(adopted()).toEqual([]);
    await lane.timers.advance(1);
    expect(adopted()).toEqual([CHAIR]);
    expect(lane.world.replica.dirty().get(CHAIR)).toEqual(patch.objects.get(CHAIR)?.registers);
    expect(lane.world.replica.shownPatch().actors.get(alice.actor)).toEqual(new Set([ALICE]));
  });

  test('[RL12] is left to those who come back in time, and to what the room holds', async () => {
    const { lane, alice, bob, adopted } = await pair();
    alice.set(CHAIR, 'node.name', 'Chair');
    lane.world.settle(bob.set(parseObjectId('lamp'), 'node.name', 'Lamp'));
    alice.disconnect();
    bob.disconnect();
    await lane.timers.advance(ADOPT_MS - 1);
    alice.connect();
    await lane.timers.advance(60_000);
    expect(adopted()).toEqual([]);
  });

  test('[RL12] of whom the room takes nothing is brought there at once, as far as they may write it', async () => {
    const lane = await LaneUnderTest.open({ levels: [[ALICE, ROLE_LEVELS.visitor]] });
    lane.world.access = (userId) => ({ userId, level: ROLE_LEVELS.builder });
    const alice = lane.client({ user: ALICE });
    alice.connect();
    alice.set(CHAIR, 'node.name', 'Chair');
    alice.set(parseObjectId(`u_${writerHashOf(ALICE)}_hat`), 'node.name', 'Hat');
    await lane.timers.advance(1_000);
    expect(lane.world.adopted.flatMap((each) => [...each.keys()])).toEqual([CHAIR]);
  });

  describe('a visitor’s move', () => {
    async function moved() {
      const lane = await LaneUnderTest.open({
        levels: [
          [ALICE, ROLE_LEVELS.visitor],
          [BOB, ROLE_LEVELS.builder],
        ],
      });
      const [alice, bob] = [lane.client({ user: ALICE }), lane.client({ user: BOB })];
      alice.connect();
      bob.connect();
      const flag = bob.set(CHAIR, 'interact.grabbable', true);
      const move = alice.set(CHAIR, 'transform.position', [1, 2, 3]);
      return { lane, alice, bob, flag, move };
    }

    test('[RL12] is brought there at once, under their own stamp, also before the room holds that it is grabbable', async () => {
      const { lane, alice, move } = await moved();
      await lane.timers.advance(1_000);
      expect(lane.world.adopted).toEqual([new Map([[CHAIR, move.objects.get(CHAIR)?.registers]])]);
      expect(lane.world.replica.shownPatch().actors.get(alice.actor)).toEqual(new Set([ALICE]));
    });

    test('[RL12] is taken back where nobody may bring it there any more', async () => {
      const { lane, alice, bob, flag } = await moved();
      lane.world.settle(flag);
      lane.world.settle(bob.set(CHAIR, 'interact.grabbable', false));
      await lane.timers.advance(1_000);
      expect(lane.world.adopted).toEqual([]);
      expect(lane.world.replica.livePatch().objects.size).toBe(0);
      for (const client of [alice, bob]) expect(client.socket.of('retract')).toHaveLength(1);
    });
  });

  test('[RL12] and that was hidden until now is brought there too, however long its author is gone', async () => {
    const { lane, alice, bob, adopted } = await pair();
    alice.set(CHAIR, 'node.name', 'Chair');
    alice.disconnect();
    await lane.timers.advance(1_000);
    const hiding = bob.set(CHAIR, 'node.name', 'Throne');
    await lane.timers.advance(60_000);
    expect(adopted()).toEqual([]);
    bob.takeBack(hiding);
    expect(bob.replica.scene.get(CHAIR)?.node?.name).toBe('Chair');
    await lane.timers.advance(ADOPT_MS);
    expect(adopted()).toEqual([CHAIR]);
  });

  test('[RL12] stays as it is where the relay may not write, and is brought there when it may', async () => {
    const { lane, alice, adopted } = await pair();
    lane.world.canAdopt = false;
    alice.set(CHAIR, 'node.name', 'Chair');
    alice.disconnect();
    await lane.timers.advance(60_000);
    expect(adopted()).toEqual([]);
    lane.world.canAdopt = true;
    lane.world.setLevel(CAROL, ROLE_LEVELS.steward);
    expect(adopted()).toEqual([CHAIR]);
  });

  test('[RL12] is not lent the relay’s power: nothing of those who were demoted or put out is brought there', async () => {
    const { lane, alice, bob, adopted } = await pair();
    alice.set(CHAIR, 'node.name', 'Chair');
    bob.set(parseObjectId('lamp'), 'node.name', 'Lamp');
    alice.disconnect();
    bob.disconnect();
    lane.world.setLevel(ALICE, null);
    lane.world.setLevel(BOB, ROLE_LEVELS.visitor);
    await lane.timers.advance(60_000);
    expect(adopted()).toEqual([]);
    expect(lane.world.replica.livePatch().objects.size).toBe(0);
  });

  test('[RL12] that the room refuses to the relay is gone for everybody', async () => {
    const { lane, alice, bob } = await pair();
    alice.set(CHAIR, 'node.name', 'Chair');
    alice.disconnect();
    await lane.timers.advance(ADOPT_MS);
    const [refused] = lane.world.adopted;
    if (refused === undefined) throw new Error('nothing was adopted');
    expect(bob.replica.scene.has(CHAIR)).toBe(true);
    lane.world.refuse(refused);
    expect(bob.replica.scene.has(CHAIR)).toBe(false);
    expect(lane.world.replica.scene.has(CHAIR)).toBe(false);
  });

  test('[RL12] and that the relay was about to bring is dropped when its author is put out', async () => {
    const { lane, alice, bob } = await pair();
    alice.set(CHAIR, 'node.name', 'Chair');
    alice.disconnect();
    await lane.timers.advance(ADOPT_MS);
    lane.world.setLevel(ALICE, null);
    expect(lane.world.replica.dirty().size).toBe(0);
    expect(bob.replica.scene.has(CHAIR)).toBe(false);
  });

  test('[RL12] outlives a relay that died before it brought it there', async () => {
    const { lane, alice } = await pair();
    alice.set(CHAIR, 'node.name', 'Chair');
    alice.disconnect();
    await lane.timers.advance(ADOPT_MS + 50);
    lane.kill();
    await lane.start();
    expect(lane.world.replica.scene.get(CHAIR)?.node?.name).toBe('Chair');
    await lane.timers.advance(ADOPT_MS);
    expect(lane.world.adopted.length).toBe(1);
  });
});
