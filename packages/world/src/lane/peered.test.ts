import { describe, expect, test } from 'vitest';
import { PeeredTwin, PeeredWorlds } from '../../test/peered-worlds.ts';
import { RelayedWorlds } from '../../test/relayed-worlds.ts';

describe('a world without a relay', () => {
  test.each([
    ['sticky messages', { sticky: true, delayed: true }],
    ['state alone', { sticky: false, delayed: false }],
  ])(
    '[PL10] shows edits to those who are there before the room does, on a server with %s',
    async (_, rtc) => {
      const peered = await PeeredWorlds.open({ rtc });
      const { ann, bob, cid } = peered;
      for (const { status } of peered.all)
        expect(status.value).toMatchObject({
          lane: 'peer',
          laneDetail: expect.stringContaining('2 other devices'),
        });
      expect(bob.people.value.map(({ live }) => live)).toEqual([true, true, true]);
      // What was said in greeting has gone out.
      await peered.twin.timers.advance(1_000);
      const edit = ann.edit('place', (e) => e.add({ node: { name: 'Lamp' } }));
      const seenMs = await peered.until(
        () => [bob, cid].every((world) => world.get(edit.value)?.node?.name === 'Lamp'),
        500,
      );
      expect(seenMs).toBeLessThanOrEqual(100);
      expect(peered.all.map((world) => world.stage(edit.value))).toEqual(['local', 'local', 'local']);
      await peered.twin.run(edit.durable);
      await peered.until(() => peered.all.every((world) => world.stage(edit.value) === 'durable'), 5_000);
      await peered.close();
      expect(peered.twin.timers.pending).toBe(0);
    },
  );

  test.each([
    ['demoted', { levels: true }],
    ['kicked', { levels: false }],
  ])(
    '[PL10] takes back at once what somebody wrote who is %s before the room has it',
    async (_, { levels }) => {
      const peered = await PeeredWorlds.open();
      const { ann, bob, cid, twin } = peered;
      const chair = ann.edit('place', (e) => e.add({ node: { name: 'Chair' } }));
      await twin.run(chair.durable);
      await peered.until(() => bob.stage(chair.value) === 'durable', 5_000);
      twin.block('bob');
      const edit = bob.edit('rename', (e) => e.set(chair.value, { node: { name: 'Bob’s' } }));
      edit.durable.catch(() => undefined);
      await peered.until(() => cid.get(chair.value)?.node?.name === 'Bob’s', 200);
      const room = twin.server.room('put out', ann.room);
      const held = room.current('m.room.power_levels', '')?.content ?? {};
      const demotion = {
        type: 'm.room.power_levels',
        sender: room.creator,
        stateKey: '',
        content: { ...held, users: { ...Object(held.users), [bob.userId]: 0 } },
      };
      const kick = {
        type: 'm.room.member',
        sender: room.creator,
        stateKey: bob.userId,
        content: { membership: 'leave' },
      };
      twin.server.append(room, levels ? demotion : kick);
      for (const world of [ann, cid])
        await peered.until(() => world.get(chair.value)?.node?.name === 'Chair', 1_000);
      await peered.close();
    },
  );

  test('[PL10] goes on with the room alone where nobody else is there, and says so', async () => {
    const twin = new PeeredTwin();
    const alone = await twin.create('ann');
    await twin.timers.advance(10_000);
    expect(alone.status.value).toMatchObject({
      lane: 'matrix',
      laneDetail: expect.stringContaining('with the room alone'),
    });
    await twin.run(alone.close());
    expect(twin.timers.pending).toBe(0);
  });

  test.each([[['matrix']], [['relay', 'matrix']]] as const)(
    '[PL10] tells the room nothing of itself where only %j is wanted',
    async (lanes) => {
      const twin = new PeeredTwin();
      const ann = await twin.create('ann', { lanes });
      await twin.timers.advance(10_000);
      expect(twin.server.log.filter((line) => /(rtc|call)\.member/.test(line))).toEqual([]);
      expect(ann.status.value.lane).toBe('matrix');
      await twin.run(ann.close());
    },
  );
});

/** How long a relay may be away until the devices tell each other of edits. */
const AWAY_MS = 5_000;

describe('a world whose relay dies', () => {
  test('[PL1] goes on among peers, and over the relay when it is back; nothing is lost, and all end equal', async () => {
    const relayed = await RelayedWorlds.open('switching', { peers: true });
    const { ann, bob, cid } = relayed;
    const lanesAre = (lane: string) => () => relayed.all.every(({ status }) => status.value.lane === lane);
    relayed.relay.kill();
    await relayed.until(lanesAre('matrix'), 10_000);
    await relayed.until(lanesAre('peer'), AWAY_MS + 5_000);
    await relayed.twin.timers.advance(1_000);
    const lamp = ann.edit('place', (e) => e.add({ node: { name: 'Lamp' } }));
    await relayed.until(() => [bob, cid].every((world) => world.get(lamp.value) !== undefined), 500);
    expect(relayed.all.map((world) => world.stage(lamp.value))).toEqual(['local', 'local', 'local']);
    await relayed.relay.start();
    await relayed.untilLive(30_000);
    const chair = bob.edit('place', (e) => e.add({ node: { name: 'Chair' } }));
    await relayed.until(() => [ann, cid].every((world) => world.get(chair.value) !== undefined), 500);
    await relayed.until(() => bob.stage(chair.value) !== 'local', 5_000);
    await relayed.twin.timers.advance(30_000);
    for (const world of relayed.all)
      expect([lamp, chair].map(({ value }) => world.stage(value))).toEqual(['durable', 'durable']);
    expect(relayed.areEqual).toBe(true);
    relayed.relay.kill();
    await relayed.until(lanesAre('peer'), 30_000);
    await relayed.close();
  });
});
