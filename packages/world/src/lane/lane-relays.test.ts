import { Cell } from '@weft/core';
import type { LaneStage, LaneStatus } from '@weft/live';
import { FakeTimers } from '@weft/testing';
import { expect, test } from 'vitest';
import { RELAY_WAIT_MS, relaysOf } from './lane-relays.ts';

const RELAY = {
  type: 'world.weft.relay',
  url: 'wss://relay.example',
  user_id: '@relay:example.org',
} as const;
const status = (stage: LaneStage): LaneStatus =>
  ({
    ...{ lane: 'matrix', stage, sentence: '', relay: RELAY, reading: [] },
    ...{ progress: null, retryAtMs: null, roundTripMs: null },
  }) as unknown as LaneStatus;

function relays(stage: LaneStage) {
  const timers = new FakeTimers();
  const cell = new Cell(status(stage));
  const { signal } = new AbortController();
  const access = relaysOf({ status: cell }, timers);
  let waits = 0;
  const wait = () => {
    waits += 1;
    void access.decided(signal).then(() => {
      waits -= 1;
    });
  };
  return { timers, cell, access, wait, waits: () => waits };
}

test('[AS30] files wait for the first relay until one is live, or none is', async () => {
  for (const stage of ['live', 'waiting', 'off'] as const) {
    const { timers, cell, access, wait, waits } = relays('discovering');
    wait();
    await timers.advance(RELAY_WAIT_MS - 1);
    expect([waits(), access.live()]).toEqual([1, []]);
    cell.set(status(stage));
    await timers.advance(0);
    expect([waits(), access.live().length, timers.pending]).toEqual([0, stage === 'live' ? 1 : 0, 0]);
    cell.set(status('discovering'));
    wait();
    await timers.advance(0);
    expect(waits()).toBe(0);
  }
});

test('[AS30] they wait for five seconds after the world was opened at most', async () => {
  const { timers, wait, waits } = relays('requesting');
  wait();
  await timers.advance(RELAY_WAIT_MS - 1);
  expect(waits()).toBe(1);
  await timers.advance(1);
  expect([waits(), timers.pending]).toEqual([0, 0]);
  wait();
  await timers.advance(0);
  expect(waits()).toBe(0);
});
