import {
  entriesOf,
  isActorId,
  type ObjectId,
  type ObjectRegisters,
  type Patch,
  parseObjectId,
  parsePath,
  parseUserId,
  patchOf,
  timeFromMs,
} from '@weft/core';
import type { LanePerson } from '@weft/live';
import { stateDigest } from '@weft/matrix';
import { relayTransport } from '@weft/protocol';
import { describe, expect, test } from 'vitest';
import { FakeChannel } from '../../test/fake-channel.ts';
import { TwinWorlds } from '../../test/twin-worlds.ts';
import type { World } from '../world.ts';
import type { WorldEvent } from './lane-event.ts';

const [ANN = expect.fail()] = ['actor-ann---'].filter(isActorId);
const LAMP = parseObjectId('lamp');

/** Worlds on a twin, and the lane of the one that was opened last. */
function lanes() {
  const twin = new TwinWorlds();
  const channels: FakeChannel[] = [];
  twin.makeLane = async () => (replica) => {
    const channel = new FakeChannel(replica);
    channels.push(channel);
    return { channel, stop: () => {} };
  };
  return {
    twin,
    channels,
    channel(world: World): FakeChannel {
      const found = channels.find((channel) => channel === world.channel);
      if (found === undefined) throw new Error('no channel');
      return found;
    },
  };
}

function said(twin: TwinWorlds, value: string, id: ObjectId = LAMP): Patch {
  const stamp = { time: timeFromMs(twin.timers.now()), actor: ANN };
  const registers = [{ id, path: parsePath('node.name'), register: { value, stamp } }];
  return patchOf({ registers, actors: [[ANN, [parseUserId('@bob:twin.test')]]] });
}

const registersOf = (patch: Patch): ObjectRegisters =>
  new Map([...patch.objects].map(([id, { registers }]) => [id, registers]));
const add = (world: World, name: string) => world.edit('add', (draft) => draft.add({ node: { name } }));

