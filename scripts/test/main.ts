import { fileURLToPath } from 'node:url';
import { RUNS_VARIABLE, SEED_VARIABLE } from '@weft/testing';
import { UsageError } from '@weft/testing/command';
import { report } from '../checks/report.ts';
import { runChecks } from '../checks/run-checks.ts';
import { type Component, prepare, type Readiness } from './components.ts';
import { frame } from './frame.ts';
import { HELP, type Plan, planOf, type Suite } from './plan.ts';
import { failure, failureLines, isSuccess, NOTHING, sum, summaryLine, type Tally } from './tally.ts';
import { TestFiles } from './vitest-run.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
/**
 * The whole run, builds included, takes some 22 minutes on two cores, and the same cores are half as fast on some days; what is not done
 * then hangs.
 */
const MAX_RUN_MS = 50 * 60_000;
const STOP_GRACE_MS = 20_000;
const NEEDS: Readonly<Record<Suite, readonly Component[]>> = {
  check: [],
  unit: [],
  synapse: ['synapse'],
  browser: ['synapse', 'chromium'],
  federation: ['federation'],
  ipfs: ['kubo'],
};
/** What runs together. A Dendrite and then a Kubo take minutes to build the first time, which the rest does not wait for. */
const BATCHES: readonly (readonly Suite[])[] = [['unit', 'synapse', 'browser'], ['federation'], ['ipfs']];

async function main(): Promise<void> {
  let plan: Plan;
  try {
    plan = planOf(process.argv.slice(2), { runs: RUNS_VARIABLE, seed: SEED_VARIABLE });
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`${error.message}\n\n${HELP}`);
    process.exit(2);
  }
  if (plan.help) {
    console.log(HELP);
    process.exit(0);
  }
  Object.assign(process.env, plan.environment);
  try {
    end(await run(plan));
  } catch (error) {
    console.error(error);
    end(failure('the run itself'));
  }
}

async function run(plan: Plan): Promise<Tally> {
  const interrupted = new AbortController();
  const files = await TestFiles.find(root, plan.files);
  const suites = plan.suites.filter((suite) => suite === 'check' || files.count(suite) > 0);
  // Installing and booting go on while the checks run; a failure is looked at when its suite is due.
  const components = new Map<Component, Promise<Readiness>>();
  for (const component of new Set(suites.flatMap((suite) => NEEDS[suite]))) {
    const readiness = prepare(component, interrupted.signal);
    readiness.catch(() => undefined);
    components.set(component, readiness);
  }
  let tally = NOTHING;
  const stop = (why: string): void => {
    if (interrupted.signal.aborted) return;
    console.error(frame(why, 'The run is cut short; what did not run counts as failed.'));
    tally = sum(tally, failure(`cut short: ${why}`));
    interrupted.abort();
    void files.cancel();
    setTimeout(() => end(tally), STOP_GRACE_MS).unref();
  };
  const deadline = setTimeout(() => stop('THE TESTS TAKE TOO LONG'), MAX_RUN_MS);
  // Not `once`: a second Ctrl-C must not kill what is being stopped.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(signal));

  try {
    if (suites.includes('check')) tally = sum(tally, await check());
    for (const batch of BATCHES) {
      const runnable: Suite[] = [];
      for (const suite of batch) {
        if (!suites.includes(suite) || interrupted.signal.aborted) continue;
        const lacking = await lacks(suite, components);
        if (lacking === null) runnable.push(suite);
        else tally = sum(tally, await skip(suite, lacking, files));
      }
      if (!interrupted.signal.aborted) tally = sum(tally, await files.run(runnable));
    }
    if (plan.suites.some((suite) => suite !== 'check') && suites.every((suite) => suite === 'check')) {
      console.error(frame('NO TESTS', 'No test file matches, so nothing was proved.'));
      tally = sum(tally, failure('no test file matches'));
    }
  } finally {
    clearTimeout(deadline);
    await files.close();
    await Promise.allSettled([...components.values()].map(stopComponent));
  }
  return tally;
}

async function check(): Promise<Tally> {
  const results = await runChecks(root);
  console.log(`${report(results)}\n`);
  const failures = results.filter(({ findings }) => findings.length > 0).map(({ name }) => `check ${name}`);
  return { passed: results.length - failures.length, failures, skipped: 0 };
}

/** Why a suite cannot run: `missing` on this machine, or `broken`; `null` where it can. */
async function lacks(
  suite: Suite,
  components: ReadonlyMap<Component, Promise<Readiness>>,
): Promise<{ readonly kind: 'missing' | 'broken'; readonly reason: string } | null> {
  for (const component of NEEDS[suite]) {
    try {
      const readiness = await components.get(component);
      if (readiness?.state === 'unavailable') return { kind: 'missing', reason: readiness.reason };
    } catch (error) {
      const reason = error instanceof Error ? (error.stack ?? error.message) : String(error);
      return { kind: 'broken', reason: `${component}: ${reason}` };
    }
  }
  return null;
}

async function skip(
  suite: Suite,
  { kind, reason }: { readonly kind: 'missing' | 'broken'; readonly reason: string },
  files: TestFiles,
): Promise<Tally> {
  const skipped = await files.countTests(suite);
  const isFailure = kind === 'broken' || process.env.CI === 'true';
  const title = `${isFailure ? 'FAILED' : 'SKIPPED'}: the ${suite} suite, ${skipped} tests in ${files.count(suite)} files`;
  console.error(`${frame(title, reason)}\n`);
  return { ...(isFailure ? failure(`the ${suite} suite: could not run`) : NOTHING), skipped };
}

async function stopComponent(component: Promise<Readiness>): Promise<void> {
  const readiness = await component;
  if (readiness.state === 'ready') await readiness.stop();
}

function end(tally: Tally): void {
  if (tally.passed + tally.failures.length === 0)
    console.error(frame('NO TESTS', 'Nothing matched, so nothing was proved.'));
  const code = isSuccess(tally) ? 0 : 1;
  // The very last line, and out even where something still holds the event loop.
  process.stderr.write('', () => {
    const lines = [...failureLines(tally), summaryLine(tally)];
    process.stdout.write(`${lines.join('\n')}\n`, () => process.exit(code));
  });
}

await main();
