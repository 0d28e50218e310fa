import { effect } from '@preact/signals';
import type { ObjectId } from '@weft/core';
import type { WorldView } from '@weft/three';
import { MathUtils, Matrix4, Object3D, type PerspectiveCamera, Quaternion, type Scene, Vector3 } from 'three';
import { TransformControls } from 'three/examples/jsm/controls/TransformControls.js';
import { newGesture, Throttle } from '../fields/gesture.ts';
import { transformOf } from '../state/keep-place.ts';
import type { Studio } from '../state/studio.ts';
import { SNAP_DEGREES, SNAP_METRES, SNAP_SCALE } from '../state/tools.ts';
import type { TransformPatch } from '../state/transform-patch.ts';
import { topmost } from '../state/tree-rows.ts';
import type { ThemeColours } from './theme-colours.ts';

const MODES = { move: 'translate', rotate: 'rotate', scale: 'scale' } as const;
const NAMES = { move: 'move', rotate: 'turn', scale: 'scale' } as const;

interface Dragged {
  readonly id: ObjectId;
  readonly node: Object3D;
  readonly startWorld: Matrix4;
  readonly parentInverse: Matrix4;
  letGo(): void;
}

interface Drag {
  readonly gesture: string;
  readonly startInverse: Matrix4;
  readonly items: readonly Dragged[];
}

/**
 * The handles of the selection. While dragged, the objects follow the pointer at once in this page, and the
 * world ten times a second; all of it is one undo step.
 */
export class Gizmo {
  readonly #studio: Studio;
  readonly #view: WorldView;
  readonly #controls: TransformControls;
  readonly #pivot = new Object3D();
  readonly #throttle: Throttle<ReadonlyMap<ObjectId, TransformPatch>>;
  readonly #stops: (() => void)[];
  #drag: Drag | null = null;
  #momentarySnap = false;

