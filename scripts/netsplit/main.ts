import { interruptSignal, runCommand } from '@weft/testing/command';
import { type NetsplitReport, netsplit, SplitWorld, startFederation } from '@weft/testing/federation';
import { showProgress } from '@weft/testing/synapse';
import { HELP, type NetsplitCommand, netsplitCommand } from './options.ts';

/** With stock retries a server that gave up looks again after ten minutes. */
const EQUAL_TIMEOUT_MS = 20 * 60_000;

async function main(args: readonly string[]): Promise<number> {
  const command = netsplitCommand(args);
  if (command.help) {
    console.log(HELP);
    return 0;
  }
  const report = await run(command);
  if (command.json) console.log(JSON.stringify(report, null, 2));
  return report.missing.length === 0 ? 0 : 1;
}

async function run({ seconds, retries, how, json }: NetsplitCommand): Promise<NetsplitReport> {
  const print = json ? console.error : console.log;
  const startMs = performance.now();
  const say = (line: string): void =>
    print(`${((performance.now() - startMs) / 1000).toFixed(1).padStart(7)} s  ${line}`);
  const signal = interruptSignal();
  say(`two Synapses, retries ${retries}`);
  const federation = await startFederation({ retries, signal, onProgress: showProgress });
  const interrupted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('Interrupted; both servers were stopped.')));
  });
  try {
    const work = SplitWorld.open(federation).then(async (split) => {
      const report = await netsplit(split, { seconds, how, timeoutMs: EQUAL_TIMEOUT_MS, say });
      await split.close();
      return report;
    });
    return await Promise.race([work, interrupted]);
  } finally {
    await federation.stop();
  }
}

await runCommand('netsplit', HELP, main);
process.exit();
