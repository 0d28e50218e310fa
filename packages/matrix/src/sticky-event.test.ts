import { describe, expect, it } from 'vitest';
import { MAX_STICKY_EVENTS, MAX_STICKY_MS, parseStickyEvent, stickyEventsOf } from './sticky-event.ts';

function raw(sticky: object, unsigned: object = {}, id = 1): object {
  return {
    event_id: `$${String(id).padStart(43, '0')}`,
    type: 'm.rtc.member',
    sender: '@a:a.org',
    origin_server_ts: 1,
    content: {},
    unsigned,
    ...sticky,
  };
}

const own = (duration: unknown) => ({ msc4354_sticky: { duration_ms: duration } });

describe('a sticky event', () => {
  it('is read by its name of today and by the one to come, with what is left of its time', () => {
    expect(parseStickyEvent(raw(own(5000), { msc4354_sticky_duration_ttl_ms: 4000 }))?.leftMs).toBe(4000);
    const later = raw({ sticky: { duration_ms: 5000 } }, { sticky_duration_remaining_ms: 3000 });
    expect(parseStickyEvent(later)).toMatchObject({ durationMs: 5000, leftMs: 3000 });
    expect(parseStickyEvent(raw(own(5000), { age: 1500 }))?.leftMs).toBe(3500);
    expect(parseStickyEvent(raw(own(5000)))?.leftMs).toBe(5000);
  });

  it('sticks for an hour at most, and no longer than it says', () => {
    expect(parseStickyEvent(raw(own(MAX_STICKY_MS)))?.durationMs).toBe(MAX_STICKY_MS);
    expect(parseStickyEvent(raw(own(MAX_STICKY_MS + 1)))?.durationMs).toBe(MAX_STICKY_MS);
    const boastful = raw(own(5000), { msc4354_sticky_duration_ttl_ms: 90_000 });
    expect(parseStickyEvent(boastful)?.leftMs).toBe(5000);
  });

  it('is none without a duration, as state, and when its time is over', () => {
    for (const duration of [0, -1, 1.5, '5000', null])
      expect(parseStickyEvent(raw(own(duration)))).toBeNull();
    expect(parseStickyEvent(raw({ ...own(5000), state_key: '' }))).toBeNull();
    expect(parseStickyEvent(raw(own(5000), { age: 5000 }))).toBeNull();
    expect(parseStickyEvent(null)).toBeNull();
  });

  it('counts once, and up to the bound of a response', () => {
    const many = Array.from({ length: MAX_STICKY_EVENTS + 1 }, (_, at) => raw(own(5000), {}, at));
    expect(stickyEventsOf([...many.slice(0, 2), ...many.slice(0, 2)])).toHaveLength(2);
    expect(stickyEventsOf(many.slice(0, -1))).toHaveLength(MAX_STICKY_EVENTS);
    expect(stickyEventsOf(many)).toHaveLength(MAX_STICKY_EVENTS);
  });
});
