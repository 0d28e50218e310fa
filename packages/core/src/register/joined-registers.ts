import type { Path } from '../ids.ts';
import { newest, type Register } from './register.ts';

type Registers = ReadonlyMap<Path, Register>;

/**
 * What two say of an object, joined as it is asked for: who edits an object looks at few of its registers, and to copy the
 * others would cost more than to look. A view of both, valid until either changes.
 */
export class JoinedRegisters implements ReadonlyMap<Path, Register> {
  readonly under: Registers;
  readonly over: Registers;
  readonly #overWins: boolean;

  /** @param overWins whether whatever lies over is newer than what is under it, so that nobody need compare. Default: no */
  constructor(under: Registers, over: Registers, overWins = false) {
    this.under = under;
    this.over = over;
    this.#overWins = overWins;
  }

  get size(): number {
    let size = this.under.size;
    for (const path of this.over.keys()) if (!this.under.has(path)) size += 1;
    return size;
  }

  get(path: Path): Register | undefined {
    const over = this.over.get(path);
    if (this.#overWins && over !== undefined) return over;
    const under = this.under.get(path);
    return over === undefined || under === undefined ? (over ?? under) : newest(under, over);
  }

  has(path: Path): boolean {
    return this.over.has(path) || this.under.has(path);
  }

  /** Whether any register holds another value than `null`. What lies over the other is asked first: as a rule it is little. */
  holdsAny(): boolean {
    for (const path of this.over.keys()) if (this.#holds(path)) return true;
    for (const path of this.under.keys()) if (this.#holds(path)) return true;
    return false;
  }

  *keys(): MapIterator<Path> {
    yield* this.under.keys();
    for (const path of this.over.keys()) if (!this.under.has(path)) yield path;
  }

  *values(): MapIterator<Register> {
    for (const [, register] of this.entries()) yield register;
  }

  *entries(): MapIterator<[Path, Register]> {
    for (const [path, under] of this.under) {
      const over = this.over.get(path);
      yield [path, over === undefined ? under : newest(under, over)];
    }
    for (const [path, over] of this.over) if (!this.under.has(path)) yield [path, over];
  }

  [Symbol.iterator](): MapIterator<[Path, Register]> {
    return this.entries();
  }

  forEach(visit: (register: Register, path: Path, all: Registers) => void): void {
    this.under.forEach((under, path) => {
      const over = this.over.get(path);
      visit(over === undefined ? under : newest(under, over), path, this);
    });
    this.over.forEach((over, path) => {
      if (!this.under.has(path)) visit(over, path, this);
    });
  }

  #holds(path: Path): boolean {
    return (this.get(path)?.value ?? null) !== null;
  }
}
