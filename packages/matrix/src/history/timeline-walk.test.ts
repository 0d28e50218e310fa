import { emptyPatch, parseUserId } from '@weft/core';
import { describe, expect, test } from 'vitest';
import type { TimelinePage, TimelineRequest } from '../homeserver.ts';
import { parseEventId, parseRoomId } from '../ids.ts';
import { parseRoomEvent, type RoomEvent } from '../room-event.ts';
import { MAX_LOG_ENTRIES, MAX_LOG_EVENTS, readLog } from './log.ts';
import { MAX_MOMENT_EVENTS, readMoment } from './moment.ts';
import { type HistorySource, MAX_HISTORY_PAGES } from './timeline-walk.ts';

const room = parseRoomId(`!${'r'.repeat(43)}`);
const ann = parseUserId('@ann:twin.test');
const NOW_MS = 1_800_000_000_000;

let numbers = 0;
function event(type: string, stateKey: string, content: object, atMs = NOW_MS - 1000): RoomEvent {
  numbers += 1;
  const found = parseRoomEvent({
    event_id: `$${String(numbers).padStart(43, '0')}`,
    type,
    sender: ann,
    state_key: stateKey,
    origin_server_ts: atMs,
    content,
  });
  if (found === null) throw new Error('no event');
  return found;
}

const object = (key: string, name: string, atMs?: number) =>
  event('world.weft.object', key, { node: { name } }, atMs);

/** A homeserver whose timeline is whatever the test answers. */
function source(
  page: (request: TimelineRequest, count: number) => Partial<TimelinePage>,
  state: readonly RoomEvent[] = [],
): HistorySource & { readonly requests: TimelineRequest[] } {
  const requests: TimelineRequest[] = [];
  return {
    requests,
    readTimeline: async (_room, request) => {
      requests.push(request);
      return { events: [], malformed: [], end: null, ...page(request, requests.length) };
    },
    readEvent: async () => null,
    readState: async () => ({ events: state, malformed: [] }),
    timelineTokenAt: async () => null,
    readStateEvent: async () => null,
    download: () => Promise.reject(new Error('no media')),
  };
}

const moment = (homeserver: HistorySource, atMs = NOW_MS) =>
  readMoment({ homeserver, room, atMs, nowMs: NOW_MS, present: emptyPatch });
const log = (homeserver: HistorySource, limit = 10) => readLog({ homeserver, room, limit });

const valuesOf = async (homeserver: HistorySource, atMs?: number) => {
  const { patch } = await moment(homeserver, atMs);
  return Object.fromEntries(
    [...patch.objects].map(([id, { registers }]) => [id, [...registers.values()].map(({ value }) => value)]),
  );
};