describe('a world on a lane', () => {
  test('[LW4] sends each own edit once it shows, and shows what others send', async () => {
    const { twin, channel } = lanes();
    const world = await twin.create('ann');
    const lane = channel(world);
    const { value: chair } = add(world, 'Chair');
    expect(lane.sent.map((patch) => [...patch.objects.keys()])).toEqual([[chair]]);
    world.undo();
    expect(lane.sent).toHaveLength(2);
    const origins: string[] = [];
    const authors: string[] = [];
    world.on('change', (change) => {
      origins.push(change.origin);
      authors.push(...(change.authors.get(LAMP) ?? []));
    });
    lane.replica.hear(said(twin, 'Lamp'));
    expect([world.get(LAMP)?.node?.name, world.stage(LAMP), origins, authors]).toEqual([
      'Lamp',
      'held',
      ['live'],
      ['@bob:twin.test'],
    ]);
    expect([...entriesOf(world.toPatch())].some(({ id }) => id === LAMP)).toBe(true);
    lane.replica.retractLive(registersOf(said(twin, 'Lamp')));
    expect(world.get(LAMP)).toBeUndefined();
  });

  test('[LW4] does not send what a file brought under the stamps of others', async () => {
    const { twin, channel } = lanes();
    const other = await twin.create('bob');
    add(other, 'Table');
    const world = await twin.create('ann');
    world.import(other.export(), { as: 'merge' });
    expect(channel(world).sent).toEqual([]);
    expect([...world.objects()]).toHaveLength(1);
  });

  test('[LW5] says how edits travel, with a sentence, and ends with its world', async () => {
    const { twin, channel } = lanes();
    const world = await twin.create('ann');
    const travel = () => [world.status.value.lane, world.status.value.laneDetail];
    const isConnecting = () => world.status.value.connecting;
    expect([...travel(), isConnecting()]).toEqual(['matrix', 'Looking for a relay.', true]);
    channel(world).live();
    expect([...travel(), isConnecting()]).toEqual(['relay', 'Live over a relay.', false]);
    channel(world).lost();
    expect([...travel(), isConnecting()]).toEqual(['matrix', 'Looking for a relay.', false]);
    await twin.run(world.close());
    expect(channel(world).isClosed).toBe(true);
    expect([...travel(), isConnecting()]).toEqual(['offline', 'The world was closed.', false]);
  });

  test('[LW5] tells the relay of a world from its people', async () => {
    const twin = new TwinWorlds();
    const relay = relayTransport('wss://relay.test', parseUserId('@bob:twin.test'));
    const world = await twin.create('ann', { relays: [relay], invite: ['@cid:twin.test'] });
    expect(world.people.value.map(({ user, isRelay }) => [user, isRelay])).toEqual([
      ['@ann:twin.test', false],
      ['@bob:twin.test', true],
      ['@cid:twin.test', false],
    ]);
  });

  test('[LW5] tells who is on the relay', async () => {
    const { twin, channel } = lanes();
    const { ann, bob } = await twin.three();
    const live = () => ann.people.value.filter((person) => person.live).map(({ user }) => user);
    expect(live()).toEqual([]);
    const relay = 'wss://relay.test';
    const person: LanePerson = { relay, session: 1, user: bob.userId, device: 'D', actor: ANN, level: 25 };
    channel(ann).people.set([person, { ...person, session: 2 }]);
    expect(live()).toEqual([bob.userId]);
    channel(ann).people.set([]);
    expect(live()).toEqual([]);
  });

  test('[LW6] resolves held when a relay holds an edit, before it is durable', async () => {
    const { twin, channel } = lanes();
    const world = await twin.create('ann');
    const lane = channel(world);
    const edit = add(world, 'Chair');
    const stages: string[] = [];
    world.on('stage', (ids) => stages.push(...ids.map((id) => world.stage(id))));
    const fates: string[] = [];
    void edit.held.then(() => fates.push('held'));
    void edit.durable.then(() => fates.push('durable'));
    lane.replica.hold(registersOf(lane.sent[0] ?? expect.fail()));
    await edit.held;
    expect([fates, stages]).toEqual([['held'], ['held']]);
    await twin.run(edit.durable);
    expect([fates, stages]).toEqual([
      ['held', 'durable'],
      ['held', 'durable'],
    ]);
  });

  test('[LW6] takes an edit back that the relay refuses, and tells its author why', async () => {
    const { twin, channel } = lanes();
    const world = await twin.create('ann');
    const lane = channel(world);
    const refused: string[] = [];
    world.on('refused', ({ error }) => refused.push(error.message));
    const edit = add(world, 'Chair');
    const problem = { id: edit.value, path: null, code: 'rule', message: 'Only 3 chairs.', winner: null };
    lane.replica.refuse(registersOf(lane.sent[0] ?? expect.fail()), [problem]);
    expect([...world.objects()]).toEqual([]);
    expect(refused).toEqual([expect.stringContaining('Only 3 chairs.')]);
    expect(await twin.errorOf(edit.held)).toMatchObject({ code: 'rule' });
    expect(await twin.errorOf(edit.durable)).toMatchObject({ code: 'rule' });
    expect(lane.retracted).toEqual([]);
  });

  test('[LA1] shows what the relay keeps of before when it refuses an edit, and goes on to bring that to the room', async () => {
    const { twin, channel } = lanes();
    const world = await twin.create('ann');
    const lane = channel(world);
    const chair = add(world, 'Chair');
    const rename = (name: string) => world.edit('rename', (e) => e.set(chair.value, { node: { name } }));
    const [kept, refused] = [rename('Throne'), rename('Mine')];
    const sent = lane.sent.map(registersOf);
    for (const registers of sent) lane.replica.sent(registers);
    for (const registers of sent.slice(0, 2)) lane.replica.hold(registers);
    lane.replica.refuse(sent[2] ?? expect.fail(), []);
    expect(world.get(chair.value)?.node?.name).toBe('Throne');
    expect(await twin.errorOf(refused.durable)).toMatchObject({ code: 'forbidden' });
    await kept.held;
    await twin.run(kept.durable);
    world.undo();
    expect(world.get(chair.value)?.node?.name).toBe('Chair');
  });

  test('[LW7] has everybody take back what the room refused', async () => {
    const { twin, channel } = lanes();
    const { ann, bob } = await twin.three();
    await twin.timers.advance(1000);
    const room = twin.server.room('demote', ann.room);
    const content = { ...room.current('m.room.power_levels', '')?.content, users: {} };
    const edit = add(bob, 'Chair');
    twin.server.append(room, { type: 'm.room.power_levels', sender: room.creator, stateKey: '', content });
    expect(await twin.errorOf(edit.durable)).toMatchObject({ code: 'forbidden' });
    const lane = channel(bob);
    expect(lane.retracted).toEqual([registersOf(lane.sent[0] ?? expect.fail())]);
  });

  test('[LW8] brings named messages to those who listen, and none of its own kind', async () => {
    const { twin, channel } = lanes();
    const world = await twin.create('ann');
    const lane = channel(world);
    expect(world.emit(LAMP, 'ring', { loud: true })).toBe(false);
    lane.live();
    expect(world.emit(LAMP, 'ring', { loud: true })).toBe(true);
    expect(lane.emitted).toEqual([{ target: LAMP, name: 'ring', data: { loud: true } }]);
    expect(() => world.emit(null, 'weft.said')).toThrow(/does not begin with "weft\."/);
    expect(() => world.emit(null, '')).toThrow(/1 to 64 characters/);
    expect(() => world.emit(null, 'x'.repeat(65))).toThrow(/1 to 64 characters/);
    expect(world.emit(null, 'x'.repeat(64))).toBe(true);
    expect(() => world.emit(null, 'nan', Number.NaN)).toThrow(/finite/);
    const heard: WorldEvent[] = [];
    world.on('event', (event) => heard.push(event));
    const user = parseUserId('@bob:twin.test');
    for (const name of ['ring', 'weft.other'])
      lane.events.emit('event', { from: null, user, target: LAMP, name, data: null });
    expect(heard).toEqual([{ object: LAMP, name: 'ring', data: null, user }]);
  });
});

test('[LW13] after a gap the state is read only where the relay knows another', async () => {
  const { twin, channel } = lanes();
  const world = await twin.create('ann');
  await twin.timers.advance(10_000);
  const readings = () => twin.server.log.filter((line) => line.includes('read the state of')).length;
  const gap = async () => {
    for (const follower of twin.homeserver('ann').followers) follower.release(true);
    await twin.timers.advance(10_000);
  };
  const { events } = await twin.run(twin.homeserver('ann').readState(world.room));
  channel(world).said = { setHash: '', stateDigest: stateDigest(events) };
  const before = readings();
  await gap();
  expect([readings() - before, channel(world).digests]).toEqual([0, 1]);
  channel(world).said = { setHash: '', stateDigest: 'another' };
  await gap();
  expect([readings() - before, channel(world).digests]).toEqual([1, 2]);
});

test('[LW5] a world that was opened for the room alone has no lane', async () => {
  const { twin, channels } = lanes();
  const world = await twin.create('ann', { lanes: ['matrix'] });
  expect([world.channel, world.status.value.lane, channels.length]).toEqual([null, 'matrix', 0]);
  expect(world.status.value.laneDetail).toMatch(/room alone/);
  expect(world.emit(null, 'ring')).toBe(false);
});
