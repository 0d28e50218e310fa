import { type ObjectId, parseUserId } from '@weft/core';
import { HomeserverError, parseRoomAlias, type RoomId } from '@weft/matrix';
import type { TwinHomeserver } from '@weft/testing/homeserver';
import { describe, expect, test } from 'vitest';
import { TwinWorlds } from '../../test/twin-worlds.ts';
import { systemPlatform } from '../platform.ts';
import type { World } from '../world.ts';
import { cloneRoom } from './clone-world.ts';
import { TOMBSTONE_HORIZON_MS } from './kept.ts';
import { type UpgradeStep, upgradeRoom } from './upgrade-world.ts';

const ALIAS = parseRoomAlias('#plaza:twin.test');
const SLOW_MS = 120_000;
const EVE = parseUserId('@eve:twin.test');

async function settle(twin: TwinWorlds): Promise<void> {
  await twin.timers.advance(20_000);
}

/** A world with a name, a rule, a ban, and objects, one of which was deleted. */
async function plaza(twin: TwinWorlds): Promise<{ ann: World; bob: World; lamp: ObjectId }> {
  const bobId = twin.homeserver('bob').userId;
  const ann = await twin.create('ann', { alias: 'plaza', invite: [bobId], levels: { [bobId]: 25 } });
  const bob = await twin.open('bob', ann.room);
  const lamp = ann.edit('furnish', (draft) => {
    const table = draft.add({ node: { name: 'Table' } });
    draft.add({ node: { name: 'Cup' }, parent: table });
    return draft.add({ node: { name: 'Lamp' }, light: { intensity: 1 } });
  }).value;
  const gone = ann.edit('more', (draft) => draft.add({ node: { name: 'Gone' } })).value;
  await settle(twin);
  bob.edit('dim', (draft) => draft.set(lamp, { light: { intensity: 0.5 } }));
  await settle(twin);
  ann.edit('remove', (draft) => draft.remove(gone));
  const homeserver = twin.homeserver('ann');
  await homeserver.sendState(ann.room, {
    type: 'world.weft.rule',
    stateKey: 'dim',
    content: { kind: 'range', property: 'light.intensity', max: 5 },
  });
  await homeserver.sendState(ann.room, {
    type: 'm.room.member',
    stateKey: EVE,
    content: { membership: 'ban', reason: 'spam' },
  });
  await settle(twin);
  return { ann, bob, lamp };
}

function upgrade(twin: TwinWorlds, user: string, room: RoomId, progress?: (step: UpgradeStep) => void) {
  const platform = { timers: twin.timers, random: systemPlatform.random };
  const ports = { homeserver: twin.homeserver(user), platform, signal: undefined };
  return upgradeRoom(ports, { room, via: [] }, progress);
}

const stateOf = (homeserver: TwinHomeserver, room: RoomId, type: string, key = '') =>
  homeserver.readStateEvent(room, type, key);

async function successorsOf(homeserver: TwinHomeserver, old: RoomId): Promise<RoomId[]> {
  const found: RoomId[] = [];
  for (const room of await homeserver.joinedRooms()) {
    const create = await homeserver.readStateEvent(room, 'm.room.create', '');
    const predecessor: unknown = create?.predecessor;
    if (JSON.stringify(predecessor) === JSON.stringify({ room_id: old })) found.push(room);
  }
  return found;
}

async function expectMoved(twin: TwinWorlds, old: RoomId, next: RoomId, hash: string): Promise<void> {
  const homeserver = twin.homeserver('ann');
  expect(await successorsOf(homeserver, old)).toEqual([next]);
  expect(await stateOf(homeserver, old, 'm.room.tombstone')).toMatchObject({ replacement_room: next });
  expect((await homeserver.resolveAlias(ALIAS)).room).toBe(next);
  expect(await stateOf(homeserver, next, 'm.room.canonical_alias')).toEqual({ alias: ALIAS });
  expect(await stateOf(homeserver, next, 'm.room.member', EVE)).toEqual({
    membership: 'ban',
    reason: 'spam',
  });
  expect(await stateOf(homeserver, next, 'world.weft.rule', 'dim')).toMatchObject({ kind: 'range', max: 5 });
  expect(await stateOf(homeserver, next, 'world.weft.world')).toEqual({ version: 1, title: 'Plaza' });
  expect(await stateOf(homeserver, next, 'm.room.power_levels')).toMatchObject({
    users: { '@bob:twin.test': 25 },
  });
  const late = await twin.open('bob', old);
  expect([late.room, late.hash(), late.title, late.status.value.role]).toEqual([
    next,
    hash,
    'Plaza',
    'builder',
  ]);
  await twin.run(late.close());
}

