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
  watch.see('none');
  expect(told).toEqual(['unrelayed']);
  watch.see('live');
  watch.see('away');
  await timers.advance(UNRELAYED_MS - 1);
  expect(told).toEqual(['unrelayed', 'relayed']);
  await timers.advance(1);
  expect(told).toEqual(['unrelayed', 'relayed', 'unrelayed']);
  watch.see('away');
  expect(told.at(-1)).toBe('unrelayed');
  expect(timers.pending).toBe(0);
});

test('[PL1] a relay that is back within five seconds was never away', async () => {
  const { timers, told, watch } = watched();
  watch.see('away');
  await timers.advance(UNRELAYED_MS - 1);
  watch.see('live');
  await timers.advance(UNRELAYED_MS);
  expect(told).toEqual(['relayed']);
  watch.see('away');
  watch.stop();
  expect(timers.pending).toBe(0);
});

test('[PL1] while nobody can say whether there is a relay nothing is said', async () => {
  const { timers, told, watch } = watched();
  watch.see('away');
  watch.see('unknown');
  await timers.advance(UNRELAYED_MS);
  expect([told, timers.pending]).toEqual([[], 0]);
  watch.see('away');
  await timers.advance(UNRELAYED_MS);
  expect(told).toEqual(['unrelayed']);
});
