import {
  decodeObjectEvent,
  entriesOf,
  isActorId,
  type ObjectRegisters,
  type Patch,
  parseObjectId,
  parsePath,
  parseUserId,
  patchOf,
  timeFromMs,
  WeftError,
} from '@weft/core';
import { TwinDisk } from '@weft/testing/store';
import { describe, expect, it } from 'vitest';
import { shown, type TwinClient, type TwinWorld, twinWorld } from '../../test/twin-world.ts';

const [ANN = expect.fail()] = ['actor-ann---'].filter(isActorId);
const ANN_USER = parseUserId('@ann:twin.test');
const TABLE = parseObjectId('table');
const NAME = parsePath('node.name');

function said(world: TwinWorld, value: string, byMs = 0): Patch {
  const stamp = { time: timeFromMs(world.timers.now() + byMs), actor: ANN };
  return patchOf({
    registers: [{ id: TABLE, path: NAME, register: { value, stamp } }],
    actors: [[ANN, [ANN_USER]]],
  });
}

function registersOf(patch: Patch): ObjectRegisters {
  return new Map([...patch.objects].map(([id, { registers }]) => [id, registers]));
}

/** What the room holds of the table: its stamps and who is said to have written them. */
function inRoom(world: TwinWorld) {
  const event = world.server.room('look', world.room).current('world.weft.object', 'table');
  if (event === undefined) return null;
  const { sender, content, origin_server_ts: originServerTs } = event;
  const { patch } = decodeObjectEvent({ stateKey: 'table', sender, content, originServerTs });
  return {
    registers: [...entriesOf(patch)].map(({ register }) => [register.value, register.stamp.actor]),
    authors: [...patch.actors].map(([actor, users]) => [actor, [...users]]),
  };
}

const changesOf = ({ changes }: TwinClient) =>
  changes.map(({ origin, added, changed }) => [origin, added.length, changed.size]);

describe('what a session hears on a lane', () => {
  it('[LW1] shows and is told, is not written to the room, and is the room’s once that brings it', async () => {
    const world = await twinWorld();
    const heard = said(world, 'Heard');
    const builder = await world.open('builder');
    builder.session.lane.hear(heard);
    expect([shown(builder, 'table', 'node.name'), builder.session.unsaved]).toEqual(['Heard', 0]);
    expect(changesOf(builder)).toEqual([['live', 1, 0]]);
    await world.timers.advance(60_000);
    expect(world.written(builder)).toEqual([]);
    world.owner.session.write(heard, 'import');
    await world.timers.advance(10_000);
    expect(changesOf(builder)).toEqual([['live', 1, 0]]);
    expect(builder.replica.livePatch().objects.size).toBe(0);
    builder.session.lane.retract(registersOf(heard));
    expect(shown(builder, 'table', 'node.name')).toBe('Heard');
  });

  it('[LW1] is not written along with an edit of the same object', async () => {
    const world = await twinWorld();
    await world.forbidBundles();
    const builder = await world.open('builder');
    builder.session.lane.hear(said(world, 'Heard'));
    builder.edit('table', { 'node.kind': 'table' });
    await world.timers.advance(10_000);
    expect(inRoom(world)?.registers.map(([value]) => value)).toEqual(['table']);
    expect(builder.session.unsaved).toBe(0);
    const change = builder.session.lane.retract(registersOf(builder.replica.livePatch()));
    expect([...change.changed]).toEqual([[TABLE, [NAME]]]);
  });
});