describe('an upgrade', () => {
  test('[Y6] moves a world with its people, rules, bans and names, and those inside follow', async () => {
    const twin = new TwinWorlds();
    const { ann, bob, lamp } = await plaza(twin);
    const hash = ann.hash();
    const upgraded: RoomId[] = [];
    bob.on('upgraded', (room) => upgraded.push(room));
    const steps: UpgradeStep[] = [];
    const { room, from } = await twin.run(upgrade(twin, 'ann', ann.room, (step) => steps.push(step)));
    expect(from).toBe(ann.room);
    expect(steps).toEqual(['room', 'objects', 'bans', 'names', 'end', 'late']);
    await settle(twin);
    expect(upgraded).toEqual([room]);
    expect(bob.status.value).toMatchObject({ replacement: room, readOnly: expect.stringContaining(room) });
    expect(() => bob.edit('x', (draft) => draft.remove(lamp))).toThrow(
      expect.objectContaining({ code: 'read-only' }),
    );
    await expectMoved(twin, from, room, hash);
    const next = await twin.run(bob.successor());
    expect([next.room, next.hash()]).toEqual([room, hash]);
    const early = await twin.run(next.at(twin.timers.now() - 3_600_000));
    expect([early.complete, early.reason]).toEqual([false, expect.stringContaining(from)]);
    await twin.run(next.edit('dim', (draft) => draft.set(lamp, { light: { intensity: 2 } })).durable);
    await twin.run(Promise.all([ann.close(), next.close()]));
  });

  test('[Y6] loses no edit that the old room did not take in time', async () => {
    const twin = new TwinWorlds();
    const { ann, bob, lamp } = await plaza(twin);
    twin.homeserver('bob').goOffline();
    await twin.timers.advance(1_000);
    bob.edit('dim', (draft) => draft.set(lamp, { light: { intensity: 3 } }));
    const { room } = await twin.run(upgrade(twin, 'ann', ann.room));
    twin.homeserver('bob').goOnline();
    const next = await twin.run(bob.successor());
    await settle(twin);
    expect([next.room, next.status.value.unsaved]).toEqual([room, 0]);
    const there = await twin.run(ann.successor());
    expect(there.get(lamp)?.light?.intensity).toBe(3);
    await twin.run(Promise.all([there.close(), next.close()]));
  });

  test.each(['lost', 'answer-lost'] as const)(
    '[Y6] is gone on with after it was cut short at any request (%s), and makes one room',
    async (kind) => {
      let requests = 1;
      let cuts = 0;
      for (let after = 0; after < requests; after += 1) {
        const twin = new TwinWorlds();
        const { ann } = await plaza(twin);
        const [hash, room] = [ann.hash(), ann.room];
        await twin.run(ann.close());
        const before = twin.server.log.length;
        const passing = Array.from({ length: after }, () => ({ kind: 'none' }) as const);
        twin.homeserver('ann').faults.add(...passing, { kind });
        const isDone = await twin.run(
          upgrade(twin, 'ann', room).then(
            () => true,
            (error: unknown) => !(error instanceof HomeserverError),
          ),
        );
        // What is tried again by itself cuts nothing short.
        if (isDone) requests = Math.max(requests, twin.server.log.length - before);
        else cuts += 1;
        if (!isDone) requests = Math.max(requests, after + 2);
        await settle(twin);
        // A fault that the first try did not live to see meets the second.
        const { room: next } = await twin.run(
          upgrade(twin, 'ann', room).catch(() => upgrade(twin, 'ann', room)),
        );
        await expectMoved(twin, room, next, hash);
      }
      expect(cuts).toBeGreaterThan(10);
    },
    SLOW_MS,
  );

  test('[Y6] is gone on with by the name that leads to the new room already', async () => {
    const twin = new TwinWorlds();
    const { ann } = await plaza(twin);
    const hash = ann.hash();
    const first = upgrade(twin, 'ann', ann.room, (step) => {
      if (step === 'end') twin.homeserver('ann').faults.add({ kind: 'lost' });
    });
    expect(await twin.errorOf(first)).toMatchObject({ code: 'unreachable' });
    const { room: begun } = await twin.homeserver('ann').resolveAlias(ALIAS);
    expect(begun).not.toBe(ann.room);
    expect(await twin.run(upgrade(twin, 'ann', begun))).toEqual({ room: begun, from: ann.room });
    await expectMoved(twin, ann.room, begun, hash);
  });

  test('[Y6] leaves behind what was deleted long ago, and what only others may write', async () => {
    const twin = new TwinWorlds();
    const { ann, bob } = await plaza(twin);
    const soon = await twin.run(upgrade(twin, 'ann', ann.room));
    const first = await twin.open('ann', soon.room);
    expect(first.toPatch().objects.size).toBe(4);
    const hash = first.hash();
    await twin.run(Promise.all([ann.close(), bob.close(), first.close()]));
    await twin.timers.advance(TOMBSTONE_HORIZON_MS);
    const { room } = await twin.run(upgrade(twin, 'ann', soon.room));
    const second = await twin.open('ann', room);
    expect(second.toPatch().objects.size).toBe(3);
    expect(second.hash()).toBe(hash);
  });

  test('[Y6] is its makers’ alone, and not of a room that another one replaced', async () => {
    const twin = new TwinWorlds();
    const { ann, bob } = await plaza(twin);
    expect(await twin.errorOf(upgrade(twin, 'bob', bob.room))).toMatchObject({
      code: 'forbidden',
      by: 'owner',
    });
    const other = await twin.create('ann');
    await twin.homeserver('ann').sendState(ann.room, {
      type: 'm.room.tombstone',
      stateKey: '',
      content: { body: '', replacement_room: other.room },
    });
    await settle(twin);
    expect(await twin.errorOf(upgrade(twin, 'ann', ann.room))).toMatchObject({ code: 'bad-upgrade' });
    // Bob is not let into the other one, and sees the old one as it is; its owner is told what is wrong.
    expect((await twin.open('bob', ann.room)).room).toBe(ann.room);
    expect(await twin.errorOf(twin.open('ann', ann.room))).toMatchObject({ code: 'bad-upgrade' });
  });
});

