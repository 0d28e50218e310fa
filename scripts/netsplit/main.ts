import { type NetsplitReport, netsplit, SplitWorld, startFederation } from '@weft/testing/federation';
import { showProgress } from '@weft/testing/synapse';
import { HELP, type NetsplitCommand, netsplitCommand, UsageError } from './options.ts';

/** With stock retries a server that gave up looks again after ten minutes. */
const EQUAL_TIMEOUT_MS = 20 * 60_000;

async function main(): Promise<number> {
  const command = netsplitCommand(process.argv.slice(2));
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
  const interrupt = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => interrupt.abort());
  say(`two Synapses, retries ${retries}`);
  const federation = await startFederation({ retries, signal: interrupt.signal, onProgress: showProgress });
  const interrupted = new Promise<never>((_resolve, reject) => {
    interrupt.signal.addEventListener('abort', () =>
      reject(new Error('Interrupted; both servers were stopped.')),
    );
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

try {
  process.exit(await main());
} catch (error) {
  const isUsage = error instanceof UsageError;
  console.error(isUsage ? `${error.message}\n\n${HELP}` : error);
  process.exit(isUsage ? 2 : 1);
}
