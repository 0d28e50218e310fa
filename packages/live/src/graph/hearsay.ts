import {
  compareRegisters,
  entriesOf,
  type Patch,
  type RegisterEntry,
  type Stop,
  type Timers,
} from '@weft/core';
import type { RunId } from '@weft/protocol';
import type { Heard } from '../lane/catch-up.ts';

/** How long after a relay came back without it something is kept that its author may say again, in milliseconds. */
export const DOUBT_MS = 5_000;
/** How long a lane may be away before what it did not keep is in doubt: its people move to another one first. */
export const AWAY_MS = 10_000;
/** How long it is remembered who said what. */
export const REMEMBERED_MS = 15_000;
/** Frames that are remembered; of more the oldest are believed. */
export const MAX_REMEMBERED = 8_192;

/** One patch of one relay. */
interface Memory {
  readonly lane: string;
  readonly run: RunId;
  /** `null` in a snapshot. */
  readonly seq: number | null;
  readonly patch: Patch;
  readonly atMs: number;
  /** Whether the relay keeps it for good, as was known when its run ended. */
  isKept: boolean;
}

interface LaneMemory {
  run: RunId | null;
  committed: number;
  isLive: boolean;
}

export interface HearsayOptions {
  readonly timers: Timers;
  /** Nobody vouches for these any more: they are to be dropped, and what they hid to be asked for, from these lanes at least. */
  readonly dropped: (entries: readonly RegisterEntry[], lanes: ReadonlySet<string>) => void;
}

/**
 * What relays said and had not kept yet. A relay that dies may lose it; its author says it again, there or on another lane. What
 * nobody says again, though a lane has been live for five seconds, is dropped, as whoever comes later will never hear of it.
 */
export class Hearsay {
  readonly #options: HearsayOptions;
  readonly #lanes = new Map<string, LaneMemory>();
  #memories: Memory[] = [];
  #checks = new Set<Stop>();
  #stopForget: Stop | null = null;

  constructor(options: HearsayOptions) {
    this.#options = options;
  }

  /** How many frames are remembered. */
  get size(): number {
    return this.#memories.length;
  }

  /**
   * A relay answered hello.
   *
   * @param resumed up to where it vouches for the run that was named; `null` where it knows nothing of that
   */
  welcomed(lane: string, run: RunId, resumed: number | null): void {
    const memory = this.#laneOf(lane);
    const before = memory.run;
    memory.isLive = true;
    if (before === run) return;
    // What it vouches for is kept, whatever this client was told of that before.
    const end = Math.max(memory.committed, resumed ?? 0);
    for (const each of this.#memories)
      if (each.lane === lane && each.run === before) each.isKept ||= each.seq !== null && each.seq <= end;
    memory.run = run;
    memory.committed = 0;
    this.#check(DOUBT_MS);
  }

  /** The socket is gone; the relay may have died. */
  lost(lane: string): void {
    const memory = this.#laneOf(lane);
    if (!memory.isLive) return;
    memory.isLive = false;
    this.#check(AWAY_MS);
  }

  heard(lane: string, { type, seq, patch }: Heard): void {
    const { run } = this.#laneOf(lane);
    if (run === null || type === 'retract') return;
    this.#memories.push({ lane, run, seq, patch, atMs: this.#options.timers.now(), isKept: seq === null });
    this.#stopForget ??= this.#options.timers.after(REMEMBERED_MS, () => this.#forgetLater());
    if (this.#memories.length > MAX_REMEMBERED) this.#forget();
    if (this.#memories.length > MAX_REMEMBERED) this.#memories.splice(0, MAX_REMEMBERED / 4);
  }

  committed(lane: string, seq: number): void {
    const memory = this.#laneOf(lane);
    memory.committed = Math.max(memory.committed, seq);
  }

  close(): void {
    for (const stop of this.#checks) stop();
    this.#checks.clear();
    this.#stopForget?.();
    this.#memories = [];
  }

  #laneOf(lane: string): LaneMemory {
    const known = this.#lanes.get(lane);
    if (known !== undefined) return known;
    const added: LaneMemory = { run: null, committed: 0, isLive: false };
    this.#lanes.set(lane, added);
    return added;
  }

  #check(ms: number): void {
    const stop = this.#options.timers.after(ms, () => {
      this.#checks.delete(stop);
      this.#decide();
    });
    this.#checks.add(stop);
  }

  #decide(): void {
    const doubtful = this.#memories.filter((memory) => this.#isDoubtful(memory));
    if (doubtful.length === 0) {
      this.#forget();
      return;
    }
    // Nobody is there who could say it again.
    if (![...this.#lanes.values()].some(({ isLive }) => isLive)) {
      this.#check(DOUBT_MS);
      return;
    }
    const doubts = new Set(doubtful);
    const vouched = newestByActor(this.#memories.filter((memory) => !doubts.has(memory)));
    // Each author's by itself: what is older hides below what is newer, and would show once that is taken back.
    const dropped = [...newestByActor(doubtful)].flatMap(([name, entry]) => {
      const other = vouched.get(name);
      return other === undefined || compareRegisters(other.register, entry.register) < 0 ? [entry] : [];
    });
    this.#memories = this.#memories.filter((memory) => !doubts.has(memory));
    this.#forget();
    if (dropped.length === 0) return;
    const lanes = new Set(doubtful.map(({ lane }) => lane));
    this.#options.dropped(dropped, lanes);
  }

  /** Of a run that is over or away, and not kept. */
  #isDoubtful(memory: Memory): boolean {
    const lane = this.#laneOf(memory.lane);
    return (memory.run !== lane.run || !lane.isLive) && !this.#isKept(memory);
  }

  #isKept({ lane, run, seq, isKept }: Memory): boolean {
    const { run: current, committed } = this.#laneOf(lane);
    return isKept || (run === current && seq !== null && seq <= committed);
  }

  /** A snapshot is as large as the world: it must not outlive its use because nothing more is said. */
  #forgetLater(): void {
    this.#stopForget = null;
    this.#forget();
    if (this.#memories.length > 0)
      this.#stopForget = this.#options.timers.after(REMEMBERED_MS, () => this.#forgetLater());
  }

  /** What is kept and long ago. */
  #forget(): void {
    const oldestMs = this.#options.timers.now() - REMEMBERED_MS;
    this.#memories = this.#memories.filter((each) => each.atMs > oldestMs || !this.#isKept(each));
  }
}

/** By place and actor. */
function newestByActor(memories: readonly Memory[]): ReadonlyMap<string, RegisterEntry> {
  const newest = new Map<string, RegisterEntry>();
  for (const { patch } of memories)
    for (const entry of entriesOf(patch)) {
      const name = `${entry.id} ${entry.path} ${entry.register.stamp.actor}`;
      const known = newest.get(name);
      if (known === undefined || compareRegisters(known.register, entry.register) < 0)
        newest.set(name, entry);
    }
  return newest;
}
