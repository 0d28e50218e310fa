import type { ChildProcess } from 'node:child_process';
import { nextMessage } from './start-process.ts';

/** What a server process is asked. */
type Request = { readonly stallMs: number } | { readonly ask: 'cpu' };

/** What a process had used of processors at a moment of its own clock, all its threads together. */
export interface CpuReading {
  readonly cpuMs: number;
  readonly atMs: number;
}

/**
 * What a server process does for the one that measures: it ends with it, stands still when it is told to, as a server
 * does that computes or collects garbage, and says what it used.
 */
export function serveParent(): void {
  process.on('disconnect', () => process.exit());
  process.on('message', (request: Request) => {
    if ('ask' in request) {
      const { user, system } = process.cpuUsage();
      process.send?.({ cpuMs: (user + system) / 1000, atMs: performance.now() });
      return;
    }
    process.send?.({ event: 'stalls' });
    const untilMs = performance.now() + request.stallMs;
    while (performance.now() < untilMs);
  });
}

/** Makes such a process stand still; resolves when it does. */
export async function stallProcess(child: ChildProcess, stallMs: number): Promise<void> {
  const stalls = nextMessage(child, ({ event }) => (event === 'stalls' ? true : null));
  child.send({ stallMs });
  await stalls;
}

/** What such a process has used up to now. */
export async function readCpu(child: ChildProcess): Promise<CpuReading> {
  const reading = nextMessage(child, ({ cpuMs, atMs }) =>
    typeof cpuMs === 'number' && typeof atMs === 'number' ? { cpuMs, atMs } : null,
  );
  child.send({ ask: 'cpu' });
  return reading;
}

/** How many processors it used between the two. */
export function coresBetween(from: CpuReading, to: CpuReading): number {
  return (to.cpuMs - from.cpuMs) / (to.atMs - from.atMs);
}
