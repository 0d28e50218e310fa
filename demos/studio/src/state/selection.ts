import { computed, type ReadonlySignal, signal } from '@preact/signals';
import type { ObjectId } from '@weft/core';

/** What is selected, in the order it was; the last one is the primary, which the gizmo and inspector follow. */
export class Selection {
  readonly ids: ReadonlySignal<readonly ObjectId[]>;
  readonly primary: ReadonlySignal<ObjectId | null>;
  readonly #ids = signal<readonly ObjectId[]>([]);

  constructor() {
    this.ids = this.#ids;
    this.primary = computed(() => this.#ids.value.at(-1) ?? null);
  }

  has(id: ObjectId): boolean {
    return this.#ids.value.includes(id);
  }

  set(ids: readonly ObjectId[]): void {
    const unchanged =
      ids.length === this.#ids.peek().length && ids.every((id, at) => this.#ids.peek()[at] === id);
    if (!unchanged) this.#ids.value = [...new Set(ids)];
  }

  toggle(id: ObjectId): void {
    const rest = this.#ids.value.filter((other) => other !== id);
    this.#ids.value = rest.length < this.#ids.value.length ? rest : [...rest, id];
  }

  clear(): void {
    this.set([]);
  }

  drop(ids: readonly ObjectId[]): void {
    this.set(this.#ids.peek().filter((id) => !ids.includes(id)));
  }
}
