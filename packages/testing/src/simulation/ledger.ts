import {
  compareRegisters,
  compareValues,
  entriesOf,
  isSameRegister,
  type ObjectId,
  type ObjectRegisters,
  type Patch,
  type Path,
  type Register,
  type Settled,
} from '@weft/core';

/** One register that somebody wrote. */
export interface Written {
  readonly id: ObjectId;
  readonly path: Path;
  readonly register: Register;
}

/** What a device promised to keep. */
export interface Kept {
  readonly written: Written;
  /** Written in its place since: a device may hold that too, though it died before it could say so. */
  readonly later: Written[];
}

/** What one user wrote, and what the user was told of it. */
export class Ledger {
  /** Written, and nothing said of it yet; the newest of each place, of the running process. */
  readonly #open = new Map<string, Written>();
  /** Of what is open, and of what was when a process ended: what the device holds. */
  readonly #kept = new Map<string, Kept>();
  readonly #acknowledged = new Map<string, Written>();
  /** How often each end was met. */
  readonly ends = { durable: 0, superseded: 0, purged: 0, refused: 0, kept: 0, lost: 0 };

  write(patch: Patch): void {
    for (const entry of entriesOf(patch)) {
      const place = placeOf(entry);
      this.#open.set(place, entry);
      this.#kept.get(place)?.later.push(entry);
    }
  }

  /** The user's device says that it keeps the edit. */
  keep(patch: Patch): void {
    for (const entry of entriesOf(patch)) {
      const place = placeOf(entry);
      if (this.#open.get(place)?.register !== entry.register) continue;
      this.ends.kept += 1;
      this.#kept.set(place, { written: entry, later: [] });
    }
  }

  settle(settled: readonly Settled[]): void {
    for (const { id, path, register, outcome } of settled) {
      const place = placeOf({ id, path });
      this.ends[outcome] += 1;
      const open = this.#open.get(place);
      if (open !== undefined && isSame(open.register, register)) this.#open.delete(place);
      const kept = this.#kept.get(place);
      if (kept !== undefined && isEndOf(kept, register)) this.#kept.delete(place);
      if (outcome === 'durable') this.#acknowledged.set(place, { id, path, register });
    }
  }

  /** These were refused, and of their objects what is not dirty any more; what they had replaced may be dirty again. */
  refuse(registers: ObjectRegisters, isDirty: (id: ObjectId, path: Path) => boolean): void {
    const kept = [...this.#kept].map(([place, { written }]) => [place, written] as const);
    for (const [place, { id, path, register }] of [...kept, ...this.#open]) {
      const refused = registers.get(id);
      if (refused === undefined) continue;
      if (isDirty(id, path) && !isSameRegister(refused.get(path), register)) continue;
      if (this.#open.delete(place)) this.ends.refused += 1;
      this.#kept.delete(place);
    }
  }

  /** The process is gone, and with it what was only there. */
  crash(): void {
    for (const place of this.#open.keys()) if (!this.#kept.has(place)) this.ends.lost += 1;
    this.#open.clear();
  }

  /** What the user was not told the end of. */
  get open(): readonly Written[] {
    return [...this.#open.values()];
  }

  /** What the user's device promised to keep, and nothing else was said of since. */
  get kept(): readonly Kept[] {
    return [...this.#kept.values()];
  }

  /** What the user was told is durable, the newest of each place. */
  get acknowledged(): readonly Written[] {
    return [...this.#acknowledged.values()];
  }
}

// The next process of a device stamps what was ahead of its clock anew, as another actor.
function isEndOf({ written, later }: Kept, register: Register): boolean {
  const isOne = (one: Written): boolean => compareValues(one.register.value, register.value) === 0;
  return isOne(written) || later.some(isOne) || compareRegisters(register, written.register) > 0;
}

function placeOf({ id, path }: { readonly id: ObjectId; readonly path: Path }): string {
  return `${id} ${path}`;
}

// A clock that was fast stamps what nobody has seen anew; it is the same edit.
function isSame(a: Register, b: Register): boolean {
  return a.stamp.actor === b.stamp.actor && compareValues(a.value, b.value) === 0;
}
