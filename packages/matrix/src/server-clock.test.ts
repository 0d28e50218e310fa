import { parseUserId } from '@weft/core';
import { describe, expect, it } from 'vitest';
import { parseEventId } from './ids.ts';
import type { RoomEvent } from './room-event.ts';
import { ServerClock } from './server-clock.ts';

const NOW_MS = 1_800_000_000_000;

function event(sender: string, atMs: number, ageMs: number | null): RoomEvent {
  return {
    id: parseEventId(`$${'A'.repeat(43)}`),
    type: 'm.room.message',
    sender: parseUserId(sender),
    stateKey: null,
    content: {},
    atMs,
    replaces: null,
    redactedAtMs: null,
    ageMs,
  };
}

describe('the server clock', () => {
  it('is the local one until something is known', () => {
    const clock = new ServerClock('a.org');
    clock.observe([event('@x:a.org', NOW_MS, null)], NOW_MS);
    expect(clock.offsetMs).toBe(0);
  });

  it('takes the sample that was least delayed', () => {
    const clock = new ServerClock('a.org');
    const serverNow = NOW_MS + 5000;
    clock.observe([event('@x:a.org', serverNow - 100, 100)], NOW_MS + 400);
    clock.observe([event('@x:a.org', serverNow - 9000, 9000)], NOW_MS + 20);
    clock.observe([event('@x:a.org', serverNow, 0)], NOW_MS + 900);
    expect(clock.offsetMs).toBe(4980);
  });

  it('does not trust the clocks of other servers', () => {
    const clock = new ServerClock('a.org');
    clock.observe([event('@x:evil.a.org', NOW_MS * 2, 0), event('@x:b.org', NOW_MS * 2, 0)], NOW_MS);
    expect(clock.offsetMs).toBe(0);
  });

  it('forgets after sixteen responses, so that a clock that was set right counts', () => {
    const clock = new ServerClock('a.org');
    clock.observe([event('@x:a.org', NOW_MS + 60_000, 0)], NOW_MS);
    for (let at = 0; at < 15; at += 1) clock.observe([event('@x:a.org', NOW_MS, 0)], NOW_MS);
    expect(clock.offsetMs).toBe(60_000);
    clock.observe([event('@x:a.org', NOW_MS, 0)], NOW_MS);
    expect(clock.offsetMs).toBe(0);
  });
});
