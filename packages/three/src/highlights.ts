import type { ObjectId } from '@weft/core';
import { BoxGeometry, EdgesGeometry, LineBasicMaterial, LineSegments, Vector3 } from 'three';
import { boxIn } from './bounds.ts';
import type { ObjectNode } from './object-node.ts';

const DEFAULT_COLOUR = '#ff9d2e';
// Lines on the very surface of a box would flicker against it.
const PADDING_SHARE = 0.004;
const MAX_PADDING_METRES = 0.02;
const EMPTY_SIZE_METRES = 0.3;

/** Frames round selected objects, in each object's own axes. */
export class Highlights {
  readonly #frames = new Map<ObjectId, LineSegments>();
  readonly #geometry = new EdgesGeometry(new BoxGeometry(1, 1, 1));
  readonly #material = new LineBasicMaterial({ color: DEFAULT_COLOUR, depthTest: false, transparent: true });

  set(ids: Iterable<ObjectId>, colour = DEFAULT_COLOUR): void {
    this.#material.color.set(colour);
    const wanted = new Set(ids);
    for (const id of [...this.#frames.keys()]) if (!wanted.has(id)) this.drop(id);
    for (const id of wanted) if (!this.#frames.has(id)) this.#frames.set(id, this.#makeFrame());
  }

  drop(id: ObjectId): void {
    this.#frames.get(id)?.removeFromParent();
    this.#frames.delete(id);
  }

  /** Fits every frame to what its object now looks like. */
  fit(nodeOf: (id: ObjectId) => ObjectNode | undefined): void {
    for (const [id, frame] of this.#frames) {
      const node = nodeOf(id);
      frame.visible = node !== undefined;
      if (node === undefined) continue;
      frame.removeFromParent();
      const { parts } = node;
      const box = boxIn(node.holder, parts.length > 0 ? parts : [node.holder]);
      if (box.isEmpty()) box.setFromCenterAndSize(new Vector3(), new Vector3().setScalar(EMPTY_SIZE_METRES));
      box.expandByScalar(Math.min(MAX_PADDING_METRES, box.getSize(frame.scale).length() * PADDING_SHARE));
      box.getCenter(frame.position);
      box.getSize(frame.scale);
      node.holder.add(frame);
    }
  }

  dispose(): void {
    this.set([]);
    this.#geometry.dispose();
    this.#material.dispose();
  }

  #makeFrame(): LineSegments {
    const frame = new LineSegments(this.#geometry, this.#material);
    frame.renderOrder = 10;
    frame.raycast = () => {};
    return frame;
  }
}
