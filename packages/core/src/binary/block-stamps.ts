import { compareStamps, type Stamp } from '../stamp/stamp.ts';
import type { ByteWriter } from './byte-writer.ts';
import { packingOf, writePacked } from './packed-integers.ts';
import type { WriteTables } from './write-tables.ts';

/** What counts of a column here: each register's object, as a number within the block, and stamp. */
export interface StampedColumn {
  readonly objects: readonly number[];
  readonly stamps: readonly Stamp[];
}

/** The different stamps of a block, and the one that most registers of each object have. */
export class BlockStamps {
  readonly #sorted: readonly Stamp[];
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #own: Float64Array;
  // Most registers share the stamp object of their neighbour; making keys is what costs.
  readonly #byObject = new Map<Stamp, number>();

  constructor(columns: readonly StampedColumn[], count: number) {
    const distinct = new Map<string, Stamp>();
    const seen = new Set<Stamp>();
    for (const { stamps } of columns)
      for (const stamp of stamps) {
        if (seen.has(stamp)) continue;
        seen.add(stamp);
        distinct.set(keyOf(stamp), stamp);
      }
    this.#sorted = [...distinct.values()].sort(compareStamps);
    this.#numbers = new Map(this.#sorted.map((stamp, at) => [keyOf(stamp), at]));
    for (const stamp of seen) this.#byObject.set(stamp, this.#numbers.get(keyOf(stamp)) ?? 0);
    this.#own = this.#mostFrequent(columns, count);
  }

  own(object: number): number {
    return this.#own[object] ?? 0;
  }

  numberOf(stamp: Stamp): number {
    return this.#byObject.get(stamp) ?? 0;
  }

  write(writer: ByteWriter, tables: WriteTables): void {
    writer.varint(this.#sorted.length);
    let before = 0;
    for (const { time, actor } of this.#sorted) {
      writer.varint(time - before);
      writer.varint(tables.actorIndex(actor));
      before = time;
    }
    const packing = packingOf(this.#own);
    if (this.#sorted.length > 0 && packing !== undefined) writePacked(writer, this.#own, packing);
  }

  /** Of equally frequent ones the earliest. */
  #mostFrequent(columns: readonly StampedColumn[], count: number): Float64Array {
    const own = new Float64Array(count);
    if (this.#sorted.length === 1) return own;
    const tallies = Array.from({ length: count }, () => new Map<number, number>());
    for (const { objects, stamps } of columns)
      for (const [at, object] of objects.entries()) {
        const tally = tallies[object];
        const stamp = stamps[at];
        if (tally === undefined || stamp === undefined) continue;
        const number = this.numberOf(stamp);
        tally.set(number, (tally.get(number) ?? 0) + 1);
      }
    for (const [object, tally] of tallies.entries()) {
      let most = 0;
      for (const [number, times] of tally) {
        if (times < most || (times === most && number > (own[object] ?? 0))) continue;
        most = times;
        own[object] = number;
      }
    }
    return own;
  }
}

function keyOf({ time, actor }: Stamp): string {
  return `${time} ${actor}`;
}
