import type { ObjectId } from '@weft/core';
import { BoxGeometry, EdgesGeometry, LineBasicMaterial, LineSegments, Vector3 } from 'three';
import { boxIn } from './bounds.ts';
import type { ObjectNode } from './object-node.ts';

const DEFAULT_COLOUR = '#ff9d2e';
// Lines on the very surface of a box would flicker against it.
const PADDING_SHARE = 0.004;
const MAX_PADDING_METRES = 0.02;
const EMPTY_SIZE_METRES = 0.3;
const FIRST_ORDER = 10;

interface Layer {
  readonly frames: Map<ObjectId, LineSegments>;
  readonly material: LineBasicMaterial;
}

/** Frames round selected objects, in each object's own axes: a layer for each who selects, in a colour of its own. */
export class Highlights {
  readonly #layers = new Map<string, Layer>();
  readonly #geometry = new EdgesGeometry(new BoxGeometry(1, 1, 1));

  set(ids: Iterable<ObjectId>, colour = DEFAULT_COLOUR, name = ''): void {
    const wanted = new Set(ids);
    const layer = this.#layers.get(name) ?? { frames: new Map(), material: newMaterial() };
    for (const id of layer.frames.keys()) if (!wanted.has(id)) takeOut(layer, id);
    if (wanted.size === 0) {
      this.#layers.delete(name);
      layer.material.dispose();
      return;
    }
    this.#layers.set(name, layer);
    layer.material.color.set(colour);
    for (const id of wanted) if (!layer.frames.has(id)) layer.frames.set(id, this.#makeFrame(layer));
  }

  drop(id: ObjectId): void {
    for (const layer of this.#layers.values()) takeOut(layer, id);
  }

  /** Fits every frame to what its object now looks like. */
  fit(nodeOf: (id: ObjectId) => ObjectNode | undefined): void {
    const all = [...this.#layers.values()].flatMap(({ frames }) => [...frames]);
    // A frame is no part of what is framed.
    for (const [, frame] of all) frame.removeFromParent();
    const places = new Map<ObjectId, number>();
    const fitted = all.map(([id, frame]) => {
      const node = nodeOf(id);
      frame.visible = node !== undefined;
      if (node === undefined) return null;
      // Those of several layers stand round each other, so that each is seen.
      const place = (places.get(id) ?? 0) + 1;
      places.set(id, place);
      fitFrame(frame, node, place);
      return { frame, node };
    });
    for (const one of fitted) one?.node.holder.add(one.frame);
  }

  dispose(): void {
    for (const name of [...this.#layers.keys()]) this.set([], DEFAULT_COLOUR, name);
    this.#geometry.dispose();
  }

  #makeFrame({ material }: Layer): LineSegments {
    const frame = new LineSegments(this.#geometry, material);
    frame.renderOrder = FIRST_ORDER;
    frame.raycast = () => {};
    return frame;
  }
}

function newMaterial(): LineBasicMaterial {
  return new LineBasicMaterial({ color: DEFAULT_COLOUR, depthTest: false, transparent: true });
}

function takeOut({ frames }: Layer, id: ObjectId): void {
  frames.get(id)?.removeFromParent();
  frames.delete(id);
}

/** @param place from 1: how many frames round this object there are up to this one */
function fitFrame(frame: LineSegments, { holder, parts }: ObjectNode, place: number): void {
  const box = boxIn(holder, parts.length > 0 ? parts : [holder]);
  if (box.isEmpty()) box.setFromCenterAndSize(new Vector3(), new Vector3().setScalar(EMPTY_SIZE_METRES));
  const padding = Math.min(MAX_PADDING_METRES, box.getSize(frame.scale).length() * PADDING_SHARE);
  box.expandByScalar(place * padding);
  box.getCenter(frame.position);
  box.getSize(frame.scale);
}
