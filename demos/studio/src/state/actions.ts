import {
  type EditDraft,
  type ObjectId,
  ROOT,
  type SceneObject,
  type Synchronous,
  type Value,
} from '@weft/core';
import type { Superseded } from '@weft/world';
import { keepPlace } from './keep-place.ts';
import { NEW_OBJECTS, type NewObjectKind } from './new-object.ts';
import type { Selection } from './selection.ts';
import type { StudioWorld } from './studio-world.ts';
import type { Toasts } from './toasts.ts';
import type { TransformPatch } from './transform-patch.ts';
import { nameOf, topmost } from './tree-rows.ts';

type Vec3 = readonly [number, number, number];

/** Where in the tree: as the last child of an object, or next to one. */
export type Place =
  | { readonly into: ObjectId }
  | { readonly before: ObjectId }
  | { readonly after: ObjectId };

/** A copy beyond this would be one edit of many events; copy in parts instead. */
export const MAX_COPIED_OBJECTS = 200;
const COPY_OFFSET_METRES = 0.5;

/** Everything that studio does to a world: one method, one undo step. Refusals become toasts, never exceptions. */
export class Actions {
  readonly #world: StudioWorld;
  readonly #selection: Selection;
  readonly #toasts: Toasts;

  constructor(world: StudioWorld, selection: Selection, toasts: Toasts) {
    this.#world = world;
    this.#selection = selection;
    this.#toasts = toasts;
  }