  constructor(
    studio: Studio,
    view: WorldView,
    stage: {
      scene: Scene;
      camera: PerspectiveCamera;
      canvas: HTMLCanvasElement;
      ask(): void;
      orbit(on: boolean): void;
    },
  ) {
    this.#studio = studio;
    this.#view = view;
    this.#throttle = new Throttle((transforms) => this.#write(transforms));
    this.#controls = new TransformControls(stage.camera, stage.canvas);
    this.#controls.setSize(0.75);
    this.#controls.addEventListener('change', stage.ask);
    this.#controls.addEventListener('dragging-changed', ({ value }) => {
      stage.orbit(value !== true);
      if (value === true) this.#begin();
      else this.#end();
    });
    this.#controls.addEventListener('objectChange', () => this.#preview());
    stage.scene.add(this.#pivot, this.#controls.getHelper());
    const { tools } = studio;
    this.#stops = [
      effect(() => this.#controls.setMode(MODES[tools.mode.value])),
      effect(() => this.#controls.setSpace(tools.space.value)),
      effect(() => this.#setSnap(tools.snap.value)),
      effect(() => {
        const wanted = this.#isWanted && studio.selection.ids.value.length > 0;
        if (wanted) this.#controls.attach(this.#pivot);
        else this.#controls.detach();
        stage.ask();
      }),
    ];
  }

  /** Whether the pointer is on a handle: a click there selects nothing. */
  get engaged(): boolean {
    return this.#drag !== null || this.#controls.axis !== null;
  }

  paint({ axes: [x, y, z], select }: ThemeColours): void {
    this.#controls.setColors(x, y, z, select);
  }

  /** Ctrl held down snaps, or lets go where snapping is on. */
  setMomentarySnap(on: boolean): void {
    if (this.#momentarySnap === on) return;
    this.#momentarySnap = on;
    this.#setSnap(this.#studio.tools.snap.value);
  }

  /** Puts the handles where the selection is; call it before each frame. */
  follow(): void {
    if (this.#drag !== null) return;
    const primary = this.#studio.selection.primary.value;
    const node = primary === null ? undefined : this.#view.nodeOf(primary);
    if (node === undefined) {
      if (this.#controls.object !== undefined) this.#controls.detach();
      return;
    }
    if (!this.#isWanted) return;
    if (this.#controls.object === undefined) this.#controls.attach(this.#pivot);
    node.matrixWorld.decompose(this.#pivot.position, this.#pivot.quaternion, new Vector3());
    this.#pivot.scale.set(1, 1, 1);
    this.#pivot.updateMatrixWorld();
  }

  /** Puts back what is being dragged. @returns whether something was */
  cancel(): boolean {
    const drag = this.#drag;
    if (drag === null) return false;
    this.#throttle.cancel();
    const back = new Map(
      drag.items.map(({ id, startWorld, parentInverse }) => [id, placed(parentInverse, startWorld)]),
    );
    this.#studio.actions.setTransforms(this.#name, back, drag.gesture);
    this.#controls.reset();
    this.#finish(drag);
    return true;
  }

  stop(): void {
    for (const stop of this.#stops) stop();
    this.#throttle.cancel();
    this.#controls.detach();
    this.#controls.getHelper().removeFromParent();
    this.#controls.dispose();
    this.#pivot.removeFromParent();
  }

  /** Whoever walks moves things by taking them. */
  get #isWanted(): boolean {
    const { walk, movable, tools } = this.#studio;
    return walk.me.value === null && movable.value.modes.has(tools.mode.value);
  }

  get #name(): string {
    return NAMES[this.#studio.tools.mode.value];
  }

  #setSnap(on: boolean): void {
    const snap = on !== this.#momentarySnap;
    this.#controls.setTranslationSnap(snap ? SNAP_METRES : null);
    this.#controls.setRotationSnap(snap ? MathUtils.degToRad(SNAP_DEGREES) : null);
    this.#controls.setScaleSnap(snap ? SNAP_SCALE : null);
  }

  #begin(): void {
    this.#pivot.updateMatrixWorld();
    const items = topmost(this.#studio.world, this.#studio.selection.ids.value).flatMap((id) => {
      const node = this.#view.nodeOf(id);
      if (node?.parent == null) return [];
      node.updateWorldMatrix(true, false);
      const parentInverse = node.parent.matrixWorld.clone().invert();
      return [{ id, node, startWorld: node.matrixWorld.clone(), parentInverse, letGo: this.#view.hold(id) }];
    });
    this.#drag = { gesture: newGesture(), startInverse: this.#pivot.matrixWorld.clone().invert(), items };
  }

  #preview(): void {
    const drag = this.#drag;
    if (drag === null) return;
    this.#pivot.updateMatrixWorld();
    const delta = new Matrix4().multiplyMatrices(this.#pivot.matrixWorld, drag.startInverse);
    const transforms = new Map<ObjectId, TransformPatch>();
    for (const { id, node, startWorld, parentInverse } of drag.items) {
      const transform = placed(parentInverse, new Matrix4().multiplyMatrices(delta, startWorld));
      node.position.set(...transform.position);
      node.quaternion.copy(new Quaternion(...transform.rotation)).normalize();
      node.scale.set(...transform.scale);
      transforms.set(id, only(this.#studio.tools.mode.value, transform, drag.items.length > 1));
    }
    this.#throttle.push(transforms);
  }

  // Refused once, it would be refused ten times a second: the object goes back, and the reason was told.
  #write(transforms: ReadonlyMap<ObjectId, TransformPatch>): void {
    const drag = this.#drag;
    if (drag !== null && !this.#studio.actions.setTransforms(this.#name, transforms, drag.gesture))
      this.#finish(drag);
  }

  #end(): void {
    if (this.#drag === null) return;
    this.#throttle.flush();
    // What was waiting may have been refused, and that ended the drag.
    if (this.#drag !== null) this.#finish(this.#drag);
  }

  #finish(drag: Drag): void {
    this.#throttle.cancel();
    this.#drag = null;
    for (const { letGo } of drag.items) letGo();
    this.follow();
  }
}

function placed(parentInverse: Matrix4, world: Matrix4): Required<TransformPatch> {
  return transformOf(new Matrix4().multiplyMatrices(parentInverse, world));
}

// Only what the tool is for is written, so that somebody else's turn of the same object survives a move of ours.
// About a common pivot, turning and scaling also move.
function only(
  mode: keyof typeof MODES,
  { position, rotation, scale }: Required<TransformPatch>,
  several: boolean,
): TransformPatch {
  const moved = several ? { position } : {};
  switch (mode) {
    case 'move':
      return { position };
    case 'rotate':
      return { ...moved, rotation };
    case 'scale':
      return { ...moved, scale };
  }
}
