import type { ChildProcess } from 'node:child_process';
import { nextMessage } from './start-process.ts';

/**
 * What a server process does for the one that measures: it ends with it, and stands still when it is told to, as a server
 * does that computes or collects garbage.
 */
export function serveParent(): void {
  process.on('disconnect', () => process.exit());
  process.on('message', ({ stallMs }: { readonly stallMs: number }) => {
    process.send?.({ event: 'stalls' });
    const untilMs = performance.now() + stallMs;
    while (performance.now() < untilMs);
  });
}

/** Makes such a process stand still; resolves when it does. */
export async function stallProcess(child: ChildProcess, stallMs: number): Promise<void> {
  const stalls = nextMessage(child, ({ event }) => (event === 'stalls' ? true : null));
  child.send({ stallMs });
  await stalls;
}