  add(kind: NewObjectKind, at: Vec3): void {
    const { label, rise, components } = NEW_OBJECTS[kind];
    const id = this.#edit(`add ${label.toLowerCase()}`, (e) =>
      e.add({
        node: { name: label },
        transform: { position: [at[0], at[1] + rise, at[2]] },
        ...components(),
      }),
    );
    if (id !== undefined) this.#selection.set([id]);
  }

  removeSelected(): void {
    const ids = topmost(this.#world, this.#selection.ids.value);
    if (ids.length === 0) return;
    this.#edit(`delete ${this.#naming(ids)}`, (e) => {
      for (const id of ids) e.remove(id);
    });
  }

  duplicateSelected(): void {
    const ids = topmost(this.#world, this.#selection.ids.value);
    if (ids.length === 0) return;
    const copies = this.#edit(`duplicate ${this.#naming(ids)}`, (e) => {
      let left = MAX_COPIED_OBJECTS;
      const copy = (id: ObjectId, parent: ObjectId, top: boolean): ObjectId | null => {
        const object = this.#world.get(id);
        if (object === undefined || left <= 0) return null;
        left -= 1;
        const made = e.add({ parent, ...(top ? { after: id } : {}), ...copyOf(object, top) });
        for (const child of this.#world.children(id)) copy(child, made, false);
        return made;
      };
      const made = ids.flatMap((id) => copy(id, this.#world.get(id)?.parent ?? ROOT, true) ?? []);
      if (left <= 0) this.#toasts.info(`Only the first ${MAX_COPIED_OBJECTS} objects were copied`);
      return made;
    });
    if (copies !== undefined) this.#selection.set(copies);
  }

  /** Puts the selection into a new group where its first object stands in the tree. */
  groupSelected(): void {
    const ids = topmost(this.#world, this.#selection.ids.value);
    const [first] = ids;
    if (first === undefined) return;
    const parent = this.#world.get(first)?.parent ?? ROOT;
    const group = this.#edit('group', (e) => {
      const made = e.add({ parent, after: first, node: { name: 'Group' } });
      for (const id of ids) {
        e.move(id, { into: made });
        // The group stands at its parent's origin, so only what came from elsewhere has to be set anew.
        const transform = keepPlace(this.#world, id, parent);
        if (transform !== null) e.set(id, { transform });
      }
      return made;
    });
    if (group !== undefined) this.#selection.set([group]);
  }

  rename(id: ObjectId, name: string): void {
    if (name === this.#world.get(id)?.node?.name) return;
    this.#edit('rename', (e) => e.set(id, { node: { name } }));
  }

  /** Moves objects in the tree; they stay where they are in the world. */
  move(ids: readonly ObjectId[], place: Place): void {
    const moved = topmost(this.#world, ids);
    const parent =
      'into' in place ? place.into : this.#world.get('before' in place ? place.before : place.after)?.parent;
    this.#edit(`move ${this.#naming(moved)}`, (e) => {
      let to = place;
      for (const id of moved) {
        e.move(id, to);
        const transform = keepPlace(this.#world, id, parent ?? ROOT);
        if (transform !== null) e.set(id, { transform });
        // Several keep their order: each goes behind the one before.
        if ('after' in to) to = { after: id };
      }
    });
  }

  /** @returns whether it was done */
  setTransforms(name: string, transforms: ReadonlyMap<ObjectId, TransformPatch>, gesture: string): boolean {
    const done = this.#edit(
      name,
      (e) => {
        for (const [id, transform] of transforms) e.set(id, { transform });
        return true;
      },
      gesture,
    );
    return done === true;
  }

  /** @param gesture edits that share one are one undo step */
  setProperty(id: ObjectId, component: string, property: string, value: Value, gesture?: string): boolean {
    const name = `set ${property}`;
    return (
      this.#edit(name, (e) => e.set(id, { [component]: { [property]: value } }) ?? true, gesture) !==
      undefined
    );
  }

  addComponent(id: ObjectId, component: string, properties: Readonly<Record<string, Value>>): void {
    this.#edit(`add ${component}`, (e) => e.set(id, { [component]: properties }));
  }

  removeComponent(id: ObjectId, component: string): void {
    this.#edit(`remove ${component}`, (e) => e.set(id, { [component]: null }));
  }

  /** Writes anew what somebody's later changes replaced. */
  setAgain(lost: Superseded): void {
    this.#guard(() => {
      this.#world.restore(lost).durable.catch(() => undefined);
    });
  }

  undo(): void {
    this.#turn('undo');
  }

  redo(): void {
    this.#turn('redo');
  }

  /** A step that is refused stays; whoever wants the one before it skips it. */
  #turn(turn: 'undo' | 'redo'): void {
    try {
      if (!this.#world[turn]()) this.#toasts.info(`Nothing to ${turn}`);
    } catch (error) {
      const skip = { label: 'Skip this step', run: () => void this.#world.skipRefused() };
      this.#toasts.error(error, this.#world.status.value.readOnly === null ? skip : null);
    }
  }

  #edit<T>(
    name: string,
    change: (e: EditDraft) => Synchronous<T>,
    coalesce?: string,
  ): Synchronous<T> | undefined {
    return this.#guard(() => {
      const edit = this.#world.edit(name, change, coalesce === undefined ? {} : { coalesce });
      // What the room refuses or others overtake is told by the world's events, once for all edits.
      edit.durable.catch(() => undefined);
      return edit.value;
    });
  }

  #guard<T>(action: () => T): T | undefined {
    try {
      return action();
    } catch (error) {
      this.#toasts.error(error);
      return undefined;
    }
  }

  #naming(ids: readonly ObjectId[]): string {
    const [id] = ids;
    const only = id === undefined ? undefined : this.#world.get(id);
    return ids.length === 1 && only !== undefined ? nameOf(only) : `${ids.length} objects`;
  }
}

// What says who and when stays with the original; the copy is made by whoever copies.
const NOT_COPIED = new Set(['parent', 'order', 'owner', 'created', 'deleted', 'locked']);

function copyOf(object: SceneObject, top: boolean): Record<string, Record<string, Value>> {
  const copy: Record<string, Record<string, Value>> = {};
  for (const name of object.componentNames) {
    const properties = Object.entries(object.component(name) ?? {});
    copy[name] = Object.fromEntries(
      name === 'node' ? properties.filter(([property]) => !NOT_COPIED.has(property)) : properties,
    );
  }
  if (!top || object.transform === undefined) return copy;
  const [x, y, z] = object.transform.position;
  return { ...copy, transform: { ...copy.transform, position: [x + COPY_OFFSET_METRES, y, z] } };
}
