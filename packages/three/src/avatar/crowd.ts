import type { MoverPose, PartPose } from '@weft/world';
import {
  CapsuleGeometry,
  Color,
  type Group,
  InstancedMesh,
  Matrix4,
  MeshStandardMaterial,
  type Object3D,
  Quaternion,
  SphereGeometry,
  Vector3,
} from 'three';

/** From the floor to the middle of the head of whoever has none of their own, in metres. */
export const HEAD_METRES = 1.6;
/** The same for whoever sits: from the hips. */
export const SEATED_HEAD_METRES = 0.75;
const BODY_METRES = 1.3;
const SEATED_BODY_METRES = 0.6;
const FIRST_CAPACITY = 32;
const PARTS = ['body', 'head', 'left', 'right'] as const;
type Part = (typeof PARTS)[number];

const SHAPES = {
  // As high as it is to be, so that a seated one is the same capsule, shorter.
  body: () => new CapsuleGeometry(0.22, BODY_METRES - 0.44, 4, 12).translate(0, BODY_METRES / 2, 0),
  head: () => new SphereGeometry(0.16, 16, 12),
  left: () => new SphereGeometry(0.06, 8, 6),
  right: () => new SphereGeometry(0.06, 8, 6),
} as const;

const WHITE = new Color('white');
const matrix = new Matrix4();
const position = new Vector3();
const rotation = new Quaternion();
const scale = new Vector3();

/** Everybody without a model, as a body, a head and hands: four draw calls, however many they are. */
export class Crowd {
  readonly #group: Group;
  readonly #material = new MeshStandardMaterial({ roughness: 0.7 });
  readonly #meshes = new Map<Part, InstancedMesh>();
  readonly #counts = new Map<Part, number>();

  constructor(group: Group) {
    this.#group = group;
    for (const part of PARTS) this.#make(part, FIRST_CAPACITY);
  }

  /** Begins a frame: nobody is shown until they are added. */
  begin(): void {
    for (const part of PARTS) this.#counts.set(part, 0);
  }

  add(pose: MoverPose, colour: Color): void {
    const isSeated = pose.state === 'sit' || pose.state === 'lie';
    scale.set(1, isSeated ? SEATED_BODY_METRES / BODY_METRES : 1, 1);
    this.#place('body', pose.body, colour);
    scale.set(1, 1, 1);
    this.#place('head', pose.head ?? headOf(pose), colour);
    if (pose.left !== undefined) this.#place('left', pose.left, colour);
    if (pose.right !== undefined) this.#place('right', pose.right, colour);
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
    const mesh = new InstancedMesh(SHAPES[part](), this.#material, capacity);
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

function free(mesh: InstancedMesh): void {
  const drawn: Object3D = mesh;
  drawn.removeFromParent();
  mesh.geometry.dispose();
  mesh.dispose();
}
