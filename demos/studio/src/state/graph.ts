import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { ChangeSet, ObjectId, Path, SceneObject } from '@weft/core';
import type { StudioWorld } from './studio-world.ts';

type Stage = ReturnType<StudioWorld['stage']>;

/**
 * The world's objects as signals: a panel that read one object is drawn again when that object changes, and
 * the tree only when something that it shows did.
 */
export class Graph {
  /** Grows whenever the shape of the tree, a name or a component's presence may have changed. */
  readonly structure: ReadonlySignal<number>;
  readonly #world: StudioWorld;
  readonly #structure = signal(0);
  readonly #objects = new Map<ObjectId, Signal<number>>();
  readonly #stages = signal(0);
  readonly #stops: readonly (() => void)[];

  constructor(world: StudioWorld) {
    this.#world = world;
    this.structure = this.#structure;
    this.#stops = [
      world.on('change', (changes) => this.#apply(changes)),
      world.on('stage', () => {
        this.#stages.value += 1;
      }),
    ];
  }

  object(id: ObjectId): SceneObject | undefined {
    const version = this.#objects.get(id) ?? signal(0);
    this.#objects.set(id, version);
    version.value;
    return this.#world.get(id);
  }

  stage(id: ObjectId): Stage {
    this.#stages.value;
    return this.#world.stage(id);
  }

  children(id: ObjectId): readonly ObjectId[] {
    this.#structure.value;
    return this.#world.children(id);
  }

  stop(): void {
    for (const stop of this.#stops) stop();
  }

  #apply({ added, removed, changed }: ChangeSet): void {
    for (const id of [...added, ...removed, ...changed.keys()]) {
      const version = this.#objects.get(id);
      if (version !== undefined) version.value += 1;
    }
    for (const id of removed) this.#objects.delete(id);
    const reshaped =
      added.length > 0 || removed.length > 0 || [...changed.values()].some((paths) => paths.some(isShown));
    if (reshaped) this.#structure.value += 1;
    this.#stages.value += 1;
  }
}

// A transform changes ten times a second while somebody drags; the tree shows nothing of it.
function isShown(path: Path): boolean {
  return !path.startsWith('transform.') && !path.startsWith('material.');
}
