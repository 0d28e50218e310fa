import type { World } from '@weft/world';
import { CommandError } from '../failure.ts';

/** What is waited for, until when, and what is said where it did not come. */
export interface Wait {
  readonly isSo: () => boolean;
  readonly deadlineMs: number;
  readonly failure: () => string;
}

/** Resolves at the change of the world that makes `isSo` true, or at once when it already is. */
export function waitUntil(
  world: World,
  what: string,
  deadlineMs: number,
  isSo: () => boolean,
): Promise<void> {
  const failure = () => `Waited ${deadlineMs / 1000} s and did not see ${what}.`;
  return waitFor((look) => world.on('change', look), { isSo, deadlineMs, failure });
}

/** Looks now, and whenever it is told to. @param follow has `look` called, until its answer is */
export function waitFor(
  follow: (look: () => void) => () => void,
  { isSo, deadlineMs, failure }: Wait,
): Promise<void> {
  if (isSo()) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const stop = follow(() => {
      if (!isSo()) return;
      clearTimeout(timer);
      stop();
      resolve();
    });
    const timer = setTimeout(() => {
      stop();
      reject(new CommandError('check-failed', failure()));
    }, deadlineMs);
  });
}
