import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { interruptSignal, progressLines, runCommand } from '../../command/long-command.ts';
import { keepRegression } from '../regressions.ts';
import { runScript } from '../run-script.ts';
import { readScript, type Script } from '../script.ts';
import { shrinkScript } from '../shrink-script.ts';
import { writeScript } from '../write-script.ts';
import { type CampaignResult, type Failure, runCampaign } from './campaign.ts';
import { HELP, type Options, readOptions } from './options.ts';
import { summary } from './summary.ts';

/** Past this many failures shrinking more of them tells little, and takes long. */
const MAX_SHRUNK = 5;

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args);
  if (options.help) {
    console.log(HELP);
    return 0;
  }
  return options.trace === null ? campaign(options) : trace(options.trace);
}

async function campaign({ seeds, from, jobs, json }: Options): Promise<number> {
  const signal = interruptSignal();
  const say = progressLines();
  const startedMs = performance.now();
  const result = await runCampaign({
    from,
    seeds,
    jobs,
    signal,
    progress(done, failures) {
      say(() => {
        const rate = (done / ((performance.now() - startedMs) / 1000)).toFixed(1);
        const which = failures.slice(0, MAX_SHRUNK).map(({ seed }) => seed);
        const failed = which.length === 0 ? '0 failed' : `${failures.length} failed: ${which.join(', ')}`;
        return `simulate: ${done} of ${seeds} schedules, ${rate} a second, ${failed}`;
      });
    },
  });
  const kept: Kept[] = [];
  for (const failure of result.failures.slice(0, MAX_SHRUNK))
    if (!signal.aborted) kept.push(await keep(failure));
  console.log(json ? JSON.stringify({ from, jobs, ...result, kept }, null, 2) : summary(from, jobs, result));
  for (const one of kept) console.error(textOf(one));
  tellRest(result);
  return result.failures.length === 0 ? 0 : 1;
}

interface Kept extends Failure {
  readonly path: string;
  readonly steps: number;
}

async function keep({ seed }: Failure): Promise<Kept> {
  console.error(`simulate: seed ${seed} failed; looking for a shorter script`);
  const { script, violations } = await shrinkScript(writeScript(String(seed)));
  const path = relative(process.cwd(), keepRegression(`seed-${seed}`, script));
  return { seed, violations, path, steps: script.steps.length };
}

function textOf({ seed, violations, path, steps }: Kept): string {
  const lines = violations.map((violation) => `  ${violation}`).join('\n');
  return `\nseed ${seed} fails after ${steps} steps:\n${lines}\n  kept in ${path}; replay: npm run simulate -- --trace ${path}`;
}

function tellRest({ failures }: CampaignResult): void {
  const rest = failures.slice(MAX_SHRUNK).map(({ seed }) => seed);
  if (rest.length > 0) console.error(`\nfailed, too: seeds ${rest.join(', ')}`);
}

async function trace(name: string): Promise<number> {
  const script: Script = existsSync(name) ? readScript(readFileSync(name, 'utf8')) : writeScript(name);
  const result = await runScript(script, { trace: true });
  for (const line of result.trace) console.log(line);
  console.log(`trace ${result.traceHash}`);
  for (const violation of result.violations) console.error(`violation: ${violation}`);
  return result.violations.length === 0 ? 0 : 1;
}

await runCommand('simulate', HELP, main);
