import { type Counts, noCounts } from './counts.ts';
import type { Script, StepKind } from './script.ts';
import { SimWorld } from './sim-world.ts';
import { Trace } from './trace.ts';
import { judge } from './verdict.ts';

/** What became of a script. */
export interface RunResult {
  /** What was not as it has to be; empty where all was. */
  readonly violations: readonly string[];
  /** All that happened: the same script gives the same hash. */
  readonly traceHash: string;
  readonly counts: Counts;
  /** Where they were asked for. */
  readonly trace: readonly string[];
}

/** Steps after which the room may have lost what nobody is left to write again. */
const LOSING: ReadonlySet<StepKind> = new Set<StepKind>([
  ...(['close', 'crash', 'leave', 'kick', 'ban', 'unban', 'level', 'redact', 'empty', 'hand'] as const),
]);

/** Plays a script from its beginning to a healed and quiet end. Never throws. */
export async function runScript(
  script: Script,
  options: { readonly trace?: boolean } = {},
): Promise<RunResult> {
  const trace = new Trace({ keep: options.trace ?? false });
  let world: SimWorld | null = null;
  const violations: string[] = [];
  const onRejection = (error: unknown): void => {
    violations.push(`a promise nobody waits for: ${textOf(error)}`);
  };
  process.on('unhandledRejection', onRejection);
  try {
    world = await SimWorld.start(script, trace);
    for (const step of script.steps) await world.play(step);
    await judge(world, isStrict(script));
  } catch (error) {
    violations.push(`it threw ${textOf(error)}`);
  } finally {
    process.off('unhandledRejection', onRejection);
  }
  violations.push(...(world?.violations ?? []));
  for (const violation of violations) trace.add(`violation ${violation}`);
  return {
    violations: [...new Set(violations)],
    counts: world?.count() ?? noCounts(),
    trace: trace.lines,
    traceHash: trace.digest(),
  };
}

function isStrict({ steps, twists }: Script): boolean {
  return twists.drop + twists.reset + twists.other === 0 && !steps.some((step) => LOSING.has(step.do));
}

function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
