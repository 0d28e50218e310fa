import type { ComponentPatchMap } from '../components/registry.ts';
import { builtIn, misfitOf, unknownProperty } from '../components/validate.ts';
import {
  newObjectId,
  type ObjectId,
  type Path,
  parseObjectId,
  parsePath,
  pathOf,
  type RandomBytes,
  ROOT,
} from '../ids.ts';
import { DELETED_PATH, ORDER_PATH, PARENT_PATH } from '../scene/facts.ts';
import { MAX_DEPTH } from '../scene/tree.ts';
import { normaliseValue, readValue } from '../value/normalise.ts';
import { isPlainRecord } from '../value/plain-record.ts';
import type { Value } from '../value/value.ts';
import type { DraftScene } from './draft-scene.ts';
import { idOfKey } from './key.ts';
import { placeAt, type Sibling } from './order.ts';
import * as refuse from './refuse.ts';

/** What to write, by component; a vendor prefix marks a component of your own. */
export type ComponentWrites = Partial<ComponentPatchMap> & {
  readonly [custom: `${string}:${string}`]: Readonly<Record<string, unknown>>;
};

/** As `ComponentWrites`; `null` removes all properties of a component. */
export type ComponentChanges = {
  readonly [Name in keyof ComponentPatchMap]?: ComponentPatchMap[Name] | null;
} & {
  readonly [custom: `${string}:${string}`]: Readonly<Record<string, unknown>> | null;
};

/** Where among its siblings: next to one of them, else after the last. */
export interface Place {
  /** Default: the parent of `before` or `after`, else the parent it has, else `root`. */
  readonly into?: string;
  readonly before?: string;
  readonly after?: string;
}

/** A new object: where it goes and what it holds. */
export type NewObject = ComponentWrites & {
  /** An id of your own; default is 128 random bits. */
  readonly id?: string;
  /** A word that always gives the same id, so that doing it twice is noticed: for seeds and imports. */
  readonly key?: string;
  /** Default `root`. */
  readonly parent?: string;
  readonly before?: string;
  readonly after?: string;
};

const PLACE_NAMES: ReadonlySet<string> = new Set(['id', 'key', 'parent', 'before', 'after']);

/**
 * An edit in the making: all of it happens, or none. Reads see what was written so far. Every method throws a
 * WeftError and leaves the world as it is; once one has thrown, the whole edit is given up.
 */
export class EditDraft {
  readonly #scene: DraftScene;
  readonly #random: RandomBytes;

  /** Made by `composeEdit`. */
  constructor(scene: DraftScene, random: RandomBytes) {
    this.#scene = scene;
    this.#random = random;
  }

  /** Whether the object is visible, this edit included. */
  has(id: string): boolean {
    return this.#scene.has(parseObjectId(id));
  }

  /** One property as written, this edit included; `undefined` where there is none. */
  get(id: string, path: string): Value | undefined {
    return this.#scene.valueAt(parseObjectId(id), parsePath(path));
  }

  /** Where a visible object hangs, this edit included; `undefined` where it is not visible. */
  parent(id: string): ObjectId | undefined {
    const object = parseObjectId(id);
    return object !== ROOT && this.#scene.has(object) ? this.#scene.parent(object) : undefined;
  }

  /** The visible children in order, this edit included. */
  children(id: string): readonly ObjectId[] {
    const object = parseObjectId(id);
    return this.#scene.has(object) ? this.#scene.children(object).map((child) => child.id) : [];
  }

  /**
   * Adds an object, by default as the last child of `root`.
   *
   * @throws WeftError `object-exists`, `unknown-object` for the parent or neighbour, `schema`, `invalid-value`,
   *   `invalid-id`, `limit` deeper than 256 levels
   */
  add(object: NewObject): ObjectId {
    this.#check();
    if (!isPlainRecord(object))
      throw refuse.notARecord('add an object', 'components by name, and where it goes', object);
    const id = this.#newId(object);
    const components = Object.entries(object).filter(([name]) => !PLACE_NAMES.has(name));
    const writes = this.#readAll(id, components);
    const parent = object.parent ?? valueIn(writes, PARENT_PATH);
    const order = valueIn(writes, ORDER_PATH);
    const place = {
      ...(parent === undefined || parent === null ? {} : { into: parseObjectId(parent) }),
      ...(object.before === undefined ? {} : { before: object.before }),
      ...(object.after === undefined ? {} : { after: object.after }),
    };
    this.#place(id, place, ROOT);
    for (const { path, value } of writes)
      if (path !== PARENT_PATH && value !== null) this.#write(id, path, value);
    if (typeof order === 'string') this.#write(id, ORDER_PATH, order);
    return id;
  }

