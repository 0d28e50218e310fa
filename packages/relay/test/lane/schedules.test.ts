import { propertySettings } from '@weft/testing';
import { describe, expect, test } from 'vitest';
import { playSchedule } from './schedule.ts';

const STEPS = 60;

async function play(name: string, runs: number, options: { roles: boolean; recentFrames?: number }) {
  const { numRuns = runs, seed = 0 } = propertySettings(runs);
  const sum = { edits: 0, kills: 0 };
  for (let run = 0; run < numRuns; run += 1) {
    const { roles, recentFrames } = options;
    const played = await playSchedule({
      seed: `${name} ${seed + run}`,
      steps: STEPS,
      roles,
      limits: recentFrames === undefined ? {} : { recentFrames },
    });
    expect(played.problems, `schedule "${name} ${seed + run}"`).toEqual([]);
    sum.edits += played.edits;
    sum.kills += played.kills;
  }
  return sum;
}

describe('a room over random histories', () => {
  test('[RL5] loses nothing that it acknowledged, tells nothing twice, and leaves all equal, wherever it is killed', async () => {
    const { edits, kills } = await play('kills', 120, { roles: false });
    expect(edits).toBeGreaterThan(1_000);
    expect(kills).toBeGreaterThan(60);
  });

  test('[RL5] the same where little is kept of what was said', async () => {
    await play('forgetful', 80, { roles: false, recentFrames: 3 });
  });

  test('[RL4] leaves all equal where people are demoted, put out, and take things back', async () => {
    await play('roles', 120, { roles: true });
  });
});
