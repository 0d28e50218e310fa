import { encodeObjectEvent, newActorId, parseObjectId, parsePath, Replica, timeFromMs } from '@weft/core';
import { openRoom } from '@weft/matrix';
import { FakeTimers, SeededRandom } from '@weft/testing';
import { TwinServer } from '@weft/testing/homeserver';
import { describe, expect, it, vi } from 'vitest';
import { shown, type TwinWorld, twinWorld } from '../../test/twin-world.ts';

const OBJECT = 'world.weft.object';
const HOUR_MS = 3_600_000;

/** What another program writes, past every check of ours. */
function write(world: TwinWorld, stateKey: string, content: Readonly<Record<string, unknown>>) {
  const room = world.server.room('write', world.room);
  return world.server.append(room, { type: OBJECT, sender: room.creator, stateKey, content });
}

function readings(world: TwinWorld, from = 0): number {
  return world.server.log.slice(from).filter((line) => line.includes('read the state of')).length;
}

describe('opening a room', () => {
  it('[O1] shows what the room holds, who is there and what this user may do', async () => {
    const world = await twinWorld();
    world.owner.edit('table', { 'node.name': 'Table' });
    await world.timers.advance(500);
    const visitor = await world.open('visitor');
    expect(shown(visitor, 'table', 'node.name')).toBe('Table');
    expect(visitor.session.standing).toMatchObject({ title: 'Twin', role: 'visitor', membership: 'join' });
    expect(visitor.session.standing.readOnly).toContain('visitor');
    expect(world.owner.session.standing).toMatchObject({ role: 'owner', readOnly: null });
    expect(
      visitor.session.standing.members.map(({ user, membership, role }) => [user, membership, role]),
    ).toEqual([
      ['@builder:twin.test', 'invite', 'builder'],
      ['@other:twin.test', 'invite', 'builder'],
      ['@owner:twin.test', 'join', 'owner'],
      ['@visitor:twin.test', 'join', 'visitor'],
    ]);
  });

  it.each([
    ['a chat', {}, 'not-a-world'],
    ['another kind of room', { type: 'm.space' }, 'not-a-world'],
  ] as const)('[O2] refuses %s, and does not stay in it', async (_what, creation, code) => {
    const timers = new FakeTimers();
    const server = new TwinServer({ timers });
    const homeserver = server.connect('owner');
    const room = await homeserver.createRoom({
      name: 'Chat',
      access: 'private',
      roomVersion: '12',
      creation,
      aliasLocalpart: null,
      invite: [],
      powerLevels: {},
      initialState: [],
    });
    const random = new SeededRandom('chat').bytes;
    const replica = new Replica({ actor: newActorId(random), now: timers.now });
    await expect(openRoom({ homeserver, room, replica, timers, random })).rejects.toMatchObject({ code });
    expect(timers.pending).toBe(0);
    expect(server.followers).toBe(0);
  });

  it('[O3] opens an encrypted room for looking only, and sends nothing into it', async () => {
    const world = await twinWorld();
    const room = world.server.room('encrypt', world.room);
    const sender = room.creator;
    world.server.append(room, {
      type: 'm.room.encryption',
      sender,
      stateKey: '',
      content: { algorithm: 'x' },
    });
    const builder = await world.open('builder');
    expect(builder.session.standing).toMatchObject({ encrypted: true });
    expect(builder.session.standing.readOnly).toContain('encrypted');
    builder.edit('table', { 'node.name': 'Table' });
    await world.timers.advance(1000);
    expect(builder.refused).toMatchObject([{ ids: ['table'], error: { code: 'encrypted' } }]);
    expect(world.writes(builder)).toBe(0);
  });

  it('[O4] leaves nothing running where opening fails', async () => {
    const world = await twinWorld();
    world.server.setMembership(
      world.room,
      world.owner.homeserver.userId,
      world.server.connect('other').userId,
      'ban',
    );
    await world.timers.advance(100);
    const before = world.timers.pending;
    await expect(world.open('other')).rejects.toMatchObject({ code: 'forbidden' });
    expect(world.timers.pending).toBe(before);
    expect(world.server.followers).toBe(1);
  });
});

