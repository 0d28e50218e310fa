import type { ObjectId } from '@weft/core';
import { SeededRandom } from '@weft/testing';
import { describe, expect, test } from 'vitest';
import { RelayedWorlds } from '../../test/relayed-worlds.ts';
import type { World } from '../world.ts';

const add = (world: World, name: string) => world.edit('add', (draft) => draft.add({ node: { name } }));
const rename = (world: World, id: ObjectId, name: string) =>
  world.edit('rename', (draft) => draft.set(id, { node: { name } }));
const nameOf = (world: World, id: ObjectId) => world.get(id)?.node?.name;

describe('worlds on a relay', () => {
  test('[LW12] see an edit in milliseconds, held at once, durable later, and told once', async () => {
    const relayed = await RelayedWorlds.open();
    const { ann, bob, twin } = relayed;
    const origins: string[] = [];
    bob.on('change', ({ origin, authors }) => origins.push(`${origin} ${[...authors.values()].flat()}`));
    const edit = add(ann, 'Chair');
    expect(ann.stage(edit.value)).toBe('local');
    expect(await relayed.until(() => nameOf(bob, edit.value) === 'Chair', 1000)).toBeLessThanOrEqual(100);
    await twin.run(edit.held);
    expect([ann, bob].map((world) => world.stage(edit.value))).toEqual(['held', 'held']);
    await twin.run(edit.durable);
    await twin.timers.advance(1000);
    expect(relayed.all.map((world) => world.stage(edit.value))).toEqual(['durable', 'durable', 'durable']);
    expect(origins).toEqual([`live ${ann.userId}`]);
    expect(ann.people.value.filter(({ live }) => live)).toHaveLength(3);
    await relayed.close();
  });

  test('[LW12] bring what is said and named messages to those who are there', async () => {
    const relayed = await RelayedWorlds.open();
    const { ann, bob } = relayed;
    const heard: unknown[] = [];
    bob.on('said', ({ user, text }) => heard.push([user, text]));
    bob.on('event', ({ user, object, name, data }) => heard.push([user, object, name, data]));
    const { value: bell } = add(ann, 'Bell');
    void ann.say('Listen');
    expect(ann.emit(bell, 'ring', { times: 3 })).toBe(true);
    await relayed.twin.timers.advance(10_000);
    expect(heard).toEqual([
      [ann.userId, 'Listen'],
      [ann.userId, bell, 'ring', { times: 3 }],
    ]);
    await relayed.close();
  });

  test('[LW12] go on over the room when the relay dies, and over the relay when it is back; nothing is lost', async () => {
    const relayed = await RelayedWorlds.open();
    const { ann, bob, relay, twin } = relayed;
    const before = add(ann, 'before');
    await twin.run(before.held);
    relay.kill();
    await relayed.until(() => relayed.all.every(({ status }) => status.value.lane === 'matrix'), 30_000);
    const meanwhile = add(ann, 'meanwhile');
    await twin.run(meanwhile.durable);
    await relayed.until(() => nameOf(bob, meanwhile.value) === 'meanwhile', 5000);
    await relay.start();
    expect(await relayed.untilLive(60_000)).toBeLessThanOrEqual(60_000);
    const after = add(bob, 'after');
    await relayed.until(() => nameOf(ann, after.value) === 'after', 200);
    await twin.timers.advance(20_000);
    expect(relayed.areEqual).toBe(true);
    expect([before, meanwhile, after].map(({ value }) => ann.stage(value))).toEqual([
      'durable',
      'durable',
      'durable',
    ]);
    await relayed.close();
  });

  test('[LW12] keep seeing each other while the homeserver is away, and say so', async () => {
    const relayed = await RelayedWorlds.open();
    const { ann, bob, twin } = relayed;
    const homeservers = ['ann', 'bob', 'cid'].map((name) => twin.homeserver(name));
    for (const homeserver of homeservers) homeserver.goOffline();
    await relayed.until(() => /nothing new is durable/.test(ann.status.value.laneDetail), 120_000);
    expect(ann.status.value.lane).toBe('relay');
    const edit = add(ann, 'Chair');
    await relayed.until(() => nameOf(bob, edit.value) === 'Chair', 200);
    await twin.run(edit.held);
    await twin.timers.advance(30_000);
    expect(ann.stage(edit.value)).toBe('held');
    for (const homeserver of homeservers) homeserver.goOnline();
    await twin.run(edit.durable);
    await relayed.close();
  });

  describe('a visitor', () => {
    async function visit() {
      const relayed = await RelayedWorlds.open();
      const { ann, twin } = relayed;
      const { value: chair } = ann.edit('add', (draft) =>
        draft.add({ transform: { position: [0, 0, 0] }, interact: { grabbable: true } }),
      );
      await twin.timers.advance(10_000);
      const place = (world: World) => world.get(chair)?.transform?.position;
      const grab = (x: number) =>
        relayed.cid.edit('grab', (draft) => draft.set(chair, { transform: { position: [x, 0, 0] } }));
      return { relayed, chair, place, grab };
    }

    test('[LW14] moves what is grabbable: all see it at once, the relay brings it to the room, they ask nothing of it', async () => {
      const { relayed, chair, place, grab } = await visit();
      const { ann, bob, cid, relay, twin } = relayed;
      const writes = twin.writes();
      const edit = grab(1);
      await relayed.until(() => [ann, bob].every((world) => place(world)?.[0] === 1), 200);
      await twin.run(edit.held);
      await twin.timers.advance(10_000);
      expect([twin.writes(), cid.stage(chair), cid.status.value.unsaved]).toEqual([writes, 'held', 1]);
      expect(relay.world.adopted).toHaveLength(1);
      relayed.bringToRoom();
      await twin.run(edit.durable);
      await twin.timers.advance(1_000);
      expect(relayed.areEqual).toBe(true);
      expect(cid.authorsOf(chair)).toContain(cid.userId);
      expect(cid.undo()).toBe(true);
      await relayed.until(() => place(ann)?.[0] === 0, 200);
      await relayed.close();
    });

    test('[LW14] keeps what the relay lost, and says it again when that is back', async () => {
      const { relayed, place, grab } = await visit();
      const { ann, relay, twin } = relayed;
      const edit = grab(2);
      relay.kill();
      await relayed.until(() => relayed.all.every(({ status }) => status.value.lane === 'matrix'), 30_000);
      expect(() => grab(3)).toThrow(expect.objectContaining({ code: 'read-only' }));
      await twin.timers.advance(10_000);
      expect([place(relayed.cid)?.[0], place(ann)?.[0]]).toEqual([2, 0]);
      await relay.start();
      await relayed.untilLive(60_000);
      await twin.run(edit.held);
      await relayed.until(() => place(ann)?.[0] === 2, 200);
      await relayed.close();
    });

    test('[LW14] is told that it was taken back, where it may not be any more', async () => {
      const { relayed, chair, place, grab } = await visit();
      const { ann, cid, relay, twin } = relayed;
      const edit = grab(1);
      const refused: unknown[] = [];
      cid.on('refused', ({ ids }) => refused.push(ids));
      await relayed.until(() => place(ann)?.[0] === 1, 200);
      relay.world.setLevel(cid.userId, -1);
      expect(await twin.errorOf(edit.durable)).toMatchObject({ code: 'forbidden' });
      expect([refused, place(cid)?.[0], place(ann)?.[0]]).toEqual([[[chair]], 0, 0]);
      await relayed.close();
    });

    test('[LW14] is refused all else, and told whom to ask', async () => {
      const { relayed, chair } = await visit();
      const { cid, bob } = relayed;
      const { value: table } = add(bob, 'Table');
      await relayed.twin.timers.advance(1_000);
      const refusal = expect.objectContaining({
        code: 'forbidden',
        hint: expect.stringContaining('@ann:twin.test'),
      });
      for (const attempt of [
        () => rename(cid, chair, 'Mine'),
        () => add(cid, 'Lamp'),
        () => cid.edit('move', (draft) => draft.set(table, { transform: { position: [1, 0, 0] } })),
        () => cid.check((draft) => draft.remove(chair)),
      ])
        expect(attempt).toThrow(refusal);
      await relayed.close();
    });
  });

  test('[LW12] take back everywhere what the room refuses', async () => {
    const relayed = await RelayedWorlds.open();
    const { ann, bob, twin } = relayed;
    const { value: chair } = add(ann, 'Chair');
    await twin.timers.advance(10_000);
    const room = twin.server.room('demote', ann.room);
    const content = { ...room.current('m.room.power_levels', '')?.content, users: {} };
    const refused = rename(bob, chair, 'Throne');
    await relayed.until(() => nameOf(ann, chair) === 'Throne', 200);
    twin.server.append(room, { type: 'm.room.power_levels', sender: room.creator, stateKey: '', content });
    expect(await twin.errorOf(refused.durable)).toMatchObject({ code: 'forbidden' });
    await relayed.until(() => relayed.all.every((world) => nameOf(world, chair) === 'Chair'), 1000);
    await relayed.close();
  });

  test.each([1, 2, 3])('[LW12] end equal after edits, kills and waits in any order (%i)', async (seed) => {
    const relayed = await RelayedWorlds.open(`relayed ${seed}`);
    const { ann, bob, relay, twin } = relayed;
    const random = new SeededRandom(`script ${seed}`);
    const { value: chair } = add(ann, 'Chair');
    await twin.timers.advance(10_000);
    const held: [Promise<void>, string][] = [];
    for (let step = 0; step < 40; step += 1) {
      const world = random.below(2) === 0 ? ann : bob;
      const kind = random.below(10);
      if (kind < 5) held.push([rename(world, chair, `name ${step}`).held, `name ${step}`]);
      else if (kind < 7) held.push([add(world, `object ${step}`).held, `object ${step}`]);
      else if (kind < 8 && relay.isRunning) relay.kill();
      else if (kind < 9 && !relay.isRunning) await relay.start();
      await twin.timers.advance(random.below(2000));
    }
    if (!relay.isRunning) await relay.start();
    await relayed.untilLive(120_000);
    await twin.timers.advance(60_000);
    expect(relayed.areEqual).toBe(true);
    expect(relayed.all.map(({ status }) => status.value.unsaved)).toEqual([0, 0, 0]);
    const objects = [...ann.objects()].map(({ node }) => node?.name);
    for (const [, name] of held) if (name.startsWith('object')) expect(objects).toContain(name);
    await relayed.close();
  });
});
