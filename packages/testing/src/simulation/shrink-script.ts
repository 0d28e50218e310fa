import { type RunResult, runScript } from './run-script.ts';
import type { Script, Step } from './script.ts';

export interface Shrunk {
  readonly script: Script;
  readonly violations: readonly string[];
  /** How often it was tried. */
  readonly runs: number;
}

export interface ShrinkOptions {
  /** Ends the search, with the smallest so far. Default 600. */
  readonly maxRuns?: number;
  readonly run?: (script: Script) => Promise<Pick<RunResult, 'violations'>>;
}

const DEFAULT_MAX_RUNS = 600;
const QUIET = { delayMs: [1, 1], loss: 0, duplication: 0, reordering: 0, clientDelayMs: [1, 1] } as const;

/**
 * Finds a smaller script that fails in the same way: leaves out steps by halves, then quarters and so on (delta
 * debugging), then tries calmer worlds.
 */
export async function shrinkScript(script: Script, options: ShrinkOptions = {}): Promise<Shrunk> {
  const { maxRuns = DEFAULT_MAX_RUNS, run = runScript } = options;
  let { violations } = await run(script);
  let smallest = script;
  let runs = 1;
  const wanted = new Set(violations.map(kindOf));
  const fails = async (candidate: Script): Promise<boolean> => {
    if (runs >= maxRuns) return false;
    runs += 1;
    const result = await run(candidate);
    if (!result.violations.some((violation) => wanted.has(kindOf(violation)))) return false;
    ({ violations } = result);
    smallest = candidate;
    return true;
  };
  const leaveOut = async (): Promise<void> => {
    let size = Math.ceil(smallest.steps.length / 2);
    while (size >= 1 && runs < maxRuns) {
      let removed = false;
      for (let at = 0; at < smallest.steps.length; ) {
        const steps = [...smallest.steps.slice(0, at), ...smallest.steps.slice(at + size)];
        if (await fails({ ...smallest, steps })) removed = true;
        else at += size;
      }
      if (!removed || size > 1) size = size === 1 ? 0 : Math.floor(size / 2);
    }
  };
  await leaveOut();
  const before = smallest;
  for (const calmer of calmerWorlds) {
    let isCalmer = true;
    while (isCalmer) {
      const text = JSON.stringify(smallest);
      isCalmer = false;
      for (const candidate of calmer(smallest))
        if (!isCalmer && JSON.stringify(candidate) !== text) isCalmer = await fails(candidate);
    }
  }
  if (smallest !== before) await leaveOut();
  return { script: smallest, violations, runs };
}

/** What is wrong, without who and what it happened to. */
export function kindOf(violation: string): string {
  return violation
    .replace(/^\S+ on \S+/, 'somebody')
    .replace(/^(u\d+|auditor):?/, 'somebody')
    .replace(/:.*$/s, '')
    .replace(/\d+/g, '#')
    .replace(/ of \S{12,}.*$/, '');
}

const calmerWorlds: readonly ((script: Script) => Generator<Script>)[] = [
  function* fewerUsers(script) {
    for (let at = script.users.length - 1; at > 0; at -= 1)
      yield { ...script, users: script.users.filter((_, other) => other !== at) };
  },
  function* fewerServers(script) {
    if (script.servers.length > 1) yield { ...script, servers: script.servers.slice(0, 1) };
    if (script.servers.length > 2) yield { ...script, servers: script.servers.slice(0, 2) };
  },
  function* noTwists(script) {
    yield { ...script, twists: { other: 0, reset: 0, drop: 0 } };
  },
  function* goodLinks(script) {
    yield { ...script, links: QUIET };
  },
  function* rightClocks(script) {
    yield {
      ...script,
      servers: script.servers.map((server) => ({ ...server, offsetMs: 0 })),
      users: script.users.map((user) => ({ ...user, skewMs: 0 })),
    };
  },
  function* freeServers(script) {
    yield {
      ...script,
      servers: script.servers.map((server) => ({ ...server, limited: false, stateAfter: true })),
    };
  },
  function* shorterPauses(script) {
    const paused = (ms: number) => (step: Step) => ({ ...step, afterMs: Math.min(step.afterMs, ms) });
    for (const ms of [1000, 100]) yield { ...script, steps: script.steps.map(paused(ms)) };
  },
];
