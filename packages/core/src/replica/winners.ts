import type { ObjectId, Path } from '../ids.ts';
import { JoinedRegisters } from '../register/joined-registers.ts';
import type { ObjectRows } from '../register/object-table.ts';
import { compareRegisters, newest, type Register } from '../register/register.ts';
import { isSameRegisters } from '../register/same-registers.ts';
import type { Changed, MutableChanged } from './changed.ts';

type Registers = ReadonlyMap<Path, Register>;

const NOWHERE: ReadonlySet<Path> = new Set();

export interface Parts {
  readonly base: ObjectRows;
  readonly pending: ObjectRows;
  readonly live: ObjectRows;
}

/** What was put together last: who looks at an object asks for it several times in a row. */
interface LastJoined {
  readonly id: ObjectId;
  /** How often anything had changed by then. */
  readonly changes: number;
  readonly registers: Registers | undefined;
}

/** Which registers show: the newest of the base and of what lies over it, own edits and what was heard of others. */
export class Winners {
  readonly #parts: Parts;
  #last: LastJoined | null = null;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** The registers of an object that win; valid until the next change. */
  get(id: ObjectId): Registers | undefined {
    const { base, pending, live } = this.#parts;
    if (pending.size + live.size === 0) return base.get(id);
    const changes = base.changes + pending.changes + live.changes;
    if (this.#last?.id === id && this.#last.changes === changes) return this.#last.registers;
    const written = pending.size === 0 ? base.get(id) : joined(base.get(id), pending.get(id));
    const registers = live.size === 0 ? written : joined(written, live.get(id));
    this.#last = { id, changes, registers };
    return registers;
  }

  /** The same without what was only heard. */
  written(id: ObjectId): Registers | undefined {
    const { base, pending } = this.#parts;
    return joined(base.get(id), pending.size === 0 ? undefined : pending.get(id));
  }

  at(id: ObjectId, path: Path): Register | undefined {
    return later(this.#parts.base.get(id)?.get(path), this.over(id, path));
  }

  /** What lies over the base. */
  over(id: ObjectId, path: Path): Register | undefined {
    const { pending, live } = this.#parts;
    return later(pending.get(id)?.get(path), live.get(id)?.get(path));
  }

  /** Whether something lies over the base of any object, or of this one. */
  isOver(id?: ObjectId): boolean {
    const { pending, live } = this.#parts;
    return id === undefined ? pending.size + live.size > 0 : pending.has(id) || live.has(id);
  }

  /** Of the places where one part has another register than before, those where that one alone wins. */
  wonBy(part: keyof Parts, changed: Changed): Changed {
    const won: MutableChanged = new Map();
    for (const [id, paths] of changed) {
      const left = this.wonAt(part, id, paths);
      if (left.size > 0) won.set(id, left);
    }
    return won;
  }

  /** The same of one object. */
  wonAt(part: keyof Parts, id: ObjectId, paths: ReadonlySet<Path>): ReadonlySet<Path> {
    const { base, pending, live } = this.#parts;
    const registers = this.#parts[part].get(id);
    const rivals: Registers[] = [];
    let left = paths;
    for (const other of [base, pending, live]) {
      const held = other === this.#parts[part] ? undefined : other.get(id);
      if (held === undefined) continue;
      // One register is compared sooner than all of an object.
      if (paths.size > 1 && registers !== undefined && isSameRegisters(registers, held)) {
        left = absentOf(left, registers);
        if (left.size === 0) return NOWHERE;
      } else rivals.push(held);
    }
    if (rivals.length === 0) return left;
    const wins = (path: Path): boolean =>
      rivals.every((rival) => isLater(registers?.get(path), rival.get(path)));
    return new Set([...left].filter(wins));
  }
}

function joined(a: Registers | undefined, b: Registers | undefined): Registers | undefined {
  return a === undefined || b === undefined ? (a ?? b) : new JoinedRegisters(a, b);
}

function later(a: Register | undefined, b: Register | undefined): Register | undefined {
  return a === undefined || b === undefined ? (a ?? b) : newest(a, b);
}

/** Those places where there is nothing, such as what a purge took. */
function absentOf(paths: ReadonlySet<Path>, registers: Registers): ReadonlySet<Path> {
  for (const path of paths)
    if (!registers.has(path)) return new Set([...paths].filter((each) => !registers.has(each)));
  return NOWHERE;
}

/** Whether the first alone wins over the second; nothing wins over nothing. */
export function isLater(a: Register | undefined, b: Register | undefined): boolean {
  return b === undefined || (a !== undefined && compareRegisters(a, b) > 0);
}
