import { parseObjectId } from '@weft/core';
import { SeededRandom } from '@weft/testing';
import { TwinDisk } from '@weft/testing/store';
import { describe, expect, it } from 'vitest';
import { STORE, shown, type TwinClient, type TwinWorld, twinWorld } from './twin-world.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const OBJECT = 'world.weft.object';

/** The process of a client is no more: nothing that it began goes on. */
function kill({ homeserver }: TwinClient, disk: TwinDisk): void {
  homeserver.abandon();
  disk.crash();
}

async function close({ session, journal, homeserver }: TwinClient): Promise<void> {
  session.close();
  await journal?.close();
  homeserver.stop();
}

function nameOf(client: TwinClient, id: string): unknown {
  return shown(client, id, 'node.name');
}

function inRoom(world: TwinWorld, id: string): unknown {
  return world.server.room('look', world.room).current(OBJECT, id)?.content.node;
}

/** Opens the world as a builder who keeps it, and waits until the journal has all of it. */
async function keeping(world: TwinWorld, disk: TwinDisk): Promise<TwinClient> {
  const client = await world.open('builder', { disk });
  await world.timers.advance(100);
  return client;
}

describe('a session with a journal', () => {
  it('[I16] opens without its homeserver as it was left, with the edits that it could not send', async () => {
    const [world, disk] = [await twinWorld(), new TwinDisk()];
    world.owner.edit('table', { 'node.name': 'Table' });
    const online = await keeping(world, disk);
    online.edit('chair', { 'node.name': 'Chair' });
    await world.timers.advance(1000);
    online.homeserver.goOffline();
    online.edit('lamp', { 'node.name': 'Lamp' });
    await online.journal?.kept();
    await close(online);

    const offline = await world.open('builder', { disk, offline: true });
    expect(['table', 'chair', 'lamp'].map((id) => nameOf(offline, id))).toEqual(['Table', 'Chair', 'Lamp']);
    expect(offline.session.connection).toBe('offline');
    expect(offline.session.standing).toMatchObject({ role: 'builder', readOnly: null, title: 'Twin' });
    expect(offline.session.standing.members.map(({ user }) => user)).toEqual(
      online.session.standing.members.map(({ user }) => user),
    );
    offline.edit('lamp', { 'node.kind': 'lamp' });
    expect(offline.replica.stage(parseObjectId('lamp'))).toBe('local');
    await offline.journal?.kept();
    await close(offline);

    const again = await world.open('builder', { disk, offline: true });
    expect([nameOf(again, 'lamp'), shown(again, 'lamp', 'node.kind')]).toEqual(['Lamp', 'lamp']);
    await close(again);
  });

  it('[I17] sends what was edited offline when the homeserver answers, and takes in what it missed', async () => {
    const [world, disk] = [await twinWorld(), new TwinDisk()];
    await close(await keeping(world, disk));
    world.owner.edit('theirs', { 'node.name': 'Theirs' });
    await world.timers.advance(1000);
    const offline = await world.open('builder', { disk, offline: true });
    offline.edit('mine', { 'node.name': 'Mine' });
    expect(nameOf(offline, 'theirs')).toBeUndefined();
    await world.timers.advance(5 * MINUTE_MS);
    offline.homeserver.goOnline();
    await world.timers.advance(MINUTE_MS);
    expect(offline.session.connection).toBe('online');
    expect([nameOf(offline, 'theirs'), nameOf(world.owner, 'mine')]).toEqual(['Theirs', 'Mine']);
    expect(offline.session.unsaved).toBe(0);
    expect(offline.journal?.contents?.head.token).not.toBeNull();
    await close(offline);
    const settled = await world.open('builder', { disk, offline: true });
    expect(settled.replica.dirty().size).toBe(0);
    expect(nameOf(settled, 'mine')).toBe('Mine');
    await close(settled);
  });

  it('[I17] goes on from its token: what it knows is not read again', async () => {
    const [world, disk] = [await twinWorld(), new TwinDisk()];
    await close(await keeping(world, disk));
    const before = world.server.log.length;
    const again = await world.open('builder', { disk });
    await world.timers.advance(MINUTE_MS);
    const requests = world.server.log.slice(before).filter((line) => line.includes('read the state'));
    expect(requests).toEqual([]);
    expect(again.session.connection).toBe('online');
    await close(again);
  });

  it('[I17] reads the state again where it was last read long ago', async () => {
    const [world, disk] = [await twinWorld(), new TwinDisk()];
    world.owner.edit('gone', { 'node.name': 'Gone' });
    await world.timers.advance(1000);
    await close(await keeping(world, disk));
    await world.timers.advance(11 * MINUTE_MS);
    world.server.vanish(world.room, OBJECT, 'gone');
    const again = await world.open('builder', { disk });
    await world.timers.advance(5 * MINUTE_MS);
    // Found by reading, and written again.
    expect(inRoom(world, 'gone')).toEqual({ name: 'Gone' });
    await close(again);
  });

  it('[I17] tells nobody of a role that was lost meanwhile too late: the edit is refused and leaves the journal', async () => {
    const [world, disk] = [await twinWorld(), new TwinDisk()];
    await close(await keeping(world, disk));
    const offline = await world.open('builder', { disk, offline: true });
    offline.edit('mine', { 'node.name': 'Mine' });
    const levels = world.server.room('look', world.room).current('m.room.power_levels', '')?.content;
    await world.owner.homeserver.sendState(world.room, {
      type: 'm.room.power_levels',
      stateKey: '',
      content: JSON.parse(JSON.stringify({ ...levels, users: {} })),
    });
    offline.homeserver.goOnline();
    await world.timers.advance(2 * MINUTE_MS);
    expect(offline.refused).toMatchObject([{ ids: ['mine'], error: { code: 'forbidden' } }]);
    await close(offline);
    const again = await world.open('builder', { disk, offline: true });
    expect(nameOf(again, 'mine')).toBeUndefined();
    await close(again);
  });

  it('[I18] loses no kept edit and repeats none, wherever its process is killed on the way to the room', async () => {
    for (let killMs = 0; killMs <= 400; killMs += 20) {
      const [world, disk] = [await twinWorld({ seed: `kill ${killMs}` }), new TwinDisk()];
      const client = await keeping(world, disk);
      const kept: string[] = [];
      for (const id of ['one', 'two', 'three']) {
        client.edit(id, { 'node.name': id });
        void client.journal?.kept().then(() => kept.push(id));
        await world.timers.advance(killMs / 3);
      }
      kill(client, disk);
      const again = await world.open('builder', { disk, offline: true });
      for (const id of kept) expect(nameOf(again, id)).toBe(id);
      again.homeserver.goOnline();
      await world.timers.advance(MINUTE_MS);
      for (const id of kept) expect(inRoom(world, id)).toEqual({ name: id });
      expect(again.session.unsaved).toBe(0);
      const events = world.server.room('look', world.room).timeline.filter(({ type }) => type === OBJECT);
      const texts = events.map(({ state_key: key, content }) => `${key} ${JSON.stringify(content.node)}`);
      expect(new Set(texts).size).toBe(texts.length);
      await close(again);
    }
  });

  it('[I18] loses no kept edit wherever the device dies between two writes', async () => {
    for (const fault of ['crash-before', 'crash-after'] as const) {
      for (let writes = 0; writes < 12; writes += 1) {
        const [world, disk] = [await twinWorld({ seed: `${fault} ${writes}` }), new TwinDisk()];
        const client = await keeping(world, disk);
        disk.faults.push(...Array.from({ length: writes }, () => 'none' as const), fault);
        const kept: string[] = [];
        for (let at = 0; at < 6; at += 1) {
          client.edit(`o${at}`, { 'node.name': `o${at}` });
          void client.journal?.kept().then(() => kept.push(`o${at}`));
          await world.timers.advance(60);
        }
        client.homeserver.abandon();
        disk.crash();
        disk.faults.length = 0;
        const again = await world.open('builder', { disk });
        await world.timers.advance(MINUTE_MS);
        for (const id of kept) expect(inRoom(world, id)).toEqual({ name: id });
        await close(again);
      }
    }
  });

  it('[I19] keeps what was durable, also where the room lost it since and this client was alone', async () => {
    const [world, disk] = [await twinWorld(), new TwinDisk()];
    world.owner.session.close();
    const client = await keeping(world, disk);
    client.edit('table', { 'node.name': 'Table' });
    await world.timers.advance(1000);
    expect(client.session.unsaved).toBe(0);
    kill(client, disk);
    // 23 hours later: a state resolution has taken it away meanwhile.
    world.server.vanish(world.room, OBJECT, 'table');
    await world.timers.advance(23 * HOUR_MS);
    const again = await world.open('builder', { disk });
    expect(nameOf(again, 'table')).toBe('Table');
    await world.timers.advance(5 * MINUTE_MS);
    expect(inRoom(world, 'table')).toEqual({ name: 'Table' });
    await close(again);
  });

  it('[I20] goes on while the device has no room, says so, and is kept again when it has', async () => {
    const [world, disk] = [await twinWorld(), new TwinDisk()];
    const client = await keeping(world, disk);
    disk.capacityBytes = 0;
    client.edit('mine', { 'node.name': 'Mine' });
    const kept: string[] = [];
    void client.journal?.kept().then(() => kept.push('mine'));
    world.owner.edit('theirs', { 'node.name': 'Theirs' });
    await world.timers.advance(5000);
    expect([nameOf(client, 'theirs'), nameOf(world.owner, 'mine')]).toEqual(['Theirs', 'Mine']);
    expect(kept).toEqual([]);
    expect(client.session.journal?.notKept).toMatch(/room on the disk/);
    expect(client.problems.map(({ carrier }) => carrier)).toEqual(['this device']);
    disk.capacityBytes = 1e9;
    await world.timers.advance(2 * MINUTE_MS);
    expect(kept).toEqual(['mine']);
    expect(client.session.journal?.notKept).toBeNull();
    kill(client, disk);
    const again = await world.open('builder', { disk, offline: true });
    expect([nameOf(again, 'theirs'), nameOf(again, 'mine')]).toEqual(['Theirs', 'Mine']);
    await close(again);
  });

  it('[I20] applies and tells nothing of a step until it is written, or the device was waited for', async () => {
    const [world, disk] = [await twinWorld(), new TwinDisk()];
    const client = await keeping(world, disk);
    disk.hold();
    world.owner.edit('theirs', { 'node.name': 'Theirs' });
    await world.timers.advance(5000);
    expect([nameOf(client, 'theirs'), client.changes.length]).toEqual([undefined, 0]);
    disk.release();
    await world.timers.advance(10);
    expect([nameOf(client, 'theirs'), client.changes.length]).toEqual(['Theirs', 1]);
    await close(client);
  });

  it('[I21] never issues a stamp at or below one of an earlier run, also where the clock went back', async () => {
    const [world, disk] = [await twinWorld(), new TwinDisk()];
    const client = await keeping(world, disk);
    const first = client.edit('table', { 'node.name': 'First' });
    await client.journal?.kept();
    kill(client, disk);
    world.timers.step(-30_000);
    const again = await world.open('builder', { disk, offline: true });
    const second = again.edit('table', { 'node.name': 'Second' });
    const timeOf = (patch: typeof first) =>
      [...patch.objects.values()][0]?.registers.values().next().value?.stamp;
    expect(timeOf(second)?.time).toBeGreaterThan(Number(timeOf(first)?.time));
    expect(timeOf(second)?.actor).not.toBe(timeOf(first)?.actor);
    expect(nameOf(again, 'table')).toBe('Second');
    await close(again);
  });

  it('[I21] stamps anew what an earlier run stamped under a clock that was far ahead', async () => {
    const [world, disk] = [await twinWorld(), new TwinDisk()];
    await close(await keeping(world, disk));
    world.timers.step(2 * HOUR_MS);
    const fast = await world.open('builder', { disk, offline: true });
    fast.edit('table', { 'node.name': 'Mine' });
    await fast.journal?.kept();
    kill(fast, disk);
    world.timers.step(-2 * HOUR_MS);
    const right = await world.open('builder', { disk, offline: true });
    expect(nameOf(right, 'table')).toBe('Mine');
    expect(right.replica.quarantined).toBe(0);
    right.homeserver.goOnline();
    await world.timers.advance(MINUTE_MS);
    expect(nameOf(world.owner, 'table')).toBe('Mine');
    await close(right);
  });

  it('[I22] takes up a journal later, with what it held, and what is known by then', async () => {
    const [world, disk] = [await twinWorld(), new TwinDisk()];
    const first = await keeping(world, disk);
    first.homeserver.goOffline();
    first.edit('kept', { 'node.name': 'Kept' });
    await first.journal?.kept();
    kill(first, disk);
    const second = await world.open('builder');
    world.owner.edit('theirs', { 'node.name': 'Theirs' });
    second.edit('mine', { 'node.name': 'Mine' });
    await world.timers.advance(2000);
    const journal = await world.journalOn(disk, second);
    second.session.attach(journal);
    await world.timers.advance(2000);
    expect(nameOf(world.owner, 'kept')).toBe('Kept');
    second.session.close();
    await journal.close();
    const third = await world.open('builder', { disk, offline: true });
    expect(['kept', 'theirs', 'mine'].map((id) => nameOf(third, id))).toEqual(['Kept', 'Theirs', 'Mine']);
    expect(third.replica.dirty().size).toBe(0);
    await close(third);
  });

  it('[I13] keeps nothing of what was purged, on the way or not', async () => {
    const [world, disk] = [await twinWorld(), new TwinDisk()];
    const client = await keeping(world, disk);
    const raw = () =>
      [...disk.records(STORE).values()].map((record) => Buffer.from(record).toString('latin1')).join();
    client.edit('spam', { 'node.name': 'SECRET-1' });
    await world.timers.advance(1000);
    client.edit('spam', { 'node.name': 'SECRET-2' });
    await world.timers.advance(1000);
    client.homeserver.goOffline();
    client.edit('spam', { 'node.kind': 'SECRET-3' });
    await client.journal?.kept();
    expect(raw()).toMatch(/SECRET-2/);
    const event = world.server.room('look', world.room).current(OBJECT, 'spam');
    if (event === undefined) throw new Error('no event');
    await world.timers.advance(1000);
    await world.owner.homeserver.redact(world.room, event.event_id, 'spam');
    // Its first write is lost, so that it hears of the redaction before it writes.
    client.homeserver.faults.add({ kind: 'lost' });
    client.homeserver.goOnline();
    await world.timers.advance(MINUTE_MS);
    expect(nameOf(client, 'spam')).toBeUndefined();
    expect(raw()).not.toMatch(/SECRET/);
    await close(client);
    const again = await world.open('builder', { disk, offline: true });
    expect(again.replica.registers(parseObjectId('spam'))?.size ?? 0).toBe(0);
    await close(again);
  });

  it('[I17] writes nothing before it knows what the room holds by now: what was redacted meanwhile stays gone', async () => {
    const [world, disk] = [await twinWorld(), new TwinDisk()];
    const client = await keeping(world, disk);
    client.edit('spam', { 'node.name': 'Spam' });
    await world.timers.advance(1000);
    await close(client);
    const offline = await world.open('builder', { disk, offline: true });
    offline.edit('spam', { 'node.kind': 'more of it' });
    await offline.journal?.kept();
    const event = world.server.room('look', world.room).current(OBJECT, 'spam');
    if (event === undefined) throw new Error('no event');
    await world.timers.advance(1000);
    await world.owner.homeserver.redact(world.room, event.event_id, 'spam');
    offline.homeserver.goOnline();
    await world.timers.advance(MINUTE_MS);
    const late = await world.open('other');
    for (const seen of [offline, world.owner, late]) expect(nameOf(seen, 'spam')).toBeUndefined();
    expect(inRoom(world, 'spam')).toBeUndefined();
    expect(offline.session.unsaved).toBe(0);
    await close(offline);
  });

  it('[I18] ends equal to the room after any history of edits, kills and lost connections', async () => {
    for (let seed = 0; seed < 12; seed += 1) {
      const random = new SeededRandom(`history ${seed}`);
      const [world, disk] = [await twinWorld({ seed: `history ${seed}` }), new TwinDisk()];
      let client = await keeping(world, disk);
      const kept = new Map<string, number>();
      for (let at = 0; at < 40; at += 1) {
        const id = `o${random.below(5)}`;
        if (random.chance(0.6)) {
          client.edit(id, { 'node.name': String(at) });
          void client.journal?.kept().then(() => kept.set(id, at));
        }
        if (random.chance(0.2)) world.owner.edit(`o${random.below(5)}`, { 'node.kind': String(at) });
        await world.timers.advance(random.below(400));
        if (random.chance(0.1)) client.homeserver.goOffline();
        if (random.chance(0.2)) client.homeserver.goOnline();
        if (random.chance(0.05))
          disk.faults.push(random.pick(['full', 'failed', 'crash-before', 'crash-after'] as const));
        if (random.chance(0.15)) {
          kill(client, disk);
          disk.faults.length = 0;
          client = await world.open('builder', { disk, offline: random.chance(0.5) });
        }
      }
      disk.faults.length = 0;
      kill(client, disk);
      client = await world.open('builder', { disk });
      await world.timers.advance(10 * MINUTE_MS);
      expect(client.session.unsaved).toBe(0);
      for (const [id, at] of kept) expect(Number(nameOf(client, id))).toBeGreaterThanOrEqual(at);
      for (const id of ['o0', 'o1', 'o2', 'o3', 'o4'])
        expect([id, nameOf(world.owner, id), shown(world.owner, id, 'node.kind')]).toEqual([
          id,
          nameOf(client, id),
          shown(client, id, 'node.kind'),
        ]);
      await close(client);
    }
  });
});
