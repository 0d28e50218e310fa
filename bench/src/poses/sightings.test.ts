import { describe, expect, test } from 'vitest';
import { SentPoses } from './sent-poses.ts';
import { Sightings } from './sightings.ts';

const SELF = 1;

/** Somebody who sends at 0, 50, 100, … ms, a metre further each time. */
function walked(poses: number): SentPoses {
  const sent = new SentPoses();
  for (let at = 0; at < poses; at++) sent.add(at, -at, at * 50);
  return sent;
}

function sightingsOf(poses: number, window = { fromMs: 0, untilMs: 10_000 }) {
  const sightings = new Sightings([walked(poses), walked(poses)], SELF);
  sightings.open(window);
  return sightings;
}

describe('what a receiver saw', () => {
  test('is as old as the time since it was sent, told to the precision of any system', () => {
    const sightings = sightingsOf(3);
    for (const [at, ms] of [3, 55, 104].entries()) sightings.told(0, at + 0.001, -at - 0.001, ms);
    expect(sightings.close(200)).toEqual({ agesMs: [3, 5, 4], told: 3 });
  });

  test('counts what was passed over as late as the one that came', () => {
    const sightings = sightingsOf(3);
    sightings.told(0, 2, -2, 110);
    expect(sightings.close(200)).toEqual({ agesMs: [110, 60, 10], told: 1 });
  });

  test('counts what never came as old as it is in the end', () => {
    expect(sightingsOf(2).close(500)).toEqual({ agesMs: [500, 450], told: 0 });
  });

  test('is counted once, of others, and of what was sent in its time', () => {
    const sightings = sightingsOf(4, { fromMs: 50, untilMs: 150 });
    sightings.told(0, 0, 0, 1);
    sightings.told(0, 1, -1, 52);
    sightings.told(0, 1, -1, 60);
    sightings.told(0, 0, 0, 61);
    sightings.told(SELF, 1, -1, 62);
    sightings.told(0, 7, 7, 63);
    sightings.told(0, 3, -3, 151);
    expect(sightings.close(200)).toEqual({ agesMs: [2, 51], told: 1 });
  });

  test('is as old at any moment as the newest of it, or as all of it where there is none', () => {
    const sightings = sightingsOf(3);
    expect(sightings.ageMs(0, 120)).toBe(120);
    sightings.told(0, 1, -1, 120);
    expect(sightings.ageMs(0, 130)).toBe(80);
  });
});
