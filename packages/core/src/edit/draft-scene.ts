import { componentOf, isObjectId, type ObjectId, type Path, ROOT } from '../ids.ts';
import { DELETED_PATH, isPresent, ORDER_PATH, PARENT_PATH } from '../scene/facts.ts';
import { compareSiblings } from '../scene/siblings.ts';
import { MAX_DEPTH } from '../scene/tree.ts';
import type { Value } from '../value/value.ts';
import type { Sibling } from './order.ts';
import type { EditSource } from './source.ts';

/** The scene as an unfinished edit sees it: what is written so far over what was there. Always a tree. */
export class DraftScene {
  /** Whether the edit still goes on. */
  isOpen = true;
  readonly #source: EditSource;
  readonly #writes = new Map<ObjectId, Map<Path, Value>>();
  /** What was written, by object and property; `null` removes. */
  readonly writes: ReadonlyMap<ObjectId, ReadonlyMap<Path, Value>> = this.#writes;
  /** Objects that this edit hung somewhere. */
  readonly #hung = new Map<ObjectId, ObjectId>();
  readonly #siblings = new Map<ObjectId, Sibling[]>();
  /** Whether anything was hung elsewhere or deleted: until then what shows is where it was. */
  #isTreeWritten = false;

  constructor(source: EditSource) {
    this.#source = source;
  }

  /** Whether there is anything under this id, hidden or deleted objects too. */
  isTaken(id: ObjectId): boolean {
    return this.#writes.has(id) || isPresent(id, this.#source.registers(id));
  }

  valueAt(id: ObjectId, path: Path): Value | undefined {
    const written = this.#writes.get(id)?.get(path);
    if (written !== undefined) return written ?? undefined;
    return this.#source.registers(id)?.get(path)?.value ?? undefined;
  }

  /** The properties of a component that hold something. */
  pathsOf(id: ObjectId, component: string): readonly Path[] {
    const paths = new Set([
      ...(this.#source.registers(id)?.keys() ?? []),
      ...(this.#writes.get(id)?.keys() ?? []),
    ]);
    return [...paths].filter(
      (path) => componentOf(path) === component && this.valueAt(id, path) !== undefined,
    );
  }

  isDeleted(id: ObjectId): boolean {
    return this.valueAt(id, DELETED_PATH) === true;
  }

  /** Where an object hangs or, if it is hidden, is written to hang. */
  parent(id: ObjectId): ObjectId {
    const known = this.#hung.get(id) ?? this.#source.scene.parent(id);
    if (known !== undefined) return known;
    const written = this.valueAt(id, PARENT_PATH);
    return isObjectId(written) ? written : ROOT;
  }

  /** The object and what it hangs from, up to the root; `null` where it is hidden or unknown. */
  wayUp(id: ObjectId): readonly ObjectId[] | null {
    const way = new Set<ObjectId>();
    for (let at = id; at !== ROOT; at = this.parent(at)) {
      if (way.has(at) || way.size === MAX_DEPTH || this.isDeleted(at) || !this.isTaken(at)) return null;
      way.add(at);
    }
    return [...way];
  }

  /** The id that a text is, if it is one of an object that is visible, and was before; there may be others. */
  idOf(text: string): ObjectId | undefined {
    return this.#isTreeWritten ? undefined : this.#source.scene.idOf(text);
  }

  has(id: ObjectId): boolean {
    return (!this.#isTreeWritten && this.#source.scene.has(id)) || this.wayUp(id) !== null;
  }

  /** The visible children of a visible object, in order; a live view. */
  children(parent: ObjectId): readonly Sibling[] {
    return this.#listOf(parent);
  }

  /** Levels below an object that hold anything; 0 for a leaf. */
  height(id: ObjectId): number {
    let height = -1;
    for (let level: readonly ObjectId[] = [id]; level.length > 0; height++)
      level = level.flatMap((at) => this.children(at).map((child) => child.id));
    return height;
  }

  write(id: ObjectId, path: Path, value: Value): void {
    const paths = this.#writes.get(id) ?? new Map<Path, Value>();
    this.#writes.set(id, paths.set(path, value));
    if (path === PARENT_PATH || path === DELETED_PATH) this.#isTreeWritten = true;
    if (path === PARENT_PATH) this.#hang(id, isObjectId(value) ? value : ROOT);
    else if (path === DELETED_PATH || path === ORDER_PATH) this.#siblings.delete(this.parent(id));
  }

  /**
   * Hangs an object among its siblings; adding thousands one after another stays cheap.
   *
   * @param at how many of the siblings, not counting the object itself, stay before it
   */
  insert(id: ObjectId, parent: ObjectId, at: number, key: string): void {
    const siblings = this.#listOf(parent);
    this.#isTreeWritten = true;
    this.#takeOut(id);
    siblings.splice(at, 0, { id, order: key });
    const paths = this.#writes.get(id) ?? new Map<Path, Value>();
    this.#writes.set(id, paths.set(PARENT_PATH, parent).set(ORDER_PATH, key));
    this.#hung.set(id, parent);
  }

  #hang(id: ObjectId, parent: ObjectId): void {
    this.#takeOut(id);
    this.#siblings.delete(parent);
    this.#hung.set(id, parent);
  }

  #takeOut(id: ObjectId): void {
    const parent = this.#hung.get(id) ?? this.#source.scene.parent(id);
    const siblings = parent === undefined ? undefined : this.#siblings.get(parent);
    const at = siblings?.findIndex((sibling) => sibling.id === id) ?? -1;
    if (at >= 0) siblings?.splice(at, 1);
  }

  #listOf(parent: ObjectId): Sibling[] {
    const known = this.#siblings.get(parent);
    if (known !== undefined) return known;
    const stayed = this.#source.scene.children(parent).filter((id) => !this.#hung.has(id));
    const came = [...this.#hung].filter(([, under]) => under === parent).map(([id]) => id);
    const siblings = [...stayed, ...came]
      .filter((id) => !this.isDeleted(id))
      .map((id) => ({ id, order: this.#orderOf(id) }))
      .sort(compareSiblings);
    this.#siblings.set(parent, siblings);
    return siblings;
  }

  #orderOf(id: ObjectId): string | null {
    const order = this.valueAt(id, ORDER_PATH);
    return typeof order === 'string' ? order : null;
  }
}
