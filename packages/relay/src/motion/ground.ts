import type { Mover } from './mover.ts';

/** Which movers are in which cell. */
export class Ground {
  readonly #cells = new Map<number, Set<Mover>>();
  readonly #placed = new Map<Mover, number>();

  in(cell: number): Iterable<Mover> {
    return this.#cells.get(cell) ?? [];
  }

  /** How many are in it. */
  count(cell: number): number {
    return this.#cells.get(cell)?.size ?? 0;
  }

  /** It is in another cell than before. */
  place(mover: Mover): void {
    this.remove(mover);
    if (mover.cell === null) return;
    const { key } = mover.cell;
    this.#placed.set(mover, key);
    const there = this.#cells.get(key);
    if (there === undefined) this.#cells.set(key, new Set([mover]));
    else there.add(mover);
  }

  remove(mover: Mover): void {
    const key = this.#placed.get(mover);
    if (key === undefined) return;
    this.#placed.delete(mover);
    const there = this.#cells.get(key);
    there?.delete(mover);
    if (there?.size === 0) this.#cells.delete(key);
  }
}
