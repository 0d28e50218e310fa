import type { MoverPose, PartPose } from '@weft/world';
import {
  type BufferGeometry,
  Color,
  type Group,
  InstancedMesh,
  type Material,
  Matrix4,
  MeshBasicMaterial,
  MeshStandardMaterial,
  type Object3D,
  Quaternion,
  Vector3,
} from 'three';
import { BODY_METRES, CROWD_SHAPES, shadowShape } from './crowd-shapes.ts';

/** From the floor to the middle of the head of whoever has none of their own, in metres. */
export const HEAD_METRES = 1.6;
/** The same for whoever sits: from the hips. */
export const SEATED_HEAD_METRES = 0.75;
const SEATED_BODY_METRES = 0.62;
const SHADOW_RISE_METRES = 0.015;
const FIRST_CAPACITY = 32;
const PARTS = ['body', 'head', 'left', 'right'] as const;
type Part = (typeof PARTS)[number] | 'shadow';
const SHAPES: Readonly<Record<Part, () => BufferGeometry>> = { ...CROWD_SHAPES, shadow: shadowShape };
/** Who is not on the floor has no shadow there. */
const AFLOAT: ReadonlySet<MoverPose['state']> = new Set(['sit', 'lie', 'jump', 'fall', 'fly', 'swim']);
/** Where the right hand is of whoever has none of their own and shows something with it, from the body. */
const GESTURES: Readonly<
  Partial<Record<NonNullable<MoverPose['state']>, readonly [number, number, number]>>
> = {
  wave: [0.34, 1.72, -0.08],
  point: [0.22, 1.25, -0.55],
};

const ALL: readonly Part[] = [...PARTS, 'shadow'];
const WHITE = new Color('white');
const matrix = new Matrix4();
const position = new Vector3();
const rotation = new Quaternion();
const scale = new Vector3();

/** Everybody without a model, as a body, a head, hands and a shadow: five draw calls, however many they are. */
export class Crowd {
  readonly #group: Group;
  readonly #material = new MeshStandardMaterial({ roughness: 0.7, vertexColors: true });
  readonly #shadow = new MeshBasicMaterial({
    ...{ vertexColors: true, transparent: true, depthWrite: false },
    ...{ polygonOffset: true, polygonOffsetFactor: -2, polygonOffsetUnits: -2 },
  });
  readonly #meshes = new Map<Part, InstancedMesh>();
  readonly #counts = new Map<Part, number>();

  constructor(group: Group) {
    this.#group = group;
    for (const part of ALL) this.#make(part, FIRST_CAPACITY);
  }

  /** Begins a frame: nobody is shown until they are added. */
  begin(): void {
    for (const part of ALL) this.#counts.set(part, 0);
  }

  add(pose: MoverPose, colour: Color): void {
    const isSeated = pose.state === 'sit' || pose.state === 'lie';
    scale.set(1, isSeated ? SEATED_BODY_METRES / BODY_METRES : 1, 1);
    this.#place('body', pose.body, colour);
    scale.set(1, 1, 1);
    this.#place('head', pose.head ?? headOf(pose), colour);
    if (pose.left !== undefined) this.#place('left', pose.left, colour);
    const right = pose.right ?? gestureOf(pose);
    if (right !== null) this.#place('right', right, colour);
    if (!AFLOAT.has(pose.state)) this.#place('shadow', floorOf(pose), WHITE);
  }

  /** Shows what was added since `begin`. */
  end(): void {
    for (const [part, mesh] of this.#meshes) {
      mesh.count = this.#counts.get(part) ?? 0;
      mesh.visible = mesh.count > 0;
      if (!mesh.visible) continue;
      mesh.instanceMatrix.needsUpdate = true;
      if (mesh.instanceColor !== null) mesh.instanceColor.needsUpdate = true;
    }
  }

  dispose(): void {
    for (const mesh of this.#meshes.values()) free(mesh);
    this.#meshes.clear();
    this.#material.dispose();
    this.#shadow.dispose();
  }

  #place(part: Part, place: PartPose, colour: Color): void {
    const at = this.#counts.get(part) ?? 0;
    const mesh = this.#withRoom(part, at);
    position.set(...place.position);
    rotation.set(...place.rotation);
    mesh.setMatrixAt(at, matrix.compose(position, rotation, scale));
    mesh.setColorAt(at, colour);
    this.#counts.set(part, at + 1);
  }

  /** Twice as many instances where they are not enough, with those that were set. */
  #withRoom(part: Part, at: number): InstancedMesh {
    const known = this.#meshes.get(part);
    if (known !== undefined && at < known.instanceMatrix.count) return known;
    const made = this.#make(part, Math.max(FIRST_CAPACITY, at * 2));
    if (known === undefined) return made;
    made.instanceMatrix.array.set(known.instanceMatrix.array);
    if (known.instanceColor !== null) {
      made.setColorAt(0, WHITE);
      made.instanceColor?.array.set(known.instanceColor.array);
    }
    free(known);
    return made;
  }

  #make(part: Part, capacity: number): InstancedMesh {
    const material: Material = part === 'shadow' ? this.#shadow : this.#material;
    const mesh = new InstancedMesh(SHAPES[part](), material, capacity);
    mesh.count = 0;
    mesh.visible = false;
    // They are everywhere: a box round all of them would be wrong with the next frame.
    mesh.frustumCulled = false;
    this.#meshes.set(part, mesh);
    this.#group.add(mesh);
    return mesh;
  }
}

/** Where the head is of whoever does not tell: above the body. */
export function headOf({ body, state }: MoverPose): PartPose {
  const [x, y, z] = body.position;
  const metres = state === 'sit' || state === 'lie' ? SEATED_HEAD_METRES : HEAD_METRES;
  return { position: [x, y + metres, z], rotation: body.rotation };
}

function gestureOf({ body, state }: MoverPose): PartPose | null {
  const from = state === undefined ? undefined : GESTURES[state];
  if (from === undefined) return null;
  position.set(...from).applyQuaternion(rotation.set(...body.rotation));
  const [x, y, z] = body.position;
  return { position: [x + position.x, y + position.y, z + position.z], rotation: body.rotation };
}

function floorOf({ body: { position: at, rotation: turned } }: MoverPose): PartPose {
  return { position: [at[0], at[1] + SHADOW_RISE_METRES, at[2]], rotation: turned };
}

function free(mesh: InstancedMesh): void {
  const drawn: Object3D = mesh;
  drawn.removeFromParent();
  mesh.geometry.dispose();
  mesh.dispose();
}
