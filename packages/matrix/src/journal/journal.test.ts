import {
  BUNDLE_SLOTS,
  encodeBundle,
  entriesOf,
  newActorId,
  type ObjectId,
  type Patch,
  parseObjectId,
  parsePath,
  parseTime,
  parseUserId,
  patchOf,
  type Time,
  timeFromMs,
  writerKey,
} from '@weft/core';
import { FakeTimers, SeededRandom, settle } from '@weft/testing';
import { TwinDisk } from '@weft/testing/store';
import { beforeEach, describe, expect, it } from 'vitest';
import { parseEventId, parseRoomId } from '../ids.ts';
import { decodeCarrier } from '../room/decode-carrier.ts';
import { sourceOf } from '../room/stages.ts';
import type { RoomEvent } from '../room-event.ts';
import { type Journal, MAX_UNWRITTEN_EVENTS } from './journal.ts';
import { type JournalUpdate, NO_UPDATE } from './journal-batch.ts';
import { type OpenedJournal, openJournal } from './open-journal.ts';

const USER = parseUserId('@ann:a.org');
const ROOM = parseRoomId(`!${'A'.repeat(43)}`);
const OWNER = { user: USER, room: ROOM };
const DAY_MS = 24 * 60 * 60_000;

let disk: TwinDisk;
let timers: FakeTimers;
let random: SeededRandom;
let pending: Patch;
let events: number;

beforeEach(() => {
  disk = new TwinDisk();
  timers = new FakeTimers();
  random = new SeededRandom('journal');
  pending = patchOf({});
  events = 0;
});

async function open(): Promise<OpenedJournal> {
  return openJournal({
    store: await disk.open('w'),
    owner: OWNER,
    actor: newActorId(random.bytes),
    pending: () => pending,
    decode: (event) => decodeCarrier(event)?.patch ?? null,
    timers,
    fraction: () => 0,
  });
}

async function opened(): Promise<Journal> {
  const found = await open();
  if (found.kind === 'damaged') throw found.error;
  return found.journal;
}

function edit(id: string, name: string): Patch {
  const stamp = { time: timeFromMs(timers.now()), actor: newActorId(random.bytes) };
  return patchOf({
    registers: [{ id: parseObjectId(id), path: parsePath('node.name'), register: { value: name, stamp } }],
    actors: [[stamp.actor, [USER]]],
  });
}

function event(id: string, name: string, more: Partial<RoomEvent> = {}): RoomEvent {
  events += 1;
  return {
    id: parseEventId(`$${String(events).padStart(43, '0')}`),
    type: 'world.weft.object',
    sender: USER,
    stateKey: id,
    content: { node: { name } },
    atMs: timers.now(),
    replaces: null,
    redactedAtMs: null,
    ageMs: null,
    ...more,
  };
}

function bundle(patch: Patch): RoomEvent {
  const encoded = encodeBundle(patch);
  if (!encoded.fits) throw new Error('too large');
  const stateKey = writerKey(USER, 0, BUNDLE_SLOTS);
  return event(stateKey, '', { type: 'world.weft.bundle', content: encoded.content });
}

function update(parts: Partial<JournalUpdate>): JournalUpdate {
  return { ...NO_UPDATE, ...parts };
}

function names(patch: Patch): Record<string, unknown> {
  return Object.fromEntries(
    [...patch.objects].map(([id, { registers }]) => [id, registers.get(parsePath('node.name'))?.value]),
  );
}

async function contents() {
  const journal = await opened();
  await journal.close();
  if (journal.contents === null) throw new Error('empty');
  return journal.contents;
}

