import { fileURLToPath } from 'node:url';
import { type GuardedCommand, type GuardedProcess, startGuarded } from './guarded-process.ts';

const SCRIPT = fileURLToPath(new URL('exec-guarded.py', import.meta.url));

export interface GuardedProgram extends GuardedCommand {
  /** A Python of the machine, which watches over the program. */
  readonly python: string;
  /** Held while the program runs; whoever comes second waits for it, `lockWaitS` seconds at most. */
  readonly lock: string;
  readonly lockWaitS: number;
  /** A file that makes the program superfluous where it exists once the lock is held. */
  readonly unless?: string;
}

/**
 * Starts a program that, unlike ours, does not watch its parent: however this process ends, the program and what it
 * started end with it. Ends with `EXIT_LOCKED` where the lock was not to be had.
 */
export function startGuardedProgram(program: GuardedProgram): Promise<GuardedProcess> {
  const { python, lock, lockWaitS, unless = '-', file, args, ...rest } = program;
  return startGuarded({
    ...rest,
    file: python,
    args: ['-B', SCRIPT, lock, String(lockWaitS), unless, file, ...args],
  });
}
