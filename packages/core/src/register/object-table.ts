import type { ObjectId, Path } from '../ids.ts';
import type { ObjectPatch } from './patch.ts';
import type { RowBlock } from './patch-summary.ts';
import type { Register } from './register.ts';
import { RowRegisters } from './row-registers.ts';

type Registers = ReadonlyMap<Path, Register>;

const NOTHING: ReadonlyMap<ObjectId, ObjectPatch> = new Map();

/** The registers of objects by id, for who only reads them. */
export interface ObjectRows {
  readonly size: number;
  /** Grows with each change of what is held: until then a view that was read is what it was. */
  readonly changes: number;
  /** The registers of an object: a live view, valid until the next change. */
  get(id: ObjectId): Registers | undefined;
  has(id: ObjectId): boolean;
}

/**
 * The registers of objects by id. A whole patch that comes first is shared as it is, and what changes lies over it: a
 * large world is then in one table, not in two.
 */
export class ObjectTable implements ObjectRows {
  size = 0;
  changes = 0;
  #under: ReadonlyMap<ObjectId, ObjectPatch> = NOTHING;
  /** `null` for what is under it and gone. */
  readonly #over = new Map<ObjectId, Registers | null>();

  get(id: ObjectId): Registers | undefined {
    const over = this.#over.size === 0 ? undefined : this.#over.get(id);
    return over === undefined ? this.#under.get(id)?.registers : (over ?? undefined);
  }

  has(id: ObjectId): boolean {
    return this.get(id) !== undefined;
  }

  set(id: ObjectId, registers: Registers): void {
    if (!this.has(id)) this.size += 1;
    this.#over.set(id, registers);
  }

  /** `set` for an object that is not there. */
  add(id: ObjectId, registers: Registers): void {
    this.size += 1;
    this.#over.set(id, registers);
  }

  delete(id: ObjectId): void {
    if (!this.has(id)) return;
    this.size -= 1;
    if (this.#under.has(id)) this.#over.set(id, null);
    else this.#over.delete(id);
  }

  *keys(): Generator<ObjectId> {
    for (const id of this.#under.keys()) if (this.#over.size === 0 || !this.#over.has(id)) yield id;
    for (const [id, registers] of this.#over) if (registers !== null) yield id;
  }

  /** Whether nothing was ever held: then a patch without purges can be shared. */
  get isNew(): boolean {
    return this.#under === NOTHING && this.#over.size === 0;
  }

  /** @param objects that are never changed, none of them purged or empty */
  share(objects: ReadonlyMap<ObjectId, ObjectPatch>): void {
    this.#under = objects;
    this.size = objects.size;
  }

  clear(): void {
    this.#under = NOTHING;
    this.#over.clear();
    this.size = 0;
  }
}

/** The paths of objects of which nothing at all was known, worked out when they are read. */
export class NewObjects implements ReadonlyMap<ObjectId, ReadonlySet<Path>> {
  readonly #objects: ReadonlyMap<ObjectId, ObjectPatch>;
  /** All that is known of them by column; `null` where it is not at hand so. */
  readonly blocks: readonly RowBlock[] | null;

  constructor(objects: ReadonlyMap<ObjectId, ObjectPatch>, blocks: readonly RowBlock[] | null = null) {
    this.#objects = objects;
    this.blocks = blocks;
  }

  /** All that is known of them, so that it need not be looked up. */
  forEachRegisters(visit: (id: ObjectId, registers: Registers) => void): void {
    this.#objects.forEach(({ registers }, id) => {
      visit(id, registers);
    });
  }

  get size(): number {
    return this.#objects.size;
  }

  get(id: ObjectId): ReadonlySet<Path> | undefined {
    const object = this.#objects.get(id);
    return object === undefined ? undefined : pathsOf(object.registers);
  }

  has(id: ObjectId): boolean {
    return this.#objects.has(id);
  }

  keys(): MapIterator<ObjectId> {
    return this.#objects.keys();
  }

  *values(): MapIterator<ReadonlySet<Path>> {
    for (const { registers } of this.#objects.values()) yield pathsOf(registers);
  }

  *entries(): MapIterator<[ObjectId, ReadonlySet<Path>]> {
    for (const [id, { registers }] of this.#objects) yield [id, pathsOf(registers)];
  }

  [Symbol.iterator](): MapIterator<[ObjectId, ReadonlySet<Path>]> {
    return this.entries();
  }

  forEach(
    visit: (paths: ReadonlySet<Path>, id: ObjectId, all: ReadonlyMap<ObjectId, ReadonlySet<Path>>) => void,
  ): void {
    for (const [id, paths] of this) visit(paths, id, this);
  }
}

/** One set for all rows that are alike. */
export function pathsOf(registers: Registers): ReadonlySet<Path> {
  return registers instanceof RowRegisters ? registers.paths : new Set(registers.keys());
}
