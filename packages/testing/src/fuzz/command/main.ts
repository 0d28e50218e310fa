import { interruptSignal, progressLines, runCommand } from '../../command/long-command.ts';
import { cpuMs } from '../../cpu-ms.ts';
import { runFuzz } from '../run-fuzz.ts';
import { HELP, readOptions } from './options.ts';
import { summary } from './summary.ts';

async function main(args: readonly string[]): Promise<number> {
  const { help, json, frames, seed, from } = readOptions(args);
  if (help) {
    console.log(HELP);
    return 0;
  }
  const say = progressLines();
  const tally = await runFuzz({
    frames,
    seed,
    from,
    signal: interruptSignal(),
    progress({ inputs, crashes, slow }) {
      say(() => `fuzz: ${inputs} of ${frames} inputs, ${crashes} crashes, ${slow} slow calls`);
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

await runCommand('fuzz', HELP, main);
