import { availableParallelism, loadavg } from 'node:os';
import { openEqual, untilEqual } from './equal-worlds.ts';
import type { SplitWorld } from './split-world.ts';

export interface NetsplitOptions {
  /** How long the servers are apart. */
  readonly seconds: number;
  /** Default `refusing`. */
  readonly how?: 'refusing' | 'silent';
  /** Default `both`; or only what goes to one server is cut. */
  readonly towards?: 'both' | 'a' | 'b';
  /** How long to wait for equality after it, in milliseconds. */
  readonly timeoutMs: number;
  /** Takes one line of the transcript. */
  readonly say?: (line: string) => void;
}

/** What a netsplit did to one world; hashes are of what is seen. */
export interface NetsplitReport {
  readonly room: string;
  readonly seconds: number;
  readonly before: string;
  /** At the end of the split, on A and on B. */
  readonly during: readonly string[];
  readonly after: string;
  /** From healing until both who were there see the same. */
  readonly clientsEqualMs: number;
  /** From healing until whoever opens the world anew, on either server, sees the same too. */
  readonly roomEqualMs: number;
  /** From an edit on one side to its showing on the other, before the split. */
  readonly crossingMs: number;
  /** Processes that wanted to run, per core, in the minute that ended with both sides equal. */
  readonly load: number;
  /** Registers that a server acknowledged during the split. */
  readonly acknowledged: number;
  /** Those that are neither there nor overtaken, in any of the four worlds. */
  readonly missing: readonly string[];
  /** What rules and cycles keep out, alike on both sides. */
  readonly problems: readonly string[];
}

/** Splits the two servers of a world while people edit on both sides, and heals them. */
export async function netsplit(split: SplitWorld, options: NetsplitOptions): Promise<NetsplitReport> {
  const { seconds, how = 'refusing', towards = 'both', timeoutMs, say = () => undefined } = options;
  const { ann, ben, ledger, worlds } = split;
  const crossingMs = await split.crossing();
  await untilEqual(worlds);
  const before = ann.hash();
  say(`${ann.room}, the same on both servers: ${before}`);
  say(`an edit takes ${inSeconds(crossingMs)} from one to the other`);
  const startMs = performance.now();
  split.split(how, towards);
  say(`split: ${towards === 'both' ? 'each server finds the other' : `calls to ${towards} find it`} ${how}`);
  await split.clash();
  await split.editUntil(startMs + seconds * 1000);
  await ledger.decided();
  const during = worlds.map((world) => world.hash());
  for (const [at, world] of worlds.entries()) say(`${world.userId} sees ${during[at]}`);
  say(`${ledger.size} registers acknowledged, ${ledger.lost.length} edits lost`);
  const healMs = performance.now();
  const clientsEqualMs = await split.heal(timeoutMs);
  const load = (loadavg()[0] ?? 0) / availableParallelism();
  const after = ann.hash();
  say(`healed; after ${inSeconds(clientsEqualMs)} both see ${after} (load ${load.toFixed(1)} a core)`);
  const fresh = await openEqual(ann.room, [split.owner, split.builder], after, timeoutMs);
  const roomEqualMs = performance.now() - healMs;
  say(`after ${inSeconds(roomEqualMs)} whoever opens it on either server sees ${fresh[0]?.hash()}`);
  const missing = [ann, ben, ...fresh].flatMap((world) => ledger.missingIn(world));
  say(`of what was acknowledged, ${missing.length} registers are missing`);
  for (const lost of missing) say(`  ${lost}`);
  await Promise.all(fresh.map((world) => world.close()));
  const problems = ann.problems.value.map(({ object, message }) => `${object}: ${message}`);
  for (const problem of problems) say(`  ${problem}`);
  const { room } = ann;
  return {
    ...{ room, seconds, before, during, after, crossingMs, load, clientsEqualMs, roomEqualMs },
    ...{ acknowledged: ledger.size, missing, problems },
  };
}

function inSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
