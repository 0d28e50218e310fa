import { type ActorId, type ObjectId, parsePath, patchOf, timeFromMs } from '@weft/core';
import { FakeTimers } from '@weft/testing';
import { expect, test } from 'vitest';
import { AWAY_MS, DOUBT_MS } from './hearsay.ts';
import { Unsaid } from './unsaid.ts';

const path = parsePath('node.name');

const entry = (id: string, ms: number) => ({
  id: id as ObjectId,
  path,
  register: { value: `${id} ${ms}`, stamp: { time: timeFromMs(ms), actor: 'actor-01' as ActorId } },
});

function start() {
  const timers = new FakeTimers();
  const live = new Map<string, number>();
  /** What of another author shows where that is dropped. */
  const under = new Map<string, number>();
  const dropped: string[] = [];
  const asked: string[] = [];
  const unsaid = new Unsaid({
    timers,
    live: () => patchOf({ registers: Array.from(live, ([id, ms]) => entry(id, ms)) }),
    ask: (lanes) => {
      asked.push(...lanes);
      for (const lane of lanes) unsaid.lost(lane);
    },
    drop: (registers) => {
      for (const id of registers.keys()) {
        dropped.push(id);
        const below = under.get(id);
        under.delete(id);
        if (below === undefined) live.delete(id);
        else live.set(id, below);
      }
    },
  });
  const hear = (lane: string, id: string, ms = 1) => {
    unsaid.heard(lane, { type: 'patch', seq: 1, patch: patchOf({ registers: [entry(id, ms)] }) });
    live.set(id, Math.max(ms, live.get(id) ?? 0));
  };
  /** A lane that was live once, and is not now. */
  const knows = (lane: string, ...ids: readonly string[]) => {
    unsaid.welcomed(lane, 'snapshot');
    for (const id of ids) hear(lane, id);
    unsaid.caughtUp(lane);
    unsaid.lost(lane);
  };
  /** A lane comes and says all that it knows. */
  const saysAll = (lane: string, ...ids: readonly string[]) => {
    unsaid.welcomed(lane, 'live-only');
    for (const id of ids) hear(lane, id);
    unsaid.caughtUp(lane);
  };
  return { timers, unsaid, hear, knows, saysAll, under, dropped, asked };
}

test('[LV8] what a relay that says all does not say again is dropped five seconds after it said all', async () => {
  const { timers, unsaid, hear, knows, dropped, asked } = start();
  knows('a', 'same', 'newer', 'older', 'later', 'gone');
  hear('a', 'older', 5);
  unsaid.welcomed('a', 'snapshot');
  await timers.advance(AWAY_MS - 1);
  hear('a', 'same', 1);
  hear('a', 'newer', 2);
  hear('a', 'older', 4);
  unsaid.caughtUp('a');
  await timers.advance(DOUBT_MS - 1);
  hear('a', 'later', 1);
  expect(dropped).toEqual([]);
  await timers.advance(1);
  expect(dropped).toEqual(['older', 'gone']);
  // It hid what the relay said.
  expect(asked).toEqual(['a']);
  expect(timers.pending).toBe(0);
});

test('[LV8] what hid nothing is asked for of nobody', async () => {
  const { timers, knows, saysAll, dropped, asked } = start();
  knows('a', 'gone');
  saysAll('a');
  await timers.advance(DOUBT_MS);
  expect([dropped, asked]).toEqual([['gone'], []]);
});

test('[LV8] what shows then is dropped too, unless that was said', async () => {
  const { timers, unsaid, hear, knows, under, dropped } = start();
  knows('a', 'stale', 'said');
  hear('a', 'stale', 5);
  hear('a', 'said', 5);
  under.set('stale', 3);
  under.set('said', 3);
  unsaid.welcomed('a', 'snapshot');
  hear('a', 'said', 3);
  unsaid.caughtUp('a');
  await timers.advance(DOUBT_MS);
  expect(dropped).toEqual(['stale', 'said', 'stale']);
});

test('[LV8] neither a first welcome nor a difference puts anything in doubt', async () => {
  const { timers, unsaid, knows, saysAll, dropped } = start();
  knows('a', 'object');
  saysAll('b');
  unsaid.welcomed('a', 'difference');
  unsaid.caughtUp('a');
  await timers.advance(60_000);
  expect([dropped, timers.pending]).toEqual([[], 0]);
});

test('[LV8] another live lane is asked first, and what it says stays', async () => {
  const { timers, knows, saysAll, dropped, asked } = start();
  knows('a', 'gone', 'elsewhere');
  saysAll('b', 'elsewhere');
  saysAll('a');
  expect(asked).toEqual(['b']);
  await timers.advance(DOUBT_MS + 1_000);
  expect(dropped).toEqual([]);
  saysAll('b', 'elsewhere');
  await timers.advance(DOUBT_MS);
  expect(dropped).toEqual(['gone']);
  expect(asked).toEqual(['b']);
});

test('[LV8] nobody else is asked where the relay says everything', async () => {
  const { timers, knows, saysAll, asked } = start();
  knows('a', 'object');
  saysAll('b');
  saysAll('a', 'object');
  expect([asked, timers.pending]).toEqual([[], 0]);
});

test('[LV8] a lane that does not come back in ten seconds vouches for nothing, and begins anew', async () => {
  const { timers, knows, saysAll, dropped, asked } = start();
  knows('a', 'elsewhere');
  saysAll('b', 'elsewhere');
  saysAll('a');
  await timers.advance(AWAY_MS);
  expect([dropped, asked]).toEqual([['elsewhere'], ['b', 'b']]);
});

test('[LV8] what a relay said before it was lost in the midst of it counts no more', async () => {
  const { timers, unsaid, hear, knows, saysAll, dropped } = start();
  knows('a', 'object');
  unsaid.welcomed('a', 'live-only');
  hear('a', 'object');
  unsaid.lost('a');
  saysAll('a');
  await timers.advance(DOUBT_MS);
  expect(dropped).toEqual(['object']);
});

test('[LV8] while nobody is there nothing is dropped', async () => {
  const { timers, unsaid, knows, saysAll, dropped } = start();
  knows('a', 'object');
  saysAll('a');
  unsaid.lost('a');
  await timers.advance(60_000);
  expect(dropped).toEqual([]);
  saysAll('a', 'object');
  await timers.advance(60_000);
  expect(dropped).toEqual([]);
  saysAll('a');
  unsaid.close();
  expect(timers.pending).toBe(0);
});
