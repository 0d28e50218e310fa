import { MOTION_LIMITS, type MotionLimits } from '@weft/relay';
import type { SeededRandom } from '@weft/testing';
import { describe, expect, test } from 'vitest';
import { MAX_ROUND_LOOKS } from '../../src/motion/apart.ts';
import { Crowd, quantile } from './crowd.ts';

const WATCHED = 6;

describe('[MO13] a crowd', () => {
  test('of 200 in one place, all in view: nobody is left out, at three bytes a pose', async () => {
    const crowd = new Crowd(200, WATCHED, MOTION_LIMITS, (random) => [
      random.between(-25, 25),
      random.between(-25, 25),
    ]);
    await crowd.play(1);
    const watched = crowd.members.filter(({ eyes }) => eyes !== null);
    for (const member of crowd.members) [member.bytes, member.frames] = [0, 0];
    for (const { eyes } of watched) if (eyes !== null) eyes.poses = 0;
    const ages: number[] = [];
    const seconds = 2;
    await crowd.play(seconds, () => {
      for (const member of watched) ages.push(...crowd.agesOfNearest(member, 199));
    });
    for (const { bytes, eyes } of watched) {
      expect(eyes?.poses).toBeGreaterThanOrEqual(199 * 20 * seconds * 0.97);
      expect(bytes / (eyes?.poses ?? 0)).toBeLessThanOrEqual(3);
    }
    for (const { frames, bytes } of crowd.members) {
      expect(frames / seconds).toBeLessThanOrEqual(63);
      expect(bytes / seconds).toBeLessThanOrEqual(MOTION_LIMITS.bytesPerSecond);
    }
    expect(Math.max(...ages)).toBeLessThanOrEqual(50 + 2 * 18);
    crowd.close();
  });

  test('of 1,000 spread over half a kilometre: each within its bytes, and the nearest thirty fresh', async () => {
    await play(1000, {}, (random) => [random.between(-250, 250), random.between(-250, 250)]);
  }, 120_000);

  test('of 1,000 in one square of sixty metres: the same', async () => {
    const rates = await play(1000, {}, (random) => [random.between(-30, 30), random.between(-30, 30)]);
    for (const rate of rates) expect(rate).toBeGreaterThan(0.9 * 999 * 20);
  }, 120_000);

  test('of 300 in a process that is busy: all are in step, and told of everything', async () => {
    const { near, rates } = await playBusily(300);
    expect(Math.max(...near)).toBeLessThanOrEqual(100);
    for (const rate of rates) expect(rate).toBeGreaterThan(0.97 * 299 * 20);
  }, 120_000);

  test('of 400 there, more than anybody can be told of: the nearest thirty fresh, and nobody left out for good', async () => {
    const { near, all, rates } = await playBusily(400, { bytesPerSecond: 11_000, byteBurst: 16_384 });
    expect(quantile(near, 0.95)).toBeLessThanOrEqual(100);
    expect(Math.max(...all)).toBeLessThanOrEqual(1_500);
    for (const rate of rates) expect(rate).toBeLessThan(0.8 * 399 * 20);
  }, 120_000);

  test('of more in one square than anybody can be told of: the same, the far ones more seldom', async () => {
    const motion = { bytesPerSecond: 12_000, byteBurst: 4_096 };
    const rates = await play(250, motion, (random) => [random.between(-30, 30), random.between(-30, 30)]);
    for (const rate of rates) expect(rate).toBeLessThan(0.5 * 249 * 20);
  }, 120_000);
});

