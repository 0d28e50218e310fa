import { type PerspectiveCamera, Vector3 } from 'three';
import type { OrbitControls } from 'three/examples/jsm/controls/OrbitControls.js';
import type { WalkView } from '../state/walk.ts';

const EYES_METRES = 1.6;
const BEHIND_METRES = 4.2;
const FARTHEST_METRES = 14;
/** Through the eyes the camera still turns round a point: one that is right before it. */
const BEFORE_METRES = 0.05;
const FIELD_DEGREES = { third: 55, first: 72 } as const;
const LOWEST_RADIANS = Math.PI / 2 + 0.06;

interface Before {
  readonly fov: number;
  readonly minDistance: number;
  readonly maxDistance: number;
  readonly maxPolarAngle: number;
  readonly zoomToCursor: boolean;
  readonly enablePan: boolean;
  readonly target: Vector3;
  readonly position: Vector3;
}

/** Has the orbit camera go with somebody who walks, behind them or in their eyes; given back, it is where it was. */
export class WalkCamera {
  readonly #camera: PerspectiveCamera;
  readonly #controls: OrbitControls;
  readonly #offset = new Vector3();
  #before: Before | null = null;

  constructor(camera: PerspectiveCamera, controls: OrbitControls) {
    this.#camera = camera;
    this.#controls = controls;
  }

  /** @param yaw where the avatar looks, in radians about the y axis */
  begin(feet: Vector3, yaw: number, view: WalkView): void {
    const { fov, position } = this.#camera;
    const { minDistance, maxDistance, maxPolarAngle, zoomToCursor, enablePan, target } = this.#controls;
    this.#before = {
      ...{ fov, minDistance, maxDistance, maxPolarAngle, zoomToCursor, enablePan },
      ...{ target: target.clone(), position: position.clone() },
    };
    Object.assign(this.#controls, { zoomToCursor: false, enablePan: false, maxPolarAngle: LOWEST_RADIANS });
    this.#offset.set(Math.sin(yaw), 0.35, Math.cos(yaw)).setLength(BEHIND_METRES);
    this.#controls.target.set(feet.x, feet.y + EYES_METRES, feet.z);
    this.#camera.position.copy(this.#controls.target).add(this.#offset);
    this.look(view);
  }

  /** Goes behind them, or into their eyes; looks the same way. */
  look(view: WalkView): void {
    const distance = view === 'third' ? BEHIND_METRES : BEFORE_METRES;
    this.#controls.minDistance = view === 'third' ? 1.2 : BEFORE_METRES;
    this.#controls.maxDistance = view === 'third' ? FARTHEST_METRES : BEFORE_METRES;
    this.#offset.copy(this.#camera.position).sub(this.#controls.target).setLength(distance);
    this.#camera.position.copy(this.#controls.target).add(this.#offset);
    this.#setField(FIELD_DEGREES[view]);
  }

  /** Keeps its place beside them. @param eyes how high their eyes are above their body, in metres */
  follow({ x, y, z }: Vector3, eyes = EYES_METRES): void {
    this.#offset.copy(this.#camera.position).sub(this.#controls.target);
    this.#controls.target.set(x, y + eyes, z);
    this.#camera.position.copy(this.#controls.target).add(this.#offset);
  }

  /** Which way it looks over the floor, in radians about the y axis. */
  get yaw(): number {
    const { x, z } = this.#offset.copy(this.#camera.position).sub(this.#controls.target);
    return Math.atan2(x, z);
  }

  end(): void {
    const before = this.#before;
    if (before === null) return;
    this.#before = null;
    const { fov, target, position, ...rest } = before;
    Object.assign(this.#controls, rest);
    this.#controls.target.copy(target);
    this.#camera.position.copy(position);
    this.#setField(fov);
  }

  #setField(degrees: number): void {
    this.#camera.fov = degrees;
    this.#camera.updateProjectionMatrix();
  }
}