describe('a clone', () => {
  test('[Y7] shows the same under the same rules in a room of its own, and comes together again', async () => {
    const twin = new TwinWorlds();
    const { ann, bob, lamp } = await plaza(twin);
    const platform = { timers: twin.timers, random: systemPlatform.random };
    const ports = { homeserver: twin.homeserver('bob'), platform, signal: undefined };
    const options = { title: 'Workshop', alias: 'workshop' };
    const made = await twin.run(cloneRoom(ports, { room: ann.room, via: [] }, options));
    expect(made).toMatchObject({ title: 'Workshop', from: ann.room });
    const copy = await twin.open('bob', made.room);
    expect([copy.title, copy.hash(), copy.status.value.role]).toEqual(['Workshop', ann.hash(), 'owner']);
    expect(ann.diff(copy)).toMatchObject({ added: [], removed: [] });
    expect(copy.authorsOf(lamp)).toEqual(ann.authorsOf(lamp));
    expect(() => copy.edit('x', (draft) => draft.set(lamp, { light: { intensity: 6 } }))).toThrow(
      expect.objectContaining({ code: 'rule', rule: 'dim' }),
    );
    copy.edit('dim', (draft) => draft.set(lamp, { light: { intensity: 4 } }));
    await settle(twin);
    await twin.run(bob.import(copy.export(), { as: 'merge' }).durable);
    await settle(twin);
    expect(ann.get(lamp)?.light?.intensity).toBe(4);
    expect(await twin.errorOf(twin.open('ann', made.room))).toMatchObject({ code: 'forbidden' });
  });
});
