import { MAX_POSE_METRES, type UpFrame } from '@weft/protocol';
import { FakeTimers } from '@weft/testing';
import { expect, test } from 'vitest';
import { OwnView, VIEW_EVERY_MS, VIEW_STEP_METRES } from './own-view.ts';

function setting() {
  const timers = new FakeTimers();
  const sent: unknown[] = [];
  let isCarried = true;
  const view = new OwnView(timers, (frame: UpFrame) => {
    if (isCarried && frame.type === 'view-up') sent.push(frame.from);
    return isCarried;
  });
  return {
    ...{ timers, sent, view },
    carry: (is: boolean) => {
      isCarried = is;
    },
  };
}

test('[AV23] a relay is told from where somebody looks once that is elsewhere, twice a second at most', async () => {
  const { timers, sent, view } = setting();
  view.look(null);
  view.look([0.9, 1.6, -0.1]);
  expect(sent).toEqual([{ x: 0, y: 1, z: -1 }]);
  view.look([0.9 + VIEW_STEP_METRES - 0.01, 1.6, -0.1]);
  await timers.advance(10 * VIEW_EVERY_MS);
  expect(sent).toHaveLength(1);
  view.look([0.9 + VIEW_STEP_METRES, 1.6, -0.1]);
  expect(sent.at(-1)).toEqual({ x: 4, y: 1, z: -1 });
  for (let step = 0; step < 100; step += 1) {
    view.look([step, 0, 0]);
    await timers.advance(20);
  }
  expect(sent.length).toBeGreaterThanOrEqual(5);
  expect(sent.length).toBeLessThanOrEqual(6);
  await timers.advance(VIEW_EVERY_MS);
  view.look(null);
  await timers.advance(VIEW_EVERY_MS);
  expect(sent.at(-1)).toBeNull();
  expect(timers.pending).toBe(0);
});

test('[AV23] it is told within the world, again to another relay, and to none that carries no poses', async () => {
  const { timers, sent, view, carry } = setting();
  carry(false);
  view.look([1e9, -1e9, -1e9]);
  await timers.advance(VIEW_EVERY_MS);
  carry(true);
  view.again();
  expect(sent).toEqual([{ x: MAX_POSE_METRES - 1, y: -1_024, z: -MAX_POSE_METRES }]);
  view.again();
  expect(sent).toHaveLength(2);
  view.look([Number.NaN, 0, 0]);
  await timers.advance(VIEW_EVERY_MS);
  expect(sent.at(-1)).toBeNull();
  view.look([1, 1, 1]);
  view.close();
  await timers.advance(VIEW_EVERY_MS);
  expect([sent.length, timers.pending]).toEqual([3, 0]);
});