describe('what a session adopts', () => {
  it('[LW2] is written once under its own stamp, with its author’s claim', async () => {
    const world = await twinWorld();
    await world.forbidBundles();
    const builder = await world.open('builder');
    builder.session.lane.hear(said(world, 'Heard'));
    builder.session.lane.adopt(registersOf(builder.replica.livePatch()));
    expect(builder.session.unsaved).toBe(1);
    await world.timers.advance(10_000);
    expect(inRoom(world)).toEqual({ registers: [['Heard', ANN]], authors: [[ANN, [ANN_USER]]] });
    expect(builder.session.unsaved).toBe(0);
    expect(builder.settled.map(({ outcome }) => outcome)).toEqual(['durable']);
    expect(world.writes(builder)).toBe(1);
  });

  it('[LW2] goes on in the next run of a client that was killed, under its own stamp still', async () => {
    const world = await twinWorld();
    await world.forbidBundles();
    const disk = new TwinDisk();
    const first = await world.open('builder', { disk });
    first.homeserver.faults.offline = true;
    first.session.lane.hear(said(world, 'Heard', 50_000));
    first.session.lane.adopt(registersOf(first.replica.livePatch()));
    await first.journal?.kept();
    first.session.close();
    await first.journal?.close();
    const second = await world.open('builder', { disk });
    expect(shown(second, 'table', 'node.name')).toBe('Heard');
    await world.timers.advance(10_000);
    expect(inRoom(world)).toEqual({ registers: [['Heard', ANN]], authors: [[ANN, [ANN_USER]]] });
  });

  it('[LW2] is gone where the room refuses it, from the device as well, and it is told what', async () => {
    const world = await twinWorld();
    const disk = new TwinDisk();
    const builder = await world.open('builder', { disk });
    const heard = said(world, 'Heard');
    builder.session.lane.hear(heard);
    builder.homeserver.faults.offline = true;
    builder.session.lane.adopt(registersOf(heard));
    const room = world.server.room('demote', world.room);
    const content = { ...room.current('m.room.power_levels', '')?.content, users: {} };
    world.server.append(room, { type: 'm.room.power_levels', sender: room.creator, stateKey: '', content });
    builder.homeserver.faults.offline = false;
    await world.timers.advance(60_000);
    expect(shown(builder, 'table', 'node.name')).toBeUndefined();
    expect(builder.refused).toMatchObject([{ ids: [TABLE], error: { code: 'forbidden' } }]);
    expect([...(builder.refused[0]?.registers.get(TABLE)?.values() ?? [])]).toMatchObject([
      { value: 'Heard' },
    ]);
    builder.session.close();
    await builder.journal?.close();
    const again = await world.open('builder', { disk });
    expect(again.replica.dirty().size).toBe(0);
  });
});

describe('what an earlier run wrote', () => {
  it('[LW15] and only a relay still holds, is brought to the room by the next run', async () => {
    const world = await twinWorld();
    await world.forbidBundles();
    const disk = new TwinDisk();
    const first = await world.open('builder', { disk });
    first.edit('chair', { 'node.name': 'Chair' });
    await first.journal?.kept();
    // Nobody but the relay was told of this one before the device failed.
    const stamp = first.replica.clock.issue();
    const { actor } = stamp;
    const lost = patchOf({
      registers: [{ id: TABLE, path: NAME, register: { value: 'Lost', stamp } }],
      actors: [[actor, [first.homeserver.userId]]],
    });
    await world.timers.advance(5_000);
    first.session.close();
    await first.journal?.close();
    const second = await world.open('builder', { disk });
    second.session.lane.hear(lost);
    expect([shown(second, 'table', 'node.name'), second.session.unsaved]).toEqual(['Lost', 1]);
    second.session.lane.hear(said(world, 'Older', -60_000));
    await world.timers.advance(10_000);
    expect(inRoom(world)?.registers).toEqual([['Lost', actor]]);
    expect([second.session.unsaved, second.replica.stage(TABLE)]).toEqual([0, 'durable']);
  });

  it('[LW15] is told of when it comes up later, and so is what is stamped anew', async () => {
    const world = await twinWorld();
    const disk = new TwinDisk();
    const first = await world.open('builder', { disk });
    first.homeserver.faults.offline = true;
    first.edit('chair', { 'node.name': 'Chair' });
    await first.journal?.kept();
    first.session.close();
    await first.journal?.close();
    const second = await world.open('builder');
    let times = 0;
    second.session.on('resumed', () => {
      times += 1;
    });
    second.session.attach(await world.journalOn(disk, second));
    expect([times, shown(second, 'chair', 'node.name')]).toEqual([1, 'Chair']);
  });
});

describe('what a relay says of own edits', () => {
  it('[LW3] that it holds them is told, and that it refuses them takes them out of the scene', async () => {
    const world = await twinWorld();
    const builder = await world.open('builder');
    const held: ObjectRegisters[] = [];
    builder.session.on('held', (registers) => held.push(registers));
    const table = registersOf(builder.edit('table', { 'node.name': 'Table' }));
    const chair = registersOf(builder.edit('chair', { 'node.name': 'Chair' }));
    builder.session.lane.hold(table);
    expect([held, builder.replica.stage(TABLE)]).toEqual([[table], 'held']);
    const unheld: string[] = [];
    builder.session.on('unheld', (ids) => unheld.push(...ids));
    for (let times = 0; times < 2; times++) builder.session.lane.forgetHeld();
    expect([unheld, builder.replica.stage(TABLE)]).toEqual([['table'], 'local']);
    const error = new WeftError('rule', {
      what: 'keep a chair',
      expected: 'none',
      got: 'one',
      hint: 'Leave it.',
    });
    builder.session.lane.refuse(chair, error);
    expect(shown(builder, 'chair', 'node.name')).toBeUndefined();
    expect(builder.refused).toEqual([{ ids: [parseObjectId('chair')], registers: chair, error }]);
    await world.timers.advance(10_000);
    expect(builder.replica.stage(TABLE)).toBe('durable');
    expect(builder.session.unsaved).toBe(0);
  });
});
