import type { World } from '@weft/world';
import { CommandError } from '../failure.ts';

/** Resolves at the change that makes `isSo` true, or at once when it already is. */
export function waitUntil(
  world: World,
  what: string,
  deadlineMs: number,
  isSo: () => boolean,
): Promise<void> {
  if (isSo()) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const stop = world.on('change', () => {
      if (!isSo()) return;
      clearTimeout(timer);
      stop();
      resolve();
    });
    const timer = setTimeout(() => {
      stop();
      reject(new CommandError('check-failed', `Waited ${deadlineMs / 1000} s and did not see ${what}.`));
    }, deadlineMs);
  });
}