  /**
   * Writes properties of an object: those that are named, no others. `null` removes one, or a whole component. Of a
   * deleted object only the deletion can be taken back: `{ node: { deleted: null } }`.
   *
   * @throws WeftError `unknown-object`, `schema`, `invalid-value`, `invalid-id`, `cycle`, `limit`
   */
  set(id: string, changes: ComponentChanges): void {
    this.#check();
    if (!isPlainRecord(changes)) throw refuse.notARecord(`change ${id}`, 'components by name', changes);
    const object = this.#scene.idOf(id) ?? this.#existing(id, `change ${id}`, restores(changes));
    for (const { path, value } of this.#readAll(object, Object.entries(changes)))
      this.#write(object, path, value);
  }

  /**
   * Hangs an object elsewhere, or elsewhere among its siblings. It keeps its local transform.
   *
   * @throws WeftError `unknown-object`, `cycle`, `limit` deeper than 256 levels
   */
  move(id: string, place: Place): void {
    this.#check();
    if (!isPlainRecord(place)) throw refuse.notARecord(`move ${id}`, 'into, before or after', place);
    const object = this.#existing(id, `move ${id}`);
    this.#place(object, place, this.#scene.parent(object));
  }

  /**
   * Deletes an object with all that hangs from it; undo brings it back.
   *
   * @throws WeftError `unknown-object`
   */
  remove(id: string): void {
    this.#check();
    this.#scene.write(this.#existing(id, `remove ${id}`), DELETED_PATH, true);
  }

  #check(): void {
    if (!this.#scene.isOpen) throw refuse.closed();
  }

  #newId({ id, key }: NewObject): ObjectId {
    if (id !== undefined && key !== undefined) throw refuse.twoNames();
    const object = key === undefined ? this.#givenOrRandom(id) : idOfKey(key);
    if (object === ROOT || this.#scene.isTaken(object))
      throw refuse.taken(object, this.#scene.isDeleted(object));
    return object;
  }

  #givenOrRandom(id: string | undefined): ObjectId {
    if (id === undefined) return newObjectId(this.#random);
    const object = parseObjectId(id);
    refuse.personal(object);
    return object;
  }

  #existing(id: string, what: string, deletedToo = false): ObjectId {
    const object = parseObjectId(id);
    if (object === ROOT) throw refuse.root(what);
    if (this.#scene.has(object)) return object;
    const deleted = this.#scene.isDeleted(object);
    if (deleted && deletedToo) return object;
    throw refuse.unknown(what, object, deleted);
  }

  #readAll(id: ObjectId, components: readonly (readonly [string, unknown])[]): readonly Write[] {
    const writes: Write[] = [];
    for (const [name, properties] of components) {
      if (properties === null)
        for (const path of this.#scene.pathsOf(id, name)) writes.push({ path, value: null });
      else readComponentWrites(writes, id, name, properties);
    }
    return writes;
  }

  #write(id: ObjectId, path: Path, value: Value): void {
    if (path === PARENT_PATH) this.#checkParent(id, typeof value === 'string' ? parseObjectId(value) : ROOT);
    this.#scene.write(id, path, value);
  }

  #place(id: ObjectId, place: Place, current: ObjectId): void {
    const what = `place ${id}`;
    if (place.before !== undefined && place.after !== undefined) throw refuse.twoPlaces(what);
    const next = place.before ?? place.after;
    const neighbour = next === undefined ? null : this.#existing(next, what);
    const given = place.into === undefined ? null : parseObjectId(place.into);
    const parent = given ?? (neighbour === null ? current : this.#scene.parent(neighbour));
    this.#checkParent(id, parent);
    const siblings = this.#others(parent, id);
    let at = siblings.length;
    if (neighbour !== null) {
      at = siblings.findIndex((sibling) => sibling.id === neighbour);
      if (at < 0) throw refuse.notASibling(what, neighbour, parent);
      if (place.after !== undefined) at += 1;
    }
    const { key, others } = placeAt(siblings, at);
    this.#scene.insert(id, parent, at, key);
    for (const [other, order] of others) this.#scene.write(other, ORDER_PATH, order);
  }

  /** The children of an object without one of them: not copied for each of thousands of new objects. */
  #others(parent: ObjectId, id: ObjectId): readonly Sibling[] {
    const children = this.#scene.children(parent);
    return this.#scene.isTaken(id) ? children.filter((sibling) => sibling.id !== id) : children;
  }

  #checkParent(id: ObjectId, parent: ObjectId): void {
    const what = `hang ${id} from ${parent}`;
    const way = this.#scene.wayUp(parent);
    if (way === null) throw refuse.unknown(what, parent, this.#scene.isDeleted(parent));
    if (way.includes(id)) throw refuse.cycle(what, id, parent);
    const height = this.#scene.isTaken(id) ? this.#scene.height(id) : 0;
    if (way.length + 1 + height > MAX_DEPTH) throw refuse.tooDeep(what, way.length + 1 + height);
  }
}

function restores(changes: ComponentChanges): boolean {
  const deleted = changes.node?.deleted;
  return deleted === null || deleted === false;
}

/** One property, and what it is to hold. */
interface Write {
  readonly path: Path;
  readonly value: Value;
}

function valueIn(writes: readonly Write[], path: Path): Value | undefined {
  return writes.find((write) => write.path === path)?.value;
}

function readComponentWrites(writes: Write[], id: ObjectId, name: string, properties: unknown): void {
  if (!isPlainRecord(properties)) throw refuse.notAComponent(id, name, properties);
  for (const [property, input] of Object.entries(properties)) {
    const known = builtIn(name, property);
    const path = known === undefined ? ownPath(id, name, property) : known.path;
    // What a refusal says is put together for those who read it.
    const value = readValue(input) ?? normaliseValue(input, setting(id, name, property), path);
    const expected = misfitOf(known, value);
    if (expected !== null) throw refuse.schema(setting(id, name, property), path, expected, value);
    writes.push({ path, value });
  }
}

/** Of a property that no built-in component has. @throws WeftError `schema` where nobody may write one of this name */
function ownPath(id: ObjectId, name: string, property: string): Path {
  const path = pathOf(name, property);
  const others = unknownProperty(name, property);
  if (path !== undefined && others === null) return path;
  throw refuse.unknownName(setting(id, name, property), `${name}.${property}`, others);
}

function setting(id: ObjectId, name: string, property: string): string {
  return `set ${name}.${property} of ${id}`;
}
