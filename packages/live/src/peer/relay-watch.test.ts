import { FakeTimers } from '@weft/testing';
import { expect, test } from 'vitest';
import { RelayWatch, UNRELAYED_MS } from './relay-watch.ts';

function watched() {
  const timers = new FakeTimers();
  const told: string[] = [];
  const watch = new RelayWatch({
    timers,
    relayed: () => told.push('relayed'),
    unrelayed: () => told.push('unrelayed'),
  });
  return { timers, told, watch };
}

test('[PL1] where there is no relay it is said at once; where there is one, after five seconds without it', async () => {
  const { timers, told, watch } = watched();
  watch.see(false, true);
  expect(told).toEqual(['unrelayed']);
  watch.see(true, false);
  watch.see(false, false);
  await timers.advance(UNRELAYED_MS - 1);
  expect(told).toEqual(['unrelayed', 'relayed']);
  await timers.advance(1);
  expect(told).toEqual(['unrelayed', 'relayed', 'unrelayed']);
  watch.see(false, false);
  expect(told.at(-1)).toBe('unrelayed');
  expect(timers.pending).toBe(0);
});

test('[PL1] a relay that is back within five seconds was never away', async () => {
  const { timers, told, watch } = watched();
  watch.see(false, false);
  await timers.advance(UNRELAYED_MS - 1);
  watch.see(true, false);
  await timers.advance(UNRELAYED_MS);
  expect(told).toEqual(['relayed']);
  watch.see(false, false);
  watch.stop();
  expect(timers.pending).toBe(0);
});
