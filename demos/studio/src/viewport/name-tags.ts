import type { ObjectId } from '@weft/core';
import type { Box3, Camera } from 'three';
import { Vector3 } from 'three';
import type { Other } from '../state/others.ts';
import { shortName } from '../state/short-name.ts';

/** Objects that carry the names of those who selected them; of more, the names are in the tree alone. */
const MAX_TAGS = 40;
const EDGE_PIXELS = 4;

interface Tag {
  readonly element: HTMLElement;
  readonly id: ObjectId;
}

/** Names over what others have selected, as HTML above the canvas: sharp, and outside of the scene. */
export class NameTags {
  readonly #host: HTMLElement;
  readonly #point = new Vector3();
  #tags: readonly Tag[] = [];

  /** @param canvas beside which they are put */
  constructor(canvas: HTMLElement) {
    this.#host = document.createElement('div');
    this.#host.className = 'name-tags';
    // The tree says the same to whoever does not see this.
    this.#host.ariaHidden = 'true';
    canvas.after(this.#host);
  }

  show(others: readonly Other[]): void {
    const byObject = new Map<ObjectId, Map<string, Other>>();
    for (const other of others)
      for (const id of other.selection)
        byObject.set(id, (byObject.get(id) ?? new Map()).set(other.user, other));
    this.#tags = [...byObject].slice(0, MAX_TAGS).map(([id, users]) => {
      const element = document.createElement('div');
      element.className = 'name-tag';
      element.append(...[...users.values()].map(nameOf));
      return { id, element };
    });
    this.#host.replaceChildren(...this.#tags.map(({ element }) => element));
  }

  /** Puts each over its object, as the camera sees it now. */
  place(camera: Camera, boundsOf: (id: ObjectId) => Box3 | null): void {
    const { clientWidth, clientHeight } = this.#host;
    for (const { id, element } of this.#tags) {
      const box = boundsOf(id);
      const point = box === null ? null : topOf(box, this.#point).project(camera);
      const isSeen = point !== null && point.z < 1 && Math.abs(point.x) <= 1 && Math.abs(point.y) <= 1;
      element.hidden = !isSeen;
      if (!isSeen) continue;
      const x = ((point.x + 1) / 2) * clientWidth;
      const y = Math.max(((1 - point.y) / 2) * clientHeight, element.offsetHeight + EDGE_PIXELS);
      element.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px) translate(-50%, -100%)`;
    }
  }

  stop(): void {
    this.#host.remove();
  }
}

function nameOf({ name, colour }: Other): HTMLElement {
  const element = document.createElement('span');
  element.textContent = shortName(name);
  element.style.setProperty('--who', colour);
  return element;
}

function topOf(box: Box3, into: Vector3): Vector3 {
  return box.getCenter(into).setY(box.max.y);
}
