import type { ObjectId } from '@weft/core';
import type { Color, CubeTexture, Light, Scene, Texture } from 'three';

type Background = Texture | Color;

interface Offer {
  readonly background: Background;
  readonly light: Light;
}

/** Several skies may exist; one is shown and shines, and what the scene had before comes back after the last. */
export class SkyStack {
  readonly #scene: Scene;
  readonly #before: Background | CubeTexture | null;
  readonly #offers = new Map<ObjectId, Offer>();
  readonly #firstOf: (ids: readonly ObjectId[]) => ObjectId | undefined;

  constructor(scene: Scene, firstOf: (ids: readonly ObjectId[]) => ObjectId | undefined) {
    this.#scene = scene;
    this.#before = scene.background;
    this.#firstOf = firstOf;
  }

  get size(): number {
    return this.#offers.size;
  }

  offer(id: ObjectId, background: Background, light: Light): void {
    this.#offers.set(id, { background, light });
    this.choose();
  }

  withdraw(id: ObjectId): void {
    if (this.#offers.delete(id)) this.choose();
  }

  /** Decides again; call it when the order of the tree may have changed. */
  choose(): void {
    const ids = [...this.#offers.keys()];
    const first = ids.length > 1 ? this.#firstOf(ids) : ids[0];
    for (const [id, { light }] of this.#offers) light.visible = id === first;
    this.#scene.background = (first && this.#offers.get(first)?.background) ?? this.#before;
  }
}
