import { Box3, type PerspectiveCamera, Vector3 } from 'three';
import type { OrbitControls } from 'three/examples/jsm/controls/OrbitControls.js';

const GLIDE_MS = 260;
const MIN_DISTANCE_METRES = 0.8;
const OVERVIEW_MARGIN = 0.9;
// A single thing wants some of its surroundings in the picture.
const CLOSE_MARGIN = 1.9;
const FIRST_DIRECTION = new Vector3(0.75, 0.6, 1).normalize();

interface Glide {
  readonly startMs: number;
  readonly fromTarget: Vector3;
  readonly toTarget: Vector3;
  readonly fromOffset: Vector3;
  readonly toOffset: Vector3;
}

/** Moves the orbit camera to look at things, with a short glide unless the page holds still. */
export class ViewerCamera {
  readonly #camera: PerspectiveCamera;
  readonly #controls: OrbitControls;
  readonly #still: boolean;
  readonly #ask: () => void;
  #glide: Glide | null = null;

  constructor(camera: PerspectiveCamera, controls: OrbitControls, still: boolean, ask: () => void) {
    this.#camera = camera;
    this.#controls = controls;
    this.#still = still;
    this.#ask = ask;
  }

  /** The first look at a world: from above, a little from the side. */
  overview(box: Box3): void {
    this.#camera.position.copy(FIRST_DIRECTION);
    this.#controls.target.set(0, 0, 0);
    this.#frame(
      box.isEmpty() ? new Box3(new Vector3(-3, 0, -3), new Vector3(3, 2, 3)) : box,
      OVERVIEW_MARGIN,
      true,
    );
  }

  frame(box: Box3): void {
    this.#frame(box, CLOSE_MARGIN, this.#still);
  }

  /** Call before each frame; asks for the next one while gliding. */
  step(nowMs: number): void {
    const glide = this.#glide;
    if (glide === null) return;
    const share = Math.min(1, (nowMs - glide.startMs) / GLIDE_MS);
    const eased = 1 - (1 - share) ** 3;
    this.#controls.target.lerpVectors(glide.fromTarget, glide.toTarget, eased);
    this.#camera.position.lerpVectors(glide.fromOffset, glide.toOffset, eased).add(this.#controls.target);
    if (share < 1) this.#ask();
    else this.#glide = null;
  }

  /** The person took the camera: what is left of a glide is dropped. */
  interrupt(): void {
    this.#glide = null;
  }

  #frame(box: Box3, margin: number, atOnce: boolean): void {
    const fromTarget = this.#controls.target.clone();
    const fromOffset = this.#camera.position.clone().sub(fromTarget);
    const toTarget = box.getCenter(new Vector3());
    const toOffset = fromOffset.clone().setLength(this.#distanceFor(box, margin, fromOffset));
    this.#glide = { startMs: performance.now(), fromTarget, toTarget, fromOffset, toOffset };
    if (atOnce) this.step(Number.POSITIVE_INFINITY);
    this.#ask();
  }

  // How far to stand back along this direction for every corner to be in the picture.
  #distanceFor(box: Box3, margin: number, offset: Vector3): number {
    const back = offset.clone().normalize();
    const right = new Vector3().crossVectors(this.#camera.up, back).normalize();
    const up = new Vector3().crossVectors(back, right);
    const tall = Math.tan((this.#camera.fov * Math.PI) / 360);
    const wide = tall * this.#camera.aspect;
    const half = box.getSize(new Vector3()).multiplyScalar(0.5);
    let distance = MIN_DISTANCE_METRES;
    for (let corner = 0; corner < 8; corner += 1) {
      const at = new Vector3(
        corner & 1 ? half.x : -half.x,
        corner & 2 ? half.y : -half.y,
        corner & 4 ? half.z : -half.z,
      );
      const needed = Math.max(Math.abs(at.dot(right)) / wide, Math.abs(at.dot(up)) / tall);
      distance = Math.max(distance, needed * margin + at.dot(back));
    }
    return distance;
  }
}
