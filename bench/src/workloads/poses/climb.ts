import type { RunningServer } from '../../peers/run-system.ts';
import { type CrowdOptions, type StepReport, withCrowd } from '../../poses/run-crowd.ts';
import { standingOf } from './keeps-up.ts';

export interface ClimbOptions extends Omit<CrowdOptions, 'nearest'> {
  /** How many movers, from few to many. */
  readonly ladder: readonly number[];
  readonly warmUpMs: number;
  readonly windowMs: number;
  /** How long the server stands still in the middle of each; 0: not at all. */
  readonly stallMs: number;
}

/** One repetition of one system: a crowd that grows until the system does not keep up any more. */
export interface Climb {
  readonly steps: readonly StepReport[];
  /** The most of whom it kept up; 0 for none. */
  readonly largest: number;
  /** Whether the ladder ended before the system did, or the process of all clients gave out first: it may keep up with more. */
  readonly isAtLeast: boolean;
}

export function climb(
  server: RunningServer,
  { ladder, warmUpMs, windowMs, stallMs, ...options }: ClimbOptions,
): Promise<Climb> {
  return withCrowd(server, { ...options, nearest: 0 }, async (crowd) => {
    const steps: StepReport[] = [];
    let largest = 0;
    for (const movers of ladder) {
      const report = await crowd.step({ movers, warmUpMs, windowMs }, stallMs);
      if (report === null) return { steps, largest, isAtLeast: false };
      steps.push(report);
      const standing = standingOf(report);
      if (standing !== 'keeps up') return { steps, largest, isAtLeast: standing === 'busy' };
      largest = movers;
    }
    return { steps, largest, isAtLeast: true };
  });
}
