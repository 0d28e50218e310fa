import type { Cell } from './cell.ts';
import type { Mover } from './mover.ts';

/** What is new in one round. */
export class News {
  readonly nowMs: number;
  /** Since the round before, in milliseconds. */
  readonly sinceMs: number;
  /** Movers of which a new pose is told. */
  readonly changed: ReadonlySet<Mover>;
  /** The same by their handles, the smallest first. */
  readonly byHandle: readonly Mover[];
  /** Those of them that are in another cell than before. */
  readonly moved: readonly Mover[];
  readonly #changedIn = new Map<number, Mover[]>();

  constructor(nowMs: number, sinceMs: number, changed: ReadonlySet<Mover>, moved: readonly Mover[]) {
    this.nowMs = nowMs;
    this.sinceMs = sinceMs;
    this.changed = changed;
    this.byHandle = [...changed].sort((a, b) => a.handle - b.handle);
    this.moved = moved;
    for (const mover of changed) this.#sort(mover);
  }

  /** Of whom there is something new, and who are in one of these cells; `null` for all. */
  *in(cells: readonly number[] | null): Iterable<Mover> {
    if (cells === null) yield* this.changed;
    else for (const cell of cells) yield* this.#changedIn.get(cell) ?? [];
  }

  /** What was told of a mover up to the round before, to whoever saw it. */
  versionBefore(mover: Mover): number {
    return this.changed.has(mover) ? mover.version - 1 : mover.version;
  }

  /** Where it was until then. */
  cellBefore(mover: Mover): Cell | null {
    return this.changed.has(mover) ? mover.cellBefore : mover.cell;
  }

  #sort(mover: Mover): void {
    const key = mover.cell?.key ?? 0;
    const there = this.#changedIn.get(key);
    if (there === undefined) this.#changedIn.set(key, [mover]);
    else there.push(mover);
  }
}