test('[MO16] who could not be told everything for a while saves up, and hears of everything again', async () => {
  const count = 300;
  const limits = { ...MOTION_LIMITS, bytesPerSecond: 16_000, byteBurst: 9_000 };
  const crowd = new Crowd(count, WATCHED, limits, (random) => [
    random.between(-30, 30),
    random.between(-30, 30),
  ]);
  await crowd.play(1);
  const walks = crowd.members.map(({ pose }) => pose);
  // What changes all the time is told anew all the time.
  const states = ['wave', 'nod'] as const;
  for (const [at, member] of crowd.members.entries())
    member.pose = (seconds) => ({
      ...(walks[at] ?? member.pose)(seconds),
      state: states[Math.floor(seconds * 20) % 2],
    });
  const part = async (seconds: number): Promise<number> => {
    const watched = crowd.members.flatMap(({ eyes }) => eyes ?? []);
    for (const eyes of watched) eyes.poses = 0;
    await crowd.play(seconds);
    return Math.min(...watched.map(({ poses }) => poses)) / ((count - 1) * 20 * seconds);
  };
  for (const member of crowd.members) member.bytes = 0;
  expect(await part(1)).toBeLessThan(0.5);
  for (const [at, member] of crowd.members.entries()) member.pose = walks[at] ?? member.pose;
  await crowd.play(3);
  expect(await part(1)).toBeGreaterThan(0.97);
  for (const { bytes } of crowd.members)
    expect(bytes).toBeLessThanOrEqual(limits.bytesPerSecond * 5 + limits.byteBurst);
  crowd.close();
}, 60_000);

test('[MO8] more than one round can look at is told in turns: everybody in each, and none for long of nothing', async () => {
  const crowd = new Crowd(640, 1, MOTION_LIMITS, (random) => [
    random.between(-30, 30),
    random.between(-30, 30),
  ]);
  await crowd.play(0.5);
  for (const member of crowd.members) member.frames = 0;
  await crowd.play(1);
  const [member] = crowd.members;
  const ages = member === undefined ? [] : crowd.agesOfNearest(member, 639);
  crowd.close();
  const frames = crowd.members.map((each) => each.frames);
  expect(640 * 640).toBeGreaterThan(MAX_ROUND_LOOKS);
  expect(Math.min(...frames)).toBeGreaterThan(15);
  expect(Math.max(...frames) - Math.min(...frames)).toBeLessThanOrEqual(2);
  expect(Math.max(...ages)).toBeLessThanOrEqual(500);
}, 120_000);

/** @returns how many poses a second those who are watched were told */
async function play(
  count: number,
  motion: Partial<MotionLimits>,
  place: ConstructorParameters<typeof Crowd>[3],
): Promise<readonly number[]> {
  const limits = { ...MOTION_LIMITS, ...motion };
  const crowd = new Crowd(count, WATCHED, limits, place);
  await crowd.play(1);
  const watched = crowd.members.filter(({ eyes }) => eyes !== null);
  for (const member of crowd.members) member.bytes = 0;
  for (const { eyes } of watched) if (eyes !== null) eyes.poses = 0;
  const ages: number[] = [];
  const seconds = 1.5;
  await crowd.play(seconds, () => {
    for (const member of watched) ages.push(...crowd.agesOfNearest(member, 30));
  });
  crowd.close();
  const most = limits.bytesPerSecond * seconds + limits.byteBurst;
  for (const { bytes } of crowd.members) expect(bytes).toBeLessThanOrEqual(most);
  expect(quantile(ages, 0.95)).toBeLessThanOrEqual(100);
  return watched.map(({ eyes }) => (eyes?.poses ?? 0) / seconds);
}

/** In one square, while the process is busy with other things: the ages of the nearest thirty and of all, and poses told in a second. */
async function playBusily(count: number, motion: Partial<MotionLimits> = {}) {
  const place = (random: SeededRandom) => [random.between(-30, 30), random.between(-30, 30)] as const;
  const crowd = new Crowd(count, WATCHED, { ...MOTION_LIMITS, ...motion }, place, 0.9);
  await crowd.play(3);
  const watched = crowd.members.filter(({ eyes }) => eyes !== null);
  for (const { eyes } of watched) if (eyes !== null) eyes.poses = 0;
  const [near, all]: [number[], number[]] = [[], []];
  await crowd.play(1, () => {
    for (const member of watched) {
      near.push(...crowd.agesOfNearest(member, 30));
      all.push(...crowd.agesOfNearest(member, count - 1));
    }
  });
  crowd.close();
  return { near, all, rates: watched.map(({ eyes }) => eyes?.poses ?? 0) };
}
