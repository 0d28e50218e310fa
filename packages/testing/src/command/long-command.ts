import { UsageError } from './usage.ts';

const PROGRESS_MS = 5000;

/** Runs a command to its exit code: 2, with its help, where its line was not followed, 1 where it failed. */
export async function runCommand(
  name: string,
  help: string,
  main: (args: readonly string[]) => Promise<number>,
): Promise<void> {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    const isUsage = error instanceof UsageError;
    console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    if (isUsage) console.error(`\n${help}`);
    process.exitCode = isUsage ? 2 : 1;
  }
}

/** Aborted by whatever asks a process to end. */
export function interruptSignal(): AbortSignal {
  const interrupt = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => interrupt.abort());
  return interrupt.signal;
}

/** Says a line now and then, not each time that it could. */
export function progressLines(): (line: () => string) => void {
  let shownMs = performance.now();
  return (line) => {
    const nowMs = performance.now();
    if (nowMs - shownMs < PROGRESS_MS) return;
    shownMs = nowMs;
    console.error(line());
  };
}
