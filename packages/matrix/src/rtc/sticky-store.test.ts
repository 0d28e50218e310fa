import { describe, expect, it } from 'vitest';
import { parseStickyEvent, type StickyEvent } from '../sticky-event.ts';
import { MAX_STUCK_EVENTS, StickyStore } from './sticky-store.ts';

const TYPE = 'm.rtc.member';
const HOUR_MS = 3_600_000;

function sticky(
  id: number,
  parts: { key?: string; atMs?: number; durationMs?: number; type?: string },
): StickyEvent {
  const { key, atMs = 1000, durationMs = HOUR_MS, type = TYPE } = parts;
  const read = parseStickyEvent({
    event_id: `$${String(id).padStart(43, '0')}`,
    type,
    sender: '@a:a.org',
    origin_server_ts: atMs,
    content: key === undefined ? {} : { sticky_key: key },
    msc4354_sticky: { duration_ms: durationMs },
  });
  if (read === null) throw new Error('no sticky event');
  return read;
}

function idsOf(store: StickyStore): readonly string[] {
  return store.events().map(({ event }) => event.id);
}

describe('the sticky events of a room', () => {
  it('are one a key: the one that ends last, then the greater id, in any order', () => {
    const [older, newer] = [sticky(9, { key: 'k' }), sticky(1, { key: 'k', atMs: 1001 })];
    const [twin, greater] = [sticky(1, { key: 't' }), sticky(2, { key: 't' })];
    for (const events of [
      [older, newer, twin, greater],
      [greater, twin, newer, older],
    ]) {
      const store = new StickyStore([TYPE]);
      for (const event of events) store.take(event, 0);
      expect(new Set(idsOf(store))).toEqual(new Set([newer.event.id, greater.event.id]));
    }
  });

  it('stand for themselves without a key, and are of the types that were asked for', () => {
    const store = new StickyStore([TYPE]);
    for (const event of [sticky(1, {}), sticky(2, {}), sticky(3, { type: 'other' })]) store.take(event, 0);
    expect(idsOf(store)).toHaveLength(2);
  });

  it('end when their time is over', () => {
    const store = new StickyStore([TYPE]);
    store.take(sticky(1, { durationMs: 1000 }), 500);
    expect(store.firstEndMs()).toBe(1500);
    store.prune(1499);
    expect(idsOf(store)).toHaveLength(1);
    store.prune(1500);
    expect(idsOf(store)).toEqual([]);
    expect(store.firstEndMs()).toBe(Number.POSITIVE_INFINITY);
  });

  it('say nothing once they were redacted, and neither does what they replaced', () => {
    const store = new StickyStore([TYPE]);
    const [before, after] = [sticky(1, { key: 'k' }), sticky(2, { key: 'k', atMs: 2000 })];
    store.take(before, 0);
    store.take(after, 0);
    expect([store.redact(after.event.id), store.redact(after.event.id)]).toEqual([true, true]);
    expect([store.take(before, 0), store.take(after, 0)]).toEqual([false, false]);
    expect(store.events().map(({ event }) => event.content)).toEqual([{}]);
  });

  it('are bounded: the one that ends first makes room', () => {
    const store = new StickyStore([TYPE]);
    store.take(sticky(1, { durationMs: 1000 }), 0);
    for (let id = 2; id <= MAX_STUCK_EVENTS; id += 1) store.take(sticky(id, {}), 0);
    expect(store.events()).toHaveLength(MAX_STUCK_EVENTS);
    expect(store.firstEndMs()).toBe(1000);
    store.take(sticky(MAX_STUCK_EVENTS + 1, {}), 0);
    expect(store.events()).toHaveLength(MAX_STUCK_EVENTS);
    expect(store.firstEndMs()).toBe(HOUR_MS);
  });
});
