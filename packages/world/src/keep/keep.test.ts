import { parseObjectId, WeftError } from '@weft/core';
import { parseRoomAlias } from '@weft/matrix';
import { SeededRandom } from '@weft/testing';
import { TwinDisk } from '@weft/testing/store';
import { describe, expect, it } from 'vitest';
import { TwinWorlds } from '../../test/twin-worlds.ts';
import type { World } from '../world.ts';
import type { Superseded } from '../world-events.ts';
import { lateAccount } from './late-account.ts';
import { storeName } from './store-name.ts';

const MINUTE_MS = 60_000;
const TABLE = parseObjectId('table');

function name(world: World, id: string): string | undefined {
  return world.get(parseObjectId(id))?.node?.name;
}

function add(world: World, key: string, text = key) {
  return world.edit(`add ${key}`, (e) => e.add({ id: parseObjectId(key), node: { name: text } }));
}

/** Turns a bit of what is kept of the room's state. */
function damageState(disk: TwinDisk, world: World) {
  const store = storeName(world.userId, world.room);
  const state = [...disk.records(store).keys()].find((key) => key.startsWith('state/')) ?? '';
  disk.flip(store, state, -1);
  return { store, state };
}

/** Ann's world, and Bob, a builder, on a device that keeps it. */
async function kept() {
  const worlds = new TwinWorlds();
  const { ann, bob } = await worlds.three();
  await worlds.run(bob.close());
  const disk = new TwinDisk();
  const homeserver = worlds.server.connectDevice('bob');
  const world = await worlds.openOn(disk, homeserver, ann.room);
  await worlds.timers.advance(1000);
  const again = async (online = false) => {
    const device = worlds.server.connectDevice('bob');
    device.faults.offline = !online;
    return { device, world: await worlds.openOn(disk, device, ann.room) };
  };
  return { worlds, ann, disk, homeserver, world, again };
}

