import { cpuMs } from '../../cpu-ms.ts';
import { runFuzz } from '../run-fuzz.ts';
import { HELP, readOptions, UsageError } from './options.ts';
import { summary } from './summary.ts';

const PROGRESS_MS = 5000;

async function main(args: readonly string[]): Promise<number> {
  const { help, json, frames, seed, from } = readOptions(args);
  if (help) {
    console.log(HELP);
    return 0;
  }
  const interrupt = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => interrupt.abort());
  let shownMs = performance.now();
  const tally = await runFuzz({
    frames,
    seed,
    from,
    signal: interrupt.signal,
    progress({ inputs, crashes, slow }) {
      const nowMs = performance.now();
      if (nowMs - shownMs < PROGRESS_MS) return;
      shownMs = nowMs;
      console.error(`fuzz: ${inputs} of ${frames} inputs, ${crashes} crashes, ${slow} slow calls`);
    },
  });
  const cpuSeconds = cpuMs() / 1000;
  console.log(
    json ? JSON.stringify({ seed, from, cpuSeconds, ...tally }, null, 2) : summary(seed, tally, cpuSeconds),
  );
  for (const { number, what, bytes } of tally.failures)
    console.error(
      `\ninput ${number}: ${what}\n  ${bytes}\n  again: npm run fuzz -- --seed ${seed} --from ${number} --frames 1`,
    );
  return tally.hasFailed ? 1 : 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const isUsage = error instanceof UsageError;
  console.error(`fuzz: ${error instanceof Error ? error.message : String(error)}`);
  if (isUsage) console.error(`\n${HELP}`);
  process.exitCode = isUsage ? 2 : 1;
}