describe('a journal', () => {
  it('[I9] gives back edits, state, past events, token and clock', async () => {
    const journal = await opened();
    expect(journal.contents).toBeNull();
    const table = edit('table', 'Table');
    journal.keepEdit(table);
    journal.keepEdit(edit('chair', 'Chair'));
    await journal.kept();
    const current = [
      event('lamp', 'Lamp'),
      event('gone', 'Gone'),
      event('', 'World', { type: 'm.room.name' }),
    ];
    const past = event('lamp', 'Old lamp');
    await journal.keepUpdate(update({ current, past: [past], token: 't1', readMs: 7 }));
    await journal.keepUpdate(update({ gone: [['world.weft.object', 'gone']] }));
    await journal.close();
    const found = await contents();
    expect(names(found.pending)).toEqual({ table: 'Table', chair: 'Chair' });
    expect(found.pending.actors.size).toBe(2);
    expect(found.state.map(({ content }) => content)).toEqual(
      expect.arrayContaining([{ node: { name: 'Lamp' } }, { node: { name: 'World' } }]),
    );
    expect(found.state).toHaveLength(2);
    expect(found.past).toEqual([past]);
    expect(found.head).toMatchObject({ user: USER, room: ROOM, token: 't1', readMs: 7 });
    expect(found.head.clock).toBe(timeFromMs(timers.now()));
    expect(found.head.actors).toEqual(journal.actors);
  });

  it('[I9] keeps state as it is redacted, and by keys of any letters', async () => {
    const journal = await opened();
    const odd = event('\0 ü/'.repeat(50), 'Odd');
    const redacted = event('spam', 'Spam', { content: {}, redactedAtMs: 5 });
    await journal.keepUpdate(update({ current: [odd, redacted] }));
    await journal.close();
    const { state } = await contents();
    expect(state).toEqual(expect.arrayContaining([odd, redacted]));
  });

  it('[I10] says that an edit is kept when it is, and not before', async () => {
    const journal = await opened();
    disk.hold();
    journal.keepEdit(edit('table', 'Table'));
    const said: string[] = [];
    void journal.kept().then(() => said.push('table'));
    journal.keepEdit(edit('chair', 'Chair'));
    void journal.kept().then(() => said.push('chair'));
    await settle();
    expect(said).toEqual([]);
    disk.release();
    await settle();
    expect(said).toEqual(['table', 'chair']);
    await journal.close();
  });

  it('[I10] writes what came up during one write with the next one', async () => {
    const journal = await opened();
    disk.hold();
    for (let at = 0; at < 100; at += 1) journal.keepEdit(edit(`object-${at}`, String(at)));
    disk.release();
    await journal.kept();
    expect(disk.writes).toBe(2);
    await journal.close();
    expect((await contents()).pending.objects.size).toBe(100);
  });

  it('[I10] rejects whoever waits when it is closed without room, and keeps trying while it is open', async () => {
    const journal = await opened();
    disk.capacityBytes = 0;
    journal.keepEdit(edit('table', 'Table'));
    const kept = journal.kept();
    const outcome = kept.then(
      () => 'kept',
      (error: Error) => error.message,
    );
    await timers.advance(10 * 60_000);
    expect(journal.notKept).toMatch(/expected room on the disk/);
    disk.capacityBytes = 1e6;
    await timers.advance(60_000 * 1.5);
    expect(await outcome).toBe('kept');
    expect(journal.notKept).toBeNull();
    disk.capacityBytes = 0;
    journal.keepEdit(edit('chair', 'Chair'));
    const last = journal.kept();
    const rejected = expect(last).rejects.toMatchObject({ code: 'full' });
    await timers.advance(1000);
    await journal.close();
    await rejected;
    disk.capacityBytes = 1e6;
    expect(names((await contents()).pending)).toEqual({ table: 'Table' });
  });

  it('[I11] lets a step of the room wait for the device a while, then go on, and catches up', async () => {
    const journal = await opened();
    disk.faults.push('full', 'full', 'full', 'full', 'full');
    const told: (string | null)[] = [];
    journal.onChange(() => told.push(journal.notKept));
    const done: string[] = [];
    void journal.keepUpdate(update({ current: [event('a', 'A')], token: 't1' })).then(() => done.push('a'));
    await timers.advance(300);
    expect(done).toEqual([]);
    await timers.advance(500);
    expect(done).toEqual(['a']);
    void journal.keepUpdate(update({ current: [event('b', 'B')], token: 't2' })).then(() => done.push('b'));
    await settle();
    expect(done).toEqual(['a', 'b']);
    await timers.advance(60_000);
    expect(told).toEqual([expect.stringMatching(/room/), null]);
    await journal.close();
    const { state, head } = await contents();
    expect([state.length, head.token]).toEqual([2, 't2']);
  });

  it('[I11] is given up past 10,000 steps that the device did not take, and stays what it was', async () => {
    const journal = await opened();
    journal.keepEdit(edit('table', 'Table'));
    await journal.kept();
    disk.capacityBytes = 0;
    for (let at = 0; at < MAX_UNWRITTEN_EVENTS; at += 1) journal.keepEdit(edit('chair', String(at)));
    await timers.advance(10_000);
    const kept = journal.kept();
    const rejected = expect(kept).rejects.toMatchObject({ code: 'full' });
    disk.capacityBytes = 0;
    journal.keepEdit(edit('chair', 'one more'));
    await rejected;
    await expect(journal.kept()).rejects.toMatchObject({ code: 'full' });
    disk.capacityBytes = 1e9;
    await timers.advance(120_000);
    expect(journal.notKept).toMatch(/room/);
    await journal.close();
    expect(names((await contents()).pending)).toEqual({ table: 'Table' });
  });

  it('[I12] puts many records together, and forgets edits that are not pending any more', async () => {
    const journal = await opened();
    let all: Patch = patchOf({});
    for (let at = 0; at < 200; at += 1) {
      const one = edit(`object-${at % 7}`, String(at));
      all = one;
      journal.keepEdit(one);
      pending = one;
      await journal.kept();
    }
    expect([...disk.records('w').keys()].filter((key) => key.startsWith('pending/')).length).toBeLessThan(70);
    pending = all;
    journal.pendingChanged();
    await journal.close();
    expect(names((await contents()).pending)).toEqual(names(all));
    const again = await opened();
    pending = patchOf({});
    again.pendingChanged();
    await again.close();
    expect((await contents()).head.pending).toEqual([]);
  });

  it('[I12] folds events older than a day, and more than a thousand, into the floor', async () => {
    const journal = await opened();
    const old = event('old', 'Old', { atMs: timers.now() - DAY_MS });
    await journal.keepUpdate(update({ past: [old] }));
    const recent = Array.from({ length: 1_001 }, (_, at) =>
      event(`recent-${at}`, 'Recent', { atMs: timers.now() + at }),
    );
    for (let at = 0; at < 70; at += 1) await journal.keepUpdate(update({ past: at === 0 ? recent : [old] }));
    await journal.close();
    const { past, floor } = await contents();
    expect(names(floor)).toEqual({ old: 'Old', 'recent-0': 'Recent' });
    expect(past.filter(({ stateKey }) => stateKey !== 'old')).toHaveLength(1_000);
  });

  it('[I13] leaves nothing of what was purged or retracted on the device', async () => {
    const journal = await opened();
    const spam = event('spam', 'SECRET-1');
    const taken = event('lamp', 'SECRET-2');
    await journal.keepUpdate(update({ current: [event('lamp', 'Lamp')], past: [spam, taken] }));
    journal.keepEdit(edit('spam', 'SECRET-3'));
    await journal.kept();
    const raw = () =>
      [...disk.records('w').values()].map((record) => Buffer.from(record).toString('latin1')).join();
    expect(raw()).toMatch(/SECRET-1/);
    const until: Time = parseTime(timeFromMs(timers.now() + 1));
    const purged = new Map<ObjectId, Time>([[parseObjectId('spam'), until]]);
    await journal.keepUpdate(update({ purged, retracted: [taken.id] }));
    expect(raw()).not.toMatch(/SECRET/);
    await journal.close();
    const { floor, past } = await contents();
    expect(floor.objects.get(parseObjectId('spam'))).toEqual({ registers: new Map(), purge: until });
    expect(past).toEqual([]);
  });

  it('[I13] can take back what was purged in part, and what was in a blob', async () => {
    const journal = await opened();
    const nowMs = timers.now();
    const until: Time = parseTime(timeFromMs(nowMs + 1));
    const both = patchOf({
      registers: [...entriesOf(edit('spam', 'SECRET')), ...entriesOf(edit('lamp', 'Left'))],
    });
    const [first, second] = [bundle(both), bundle(both)];
    await timers.advance(10);
    const later = event('spam', 'Later');
    const blob = { source: sourceOf(event('', '')), patch: edit('blob', 'Blob') };
    await journal.keepUpdate(update({ past: [first, second, later], remains: [blob] }));
    const purged = new Map<ObjectId, Time>([[parseObjectId('spam'), until]]);
    await journal.keepUpdate(update({ purged }));
    await journal.close();
    const purgedOnly = await contents();
    expect(purgedOnly.past).toEqual([later]);
    expect(purgedOnly.remains.map(({ source, patch }) => [source.event, names(patch)])).toEqual([
      [first.id, { lamp: 'Left' }],
      [second.id, { lamp: 'Left' }],
      [blob.source.event, { blob: 'Blob' }],
    ]);

    const again = await opened();
    await again.keepUpdate(update({ retracted: [first.id, blob.source.event, later.id] }));
    await again.close();
    const { past, remains, floor } = await contents();
    expect([past, remains.map(({ source }) => source.event), names(floor)]).toEqual([
      [],
      [second.id],
      { spam: undefined },
    ]);

    await timers.advance(DAY_MS);
    const old = await opened();
    await old.keepUpdate(update({ purged }));
    await old.close();
    const folded = await contents();
    expect([folded.remains, names(folded.floor)]).toEqual([[], { lamp: 'Left', spam: undefined }]);
  });

  describe('of which something is not what was written', () => {
    beforeEach(async () => {
      const journal = await opened();
      await journal.keepUpdate(
        update({
          current: [event('lamp', 'Lamp'), event('door', 'Door')],
          past: [event('x', 'X')],
          remains: [{ source: sourceOf(event('', '')), patch: edit('y', 'Y') }],
        }),
      );
      journal.keepEdit(edit('table', 'Table'));
      await journal.kept();
      await journal.close();
    });

    it('[I14] refuses to open whatever byte of whatever record is flipped, names it, and gives the edits that are whole', async () => {
      for (const [key, record] of [...disk.records('w')]) {
        for (let at = 0; at < record.length; at += 1 + random.below(40)) {
          disk.flip('w', key, at);
          const found = await open();
          expect(found.kind).toBe('damaged');
          if (found.kind === 'damaged') {
            expect(found.error.key).toBe(key);
            expect(names(found.pending)).toEqual(key.startsWith('pending/') ? {} : { table: 'Table' });
          }
          disk.flip('w', key, at);
          disk.crash();
        }
      }
      expect((await open()).kind).toBe('open');
    });

    it('[I14] refuses to open where a record is missing, or one too many of the state', async () => {
      for (const key of [...disk.records('w').keys()]) {
        const record = disk.records('w').get(key);
        disk.records('w').delete(key);
        expect((await open()).kind).toBe('damaged');
        if (record !== undefined) disk.records('w').set(key, record);
        disk.crash();
      }
      expect((await open()).kind).toBe('open');
    });

    it('[I14] refuses what is another user’s or another room’s', async () => {
      const store = await disk.open('w');
      const user = parseUserId('@bob:a.org');
      const options = {
        store,
        owner: { user, room: ROOM },
        actor: newActorId(random.bytes),
        timers,
        fraction: () => 0,
      };
      const found = await openJournal({ ...options, pending: () => pending, decode: () => null });
      expect(found).toMatchObject({ kind: 'damaged', error: { code: 'corrupt', key: 'head' } });
    });
  });

  it('[I15] holds whole steps and no others, wherever the process dies', async () => {
    for (const fault of ['crash-before', 'crash-after'] as const) {
      for (let dies = 0; dies < 5; dies += 1) {
        disk = new TwinDisk();
        disk.faults.push(...Array.from({ length: dies }, () => 'none' as const), fault);
        const journal = await opened();
        let acknowledged = 0;
        for (let at = 0; at < 5; at += 1) {
          journal.keepEdit(edit(`object-${at}`, String(at)));
          void journal.kept().then(() => {
            acknowledged += 1;
          });
          await settle();
        }
        expect(acknowledged).toBe(dies);
        const again = await opened();
        const kept = again.contents?.pending.objects.size ?? 0;
        expect(kept).toBe(fault === 'crash-after' ? dies + 1 : dies);
      }
    }
  });

  it('[I15] finds the record that a lying disk left half written', async () => {
    const journal = await opened();
    journal.keepEdit(edit('table', 'Table'));
    await journal.kept();
    disk.faults.push('torn');
    journal.keepEdit(edit('chair', 'Chair'));
    await settle();
    const found = await open();
    expect(found).toMatchObject({ kind: 'damaged', error: { code: 'corrupt' } });
    if (found.kind === 'damaged') expect(names(found.pending)).toMatchObject({ table: 'Table' });
  });
});