describe('a world that this device keeps', () => {
  it('[I16] opens, answers, is edited and closes without a network, again and again', async () => {
    const { worlds, world, again } = await kept();
    add(world, 'table');
    await worlds.timers.advance(1000);
    await worlds.run(world.close());
    const first = await again();
    expect(first.world.status.value).toMatchObject({
      lane: 'offline',
      role: 'builder',
      notKept: null,
      unsaved: 0,
    });
    expect(first.world.query({ where: { 'node.name': 'table' } }).ids).toEqual([TABLE]);
    const edit = add(first.world, 'chair');
    await worlds.run(edit.kept);
    expect(first.world.status.value.unsaved).toBe(1);
    expect(await worlds.run(first.world.close())).toEqual({ unsaved: 1 });
    const second = await again();
    expect([name(second.world, 'table'), name(second.world, 'chair')]).toEqual(['table', 'chair']);
    expect(second.world.stage(parseObjectId('chair'))).toBe('local');
    await worlds.run(second.world.close());
  });

  it('[I26] converges after an hour apart with 500 edits on each side, loses none, and tells of each lost race', {
    timeout: 60_000,
  }, async () => {
    const { worlds, ann, world, again } = await kept();
    const random = new SeededRandom('hour apart');
    for (let at = 0; at < 20; at += 1) add(ann, `shared${at}`);
    await worlds.timers.advance(MINUTE_MS);
    await worlds.run(world.close());
    const { device, world: bob } = await again();
    const lost: Superseded[] = [];
    const lostByAnn: Superseded[] = [];
    bob.on('superseded', (event) => lost.push(event));
    ann.on('superseded', (event) => lostByAnn.push(event));
    for (let round = 0; round < 500; round += 1) {
      for (const side of [ann, bob]) {
        const who = side === ann ? 'ann' : 'bob';
        if (random.chance(0.3)) add(side, `${who}${round}`);
        else {
          const id = parseObjectId(`shared${random.below(20)}`);
          side.edit('rename', (e) => e.set(id, { node: { name: `${who} ${round}` } }));
        }
      }
      await worlds.timers.advance((60 * MINUTE_MS) / 500);
    }
    const mine = new Map([...bob.ids()].map((id) => [id, bob.get(id)?.node?.name]));
    expect(bob.status.value.lane).toBe('offline');
    device.goOnline();
    for (let waits = 0; waits < 100 && bob.status.value.lane === 'offline'; waits += 1)
      await worlds.timers.advance(100);
    await worlds.timers.advance(3000);
    expect(bob.hash()).toBe(ann.hash());
    await worlds.timers.advance(20 * MINUTE_MS);
    expect([bob.status.value.unsaved, ann.status.value.unsaved]).toEqual([0, 0]);
    expect(bob.hash()).toBe(ann.hash());
    // Nothing of either side is gone: it is there, or its author was told who won.
    const told = new Map(lost.flatMap((event) => event.lost).map(({ object, value }) => [object, value]));
    for (const [id, text] of mine) if (bob.get(id)?.node?.name !== text) expect(told.get(id)).toBe(text);
    expect(told.size).toBeGreaterThan(0);
    for (const { winner } of lost.flatMap((event) => event.lost))
      expect([...(winner?.authors ?? [])]).toEqual([ann.userId]);
    await worlds.run(bob.close());
  });

  it('[I23] tells which newer value won over an edit of an earlier run, and sets it again where asked', async () => {
    const { worlds, ann, world, again, homeserver, disk } = await kept();
    add(ann, 'table', 'Table');
    await worlds.timers.advance(2000);
    homeserver.goOffline();
    const edit = world.edit('rename', (e) => e.set(TABLE, { node: { name: 'Mine' } }));
    await worlds.run(edit.kept);
    homeserver.abandon();
    disk.crash();
    await worlds.timers.advance(1000);
    ann.edit('rename', (e) => e.set(TABLE, { node: { name: 'Hers' } }));
    await worlds.timers.advance(5000);
    const { device, world: next } = await again();
    expect(name(next, 'table')).toBe('Mine');
    const lost: Superseded[] = [];
    next.on('superseded', (event) => lost.push(event));
    device.goOnline();
    await worlds.timers.advance(MINUTE_MS);
    expect(name(next, 'table')).toBe('Hers');
    const [event] = lost;
    if (event === undefined || lost.length !== 1) throw new Error(`told ${lost.length} times`);
    expect(event.lost).toMatchObject([
      { object: TABLE, path: 'node.name', value: 'Mine', winner: { value: 'Hers' } },
    ]);
    next.restore(event);
    expect(name(next, 'table')).toBe('Mine');
    await worlds.timers.advance(MINUTE_MS);
    expect(name(ann, 'table')).toBe('Mine');
    next.undo();
    expect(name(next, 'table')).toBe('Hers');
    await worlds.run(next.close());
  });

  it('[I10] says of each edit when it is kept, and in its status why it would not be', async () => {
    const { worlds, world, disk } = await kept();
    await worlds.run(add(world, 'table').kept);
    disk.capacityBytes = 0;
    const full = add(world, 'chair');
    await worlds.timers.advance(3000);
    expect(world.status.value.notKept).toMatch(/room on the disk/);
    expect(world.problems.value.map(({ where }) => where)).toContain('this device');
    expect(name(world, 'chair')).toBe('chair');
    disk.capacityBytes = 1e9;
    await worlds.run(full.kept);
    expect(world.status.value.notKept).toBeNull();
    await worlds.run(world.close());
  });

  it('[I24] without a store rejects who waits for it to be kept, and says so in the status', async () => {
    const worlds = new TwinWorlds();
    const { bob } = await worlds.three();
    const error = await worlds.errorOf(add(bob, 'table').kept);
    expect(error).toBeInstanceOf(WeftError);
    expect(error).toMatchObject({ code: 'not-kept' });
    expect(bob.status.value.notKept).toMatch(/without a store/);
    await worlds.run(bob.close());
  });

  it('[I24] in a second window goes on without a store, says who has it, and takes it when it is free', async () => {
    const { worlds, world, disk } = await kept();
    const second = await worlds.openOn(disk, worlds.server.connectDevice('bob'), world.room);
    expect(second.status.value.notKept).toMatch(/another one that has it open/);
    expect(second.problems.value.some(({ where }) => where === 'this device')).toBe(true);
    expect(await worlds.errorOf(add(second, 'second').kept)).toMatchObject({ code: 'not-kept' });
    add(world, 'first');
    await worlds.timers.advance(2000);
    expect([name(second, 'first'), name(world, 'second')]).toEqual(['first', 'second']);
    await worlds.run(world.close());
    await worlds.timers.advance(6000);
    expect(second.status.value.notKept).toBeNull();
    await worlds.run(add(second, 'third').kept);
    await worlds.run(second.close());
    const device = worlds.server.connectDevice('bob');
    device.faults.offline = true;
    const later = await worlds.openOn(disk, device, world.room);
    expect(['first', 'second', 'third'].map((id) => name(later, id))).toEqual(['first', 'second', 'third']);
    await worlds.run(later.close());
  });

  it('[I14] puts a damaged store aside, opens from the room, says so, and sends the edits that are whole', async () => {
    const { worlds, ann, world, disk, homeserver } = await kept();
    add(ann, 'table');
    await worlds.timers.advance(2000);
    homeserver.goOffline();
    await worlds.run(add(world, 'mine').kept);
    await worlds.run(world.close());
    const { store, state } = damageState(disk, world);
    const damaged = new Map(disk.records(store));
    const again = await worlds.openOn(disk, worlds.server.connectDevice('bob'), world.room);
    const problem = again.problems.value.find(({ where }) => where === 'this device');
    expect(problem?.message).toMatch(/aside-1/);
    expect(problem?.message).toMatch(new RegExp(String(state)));
    expect([name(again, 'table'), name(again, 'mine')]).toEqual(['table', 'mine']);
    expect(disk.records(`${store}.aside-1`)).toEqual(damaged);
    await worlds.timers.advance(5000);
    expect(name(ann, 'mine')).toBe('mine');
    await worlds.run(again.close());
    const device = worlds.server.connectDevice('bob');
    device.faults.offline = true;
    const offline = await worlds.openOn(disk, device, world.room);
    expect([name(offline, 'table'), name(offline, 'mine')]).toEqual(['table', 'mine']);
    await worlds.run(offline.close());
  });

  it('[I14] keeps the edits that are whole where the world does not open beside a damaged store', async () => {
    const { worlds, ann, world, disk, homeserver } = await kept();
    homeserver.goOffline();
    await worlds.run(add(world, 'mine').kept);
    await worlds.run(world.close());
    damageState(disk, world);
    const device = worlds.server.connectDevice('bob');
    device.faults.offline = true;
    await expect(worlds.openOn(disk, device, world.room)).rejects.toMatchObject({ code: 'unreachable' });
    const again = await worlds.openOn(disk, worlds.server.connectDevice('bob'), world.room);
    expect(name(again, 'mine')).toBe('mine');
    await worlds.timers.advance(5000);
    expect(name(ann, 'mine')).toBe('mine');
    await worlds.run(again.close());
  });

  it('[I14] keeps them where it dies between putting the damaged store aside and beginning the next', async () => {
    const { worlds, ann, world, disk, homeserver } = await kept();
    homeserver.goOffline();
    await worlds.run(add(world, 'mine').kept);
    await worlds.run(world.close());
    const { store } = damageState(disk, world);
    disk.faults.push('crash-before');
    const dying = worlds.server.connectDevice('bob');
    await expect(worlds.openOn(disk, dying, world.room)).rejects.toThrow('Not settled');
    dying.abandon();
    expect(disk.names).toContain(`${store}.aside-1`);
    const again = await worlds.openOn(disk, worlds.server.connectDevice('bob'), world.room);
    expect(name(again, 'mine')).toBe('mine');
    await worlds.timers.advance(5000);
    expect(name(ann, 'mine')).toBe('mine');
    expect(await disk.recall(`${store}-saved`)).toBe('');
    await worlds.run(again.close());
  });

  it('[I25] finds a world by its alias, and its account, without a network', async () => {
    const worlds = new TwinWorlds();
    const ann = await worlds.create('ann', { alias: 'plaza' });
    await worlds.run(ann.close());
    const alias = parseRoomAlias('#plaza:twin.test');
    const disk = new TwinDisk();
    const world = await worlds.openOn(disk, worlds.server.connectDevice('ann'), alias);
    add(world, 'table');
    await worlds.timers.advance(2000);
    await worlds.run(world.close());
    const device = worlds.server.connectDevice('ann');
    let isUp = false;
    const late = lateAccount({ userId: world.userId, offsetMs: 0 }, device.url, async () => {
      if (!isUp) await device.joinedRooms();
      return device;
    });
    device.faults.offline = true;
    const offline = await worlds.openOn(disk, late, alias);
    expect(name(offline, 'table')).toBe('table');
    add(offline, 'chair');
    isUp = true;
    device.goOnline();
    await worlds.timers.advance(2 * MINUTE_MS);
    expect(offline.status.value).toMatchObject({ lane: 'matrix', unsaved: 0 });
    await worlds.run(offline.close());
  });

  it('[I25] is not found offline on a device that never had it, and says that the homeserver does not answer', async () => {
    const worlds = new TwinWorlds();
    const ann = await worlds.create('ann');
    const device = worlds.server.connectDevice('ann');
    device.faults.offline = true;
    const disk = new TwinDisk();
    const options = worlds.openOn(disk, device, ann.room);
    await expect(options).rejects.toMatchObject({ code: 'unreachable' });
    // Nothing stays open.
    await (await disk.open(storeName(ann.userId, ann.room))).close();
    await worlds.run(ann.close());
  });
});