describe('following a room', () => {
  it('[F1] skips what is malformed, reports it, and takes the rest', async () => {
    const world = await twinWorld();
    write(world, 'good', { node: { name: 'Good' } });
    write(world, 'half', { node: { name: 'Half', order: '~[' } });
    write(world, 'bad id!', { node: { name: 'Bad' } });
    write(world, '__proto__', { node: { name: 'Bad' } });
    write(world, 'mad', { node: 'Mad' });
    await world.timers.advance(100);
    expect(shown(world.owner, 'good', 'node.name')).toBe('Good');
    expect(shown(world.owner, 'half', 'node.name')).toBe('Half');
    expect(world.owner.problems.map(({ carrier, path }) => [carrier, path])).toEqual([
      [`${OBJECT}/half`, 'node.order'],
      [`${OBJECT}/bad id!`, null],
      [`${OBJECT}/__proto__`, null],
      [`${OBJECT}/mad`, 'node'],
    ]);
    const { length } = world.owner.problems;
    await world.timers.advance(HOUR_MS);
    expect(world.owner.problems).toHaveLength(length);
  });

  it('[F2] purges an object whose event was redacted, for those who follow and for those who come later', async () => {
    const world = await twinWorld();
    world.owner.edit('table', { 'node.name': 'Table' });
    await world.timers.advance(500);
    const builder = await world.open('builder');
    const event = world.server.room('look', world.room).current(OBJECT, 'table');
    if (event === undefined) throw new Error('no event');
    await world.owner.homeserver.redact(world.room, event.event_id, 'spam');
    await world.timers.advance(100);
    expect(shown(builder, 'table', 'node.name')).toBeUndefined();
    expect(shown(await world.open('other'), 'table', 'node.name')).toBeUndefined();
    // It is written again by nobody, and what is new on it is.
    await world.timers.advance(HOUR_MS);
    builder.edit('table', { 'node.name': 'New' });
    await world.timers.advance(1000);
    expect(shown(world.owner, 'table', 'node.name')).toBe('New');
    // Who comes only now learns of the purge from the later event.
    const late = await world.open('visitor');
    expect(late.replica.purgeOf(parseObjectId('table'))).toBe(
      builder.replica.purgeOf(parseObjectId('table')),
    );
    expect(late.replica.purgeOf(parseObjectId('table'))).not.toBeNull();
  });

  it('[F3] purges an object whose event was emptied', async () => {
    const world = await twinWorld();
    world.owner.edit('table', { 'node.name': 'Table' });
    await world.timers.advance(500);
    write(world, 'table', {});
    await world.timers.advance(100);
    expect(shown(world.owner, 'table', 'node.name')).toBeUndefined();
  });

  it('[F4] joins the loser of a state resolution, and counts only the winner as durable', async () => {
    const world = await twinWorld();
    world.owner.edit('table', { 'node.name': 'Old' });
    await world.timers.advance(500);
    const old = world.server.room('look', world.room).current(OBJECT, 'table');
    if (old === undefined) throw new Error('no event');
    for (const follower of world.owner.homeserver.followers) follower.hold();
    world.owner.edit('table', { 'transform.position': [1, 2, 3] });
    await world.timers.advance(500);
    world.server.resolveTo(world.room, old.event_id);
    for (const follower of world.owner.homeserver.followers) follower.release();
    await world.timers.advance(50);
    expect(shown(world.owner, 'table', 'transform.position')).toEqual([1, 2, 3]);
    expect(world.owner.settled.map(({ path }) => path)).toEqual(['node.name']);
    await world.timers.advance(30_000);
    expect(world.owner.settled.map(({ path }) => path)).toEqual(['node.name', 'transform.position']);
    expect(world.server.room('look', world.room).current(OBJECT, 'table')?.content).toMatchObject({
      node: { name: 'Old' },
      transform: { position: [1, 2, 3] },
    });
  });

  it('[F5] reads the state again after a gap, once for all clients’ gaps in a while, jittered', async () => {
    const world = await twinWorld();
    const builder = await world.open('builder');
    const from = world.server.log.length;
    for (const follower of [...world.owner.homeserver.followers, ...builder.homeserver.followers])
      follower.hold();
    write(world, 'table', { node: { name: 'Table' } });
    for (const follower of [...world.owner.homeserver.followers, ...builder.homeserver.followers])
      follower.release(true);
    const times: number[] = [];
    for (let step = 0; step < 400; step += 1) {
      const before = readings(world, from);
      await world.timers.advance(10);
      if (readings(world, from) > before) times.push(step);
    }
    expect(readings(world, from)).toBe(2);
    expect(new Set(times).size).toBe(2);
    expect(shown(builder, 'table', 'node.name')).toBe('Table');
  });

  it('[F6] finds by reading what a gap or a silent state resolution hid', async () => {
    const world = await twinWorld();
    world.owner.edit('table', { 'node.name': 'Table' });
    await world.timers.advance(500);
    world.server.vanish(world.room, OBJECT, 'table');
    world.owner.edit('table', { 'node.name': 'Oak' });
    await world.timers.advance(5000);
    expect(world.owner.session.unsaved).toBe(0);
    expect(world.server.room('look', world.room).current(OBJECT, 'table')?.content).toMatchObject({
      node: { name: 'Oak' },
    });
  });

  it.each([
    ['a kick', (world: TwinWorld, user: string) => kick(world, user, 'leave'), 1],
    ['a ban', (world: TwinWorld, user: string) => kick(world, user, 'ban'), 1],
    ['a new power level', (world: TwinWorld) => levels(world), 1],
    ['somebody who comes', (world: TwinWorld, user: string) => kick(world, user, 'join'), 0],
    ['an object', (world: TwinWorld) => void write(world, 'a', { node: { name: 'A' } }), 0],
  ] as const)('[F7] after %s reads the state again %#', async (_what, happen, expected) => {
    const world = await twinWorld();
    await world.timers.advance(5000);
    const from = world.server.log.length;
    happen(world, '@other:twin.test');
    await world.timers.advance(5000);
    expect(readings(world, from)).toBe(expected);
  });

  it('[F8] reads the state rarely when nothing happens', async () => {
    const world = await twinWorld();
    const from = world.server.log.length;
    await world.timers.advance(HOUR_MS);
    expect(readings(world, from)).toBeGreaterThanOrEqual(3);
    expect(readings(world, from)).toBeLessThanOrEqual(6);
  });

  it('[F9] tells this user of another role at once, and that a kick froze the world', async () => {
    const world = await twinWorld();
    const builder = await world.open('builder');
    const user = builder.homeserver.userId;
    levels(world);
    await world.timers.advance(100);
    expect(builder.session.standing).toMatchObject({ role: 'visitor' });
    expect(builder.session.standing.readOnly).toContain('visitor');
    kick(world, user, 'leave');
    await world.timers.advance(100);
    expect(builder.session.standing).toMatchObject({ membership: 'leave' });
    expect(builder.session.standing.readOnly).toContain('not in this world');
  });

  it('[F9] counts as out of the world whom the homeserver shows it no more, until it does again', async () => {
    const world = await twinWorld();
    const builder = await world.open('builder');
    const user = builder.homeserver.userId;
    world.server.vanish(world.room, 'm.room.member', user);
    await world.timers.advance(HOUR_MS);
    expect(builder.session.standing).toMatchObject({ membership: null });
    expect(builder.session.standing.readOnly).toContain('not in this world');
    kick(world, user, 'join');
    await world.timers.advance(100);
    expect(builder.session.standing).toMatchObject({ membership: 'join', readOnly: null });
  });

  it('[F10] a failure in a stage changes nothing, tells nobody but the problem list, and heals', async () => {
    const world = await twinWorld();
    world.owner.edit('table', { 'node.name': 'Table' });
    await world.timers.advance(500);
    const { replica, changes, settled, problems } = world.owner;
    const before = { changes: changes.length, settled: settled.length };
    const receive = vi.spyOn(replica, 'receiveAll').mockImplementationOnce(() => {
      throw new Error('a bug');
    });
    write(world, 'chair', { node: { name: 'Chair' } });
    await world.timers.advance(50);
    expect({ changes: changes.length, settled: settled.length }).toEqual(before);
    expect(replica.scene.has(parseObjectId('chair'))).toBe(false);
    expect(problems).toMatchObject([{ carrier: 'an update', error: { message: 'a bug' } }]);
    receive.mockRestore();
    await world.timers.advance(5000);
    expect(shown(world.owner, 'chair', 'node.name')).toBe('Chair');
    expect(problems).toHaveLength(1);
  });

  it('[F11] one listener that throws does not keep the others from hearing', async () => {
    const world = await twinWorld();
    const heard: string[] = [];
    world.owner.session.on('change', () => {
      throw new Error('mine');
    });
    world.owner.session.on('change', () => heard.push('second'));
    write(world, 'chair', { node: { name: 'Chair' } });
    await world.timers.advance(50);
    expect(heard).toEqual(['second']);
    expect(world.owner.problems).toMatchObject([{ carrier: 'a listener', error: { message: 'mine' } }]);
  });

  it('[F12] sets the future aside, does not count it as durable, and shows it when its time has come', async () => {
    const world = await twinWorld();
    const future = world.timers.now() + HOUR_MS;
    const stamp = { time: timeFromMs(future), actor: newActorId(new SeededRandom('future').bytes) };
    const registers = new Map([[parsePath('node.name'), { value: 'Later', stamp }]]);
    write(world, 'table', encodeObjectEvent({ registers, actors: new Map() }));
    await world.timers.advance(100);
    expect(shown(world.owner, 'table', 'node.name')).toBeUndefined();
    world.owner.edit('table', { 'node.name': 'Now' });
    await world.timers.advance(2000);
    expect(world.owner.settled.map(({ outcome }) => outcome)).toEqual(['durable']);
    expect(shown(world.owner, 'table', 'node.name')).toBe('Now');
    await world.timers.advance(HOUR_MS);
    expect(shown(world.owner, 'table', 'node.name')).toBe('Later');
  });
});

function kick(world: TwinWorld, user: string, membership: 'join' | 'leave' | 'ban'): void {
  const { room, server } = world;
  const found = server.room('kick', room);
  const sender = membership === 'join' ? server.connect('other').userId : found.creator;
  server.append(found, { type: 'm.room.member', sender, stateKey: user, content: { membership } });
}

function levels(world: TwinWorld): void {
  const room = world.server.room('levels', world.room);
  const content = { ...room.current('m.room.power_levels', '')?.content, users: {} };
  world.server.append(room, { type: 'm.room.power_levels', sender: room.creator, stateKey: '', content });
}