describe('a homeserver that lies about the past', () => {
  test('[Y2] cannot lead in a circle', async () => {
    const table = object('table', 'Table');
    const circle = source((_request, count) => ({ events: [table], end: count % 2 === 0 ? 'a' : 'b' }));
    expect(await moment(circle)).toMatchObject({ incomplete: expect.stringContaining('twice') });
    expect(circle.requests.length).toBe(3);
    const itself = source(() => ({ events: [table], end: 'a' }));
    const found = await log(itself);
    expect(found).toMatchObject({ end: 'loop', next: null });
    expect(found.entries.length).toBe(1);
    expect(itself.requests.length).toBe(2);
  });

  test('[Y2] cannot keep a reader for ever with empty pages', async () => {
    const endless = source((_request, count) => ({ end: `t${count}` }));
    expect((await moment(endless)).incomplete).toMatch(/longer than/);
    expect(endless.requests.length).toBe(MAX_HISTORY_PAGES);
  });

  test('[Y2] gives no more events than were asked for, and none twice', async () => {
    const many = Array.from({ length: 1001 }, (_, n) => object(`o${n}`, 'Stone'));
    const greedy = source((_request, count) => (count === 1 ? { events: many, end: 'b' } : { events: many }));
    const found = await readLog({ homeserver: greedy, room, limit: MAX_LOG_ENTRIES });
    expect(found.entries.length).toBe(MAX_LOG_ENTRIES);
    const flood = source((_request, count) => ({
      events: Array.from({ length: 1000 }, () => object('table', 'Table')),
      end: `t${count}`,
    }));
    expect((await moment(flood)).incomplete).toMatch(/longer than/);
    expect(flood.requests.length).toBe(MAX_MOMENT_EVENTS / 1000);
    // One object that is only ever repeated: the log looks so far and says where it would go on.
    const deaf = source((_request, count) => ({
      events: Array.from({ length: 1000 }, () => event('world.weft.object', 'x', { node: 1 })),
      end: `t${count}`,
    }));
    const looked = await log(deaf);
    expect(looked).toMatchObject({ entries: [], end: 'bound', next: expect.any(String) });
    expect(deaf.requests.length).toBe(MAX_LOG_EVENTS / 1000);
  });

  test('[Y2] moves only the event whose time it invents', async () => {
    const events = [
      object('future', 'From 2100', 4_102_444_800_000),
      object('now', 'Now', NOW_MS - 10),
      object('old', 'Backdated', 1000),
      object('past', 'Past', NOW_MS - 5000),
    ];
    const homeserver = source(() => ({ events }));
    // Stamped by its time as all that is written by hand, so that what claims the future waits for it.
    expect(await valuesOf(homeserver)).toEqual({ now: ['Now'], old: ['Backdated'], past: ['Past'] });
    expect(await valuesOf(homeserver, NOW_MS - 1000)).toEqual({ old: ['Backdated'], past: ['Past'] });
    expect(await valuesOf(homeserver, NOW_MS - 5000)).toEqual({ old: ['Backdated'], past: ['Past'] });
    expect(await valuesOf(homeserver, NOW_MS - 5001)).toEqual({ old: ['Backdated'] });
    const stamped = event('world.weft.object', 'x', { node: { name: 'x' } }, 4_102_444_800_000);
    expect((await log(source(() => ({ events: [stamped] })))).entries.length).toBe(1);
  });

  test('[Y2] gives nothing by malformed events and names of prototypes', async () => {
    const hostile = JSON.parse(
      '{"__proto__": {"polluted": 1}, "constructor": {"name": "x"}, "node": {"__proto__": 1, "name": "Fine"}}',
    );
    const events = [
      event('world.weft.object', 'fine', hostile),
      event('world.weft.object', '__proto__', { node: { name: 'x' } }),
      event('world.weft.object', 'root', { node: { name: 'x' } }),
      event('world.weft.rule', '__proto__', hostile),
      event('m.room.redaction', '', { redacts: 17 }),
      event('m.room.create', 'not-empty', {}),
    ];
    const homeserver = source(() => ({ events, malformed: ['an event'] }));
    expect(await valuesOf(homeserver)).toEqual({ fine: ['Fine'] });
    expect((await moment(homeserver)).rules).toEqual([]);
    expect((await log(homeserver)).entries.map(({ objects }) => objects)).toEqual([
      [{ id: 'fine', name: 'Fine', kind: 'added', paths: ['node.name'] }],
    ]);
    expect(Object.prototype).not.toHaveProperty('polluted');
  });

  test('[Y2] is asked no more once the reader has given up', async () => {
    const giveUp = new AbortController();
    const endless = source((_request, count) => {
      if (count === 3) giveUp.abort();
      return { end: `t${count}` };
    });
    const reading = readMoment({
      homeserver: endless,
      room,
      atMs: NOW_MS,
      nowMs: NOW_MS,
      present: emptyPatch,
      signal: giveUp.signal,
    });
    await expect(reading).rejects.toMatchObject({ code: 'aborted' });
    expect(endless.requests.length).toBe(3);
  });
});

describe('what the timeline does not show', () => {
  test('[Y1] is told from the state of now, and said to be incomplete', async () => {
    const table = object('table', 'Table', NOW_MS - 5000);
    const late = object('late', 'Late', NOW_MS - 10);
    const homeserver = source(() => ({ events: [late] }), [table, late]);
    const found = await moment(homeserver, NOW_MS - 1000);
    expect([...found.patch.objects.keys()]).toEqual(['table']);
    expect(found.incomplete).toMatch(/visibility/);
    const whole = source(() => ({ events: [late, table, event('m.room.create', '', {})] }));
    expect((await moment(whole)).incomplete).toBeNull();
  });
});

describe('a page of the log', () => {
  test.each([0, 1.5, MAX_LOG_ENTRIES + 1, Number.NaN])('[Y3] has 1 to 200 entries, not %s', async (limit) => {
    await expect(
      log(
        source(() => ({})),
        limit,
      ),
    ).rejects.toMatchObject({ code: 'limit' });
  });

  test.each(['', 'x', `${parseEventId(`$${'e'.repeat(43)}`)}`, `$ ${'t'.repeat(9000)}`])(
    '[Y3] begins at the "next" of another, not at %j',
    async (before) => {
      const homeserver = source(() => ({}));
      await expect(readLog({ homeserver, room, limit: 1, before })).rejects.toMatchObject({
        code: 'invalid-value',
      });
      expect(homeserver.requests).toEqual([]);
    },
  );
});
