import { mat4, vec3 } from 'gl-matrix';
import type { Complaint } from './budget.ts';
import type { GltfAccessor, GltfDocument, GltfNode } from './document.ts';

/** Vertices drawn by the default scene; one mesh counts once for every node and instance that shows it. */
export const MAX_DRAWN_VERTICES = 20_000_000;
/** How far from its origin a model may reach, in metres: beyond it 32-bit floats have no metres left. */
export const MAX_MODEL_METRES = 1e9;

/** Whether a coordinate is one that a model may have. */
export function isWithinReach(metres: number): boolean {
  return Math.abs(metres) <= MAX_MODEL_METRES;
}

/** An axis-aligned box in metres, in the model's own space (right-handed, y up). */
export interface Box {
  readonly min: readonly [number, number, number];
  readonly max: readonly [number, number, number];
}

export type Measured = { readonly box: Box | null; readonly vertices: number };

/**
 * Walks the default scene once. The box is that of the resting pose: skins and animations may leave it.
 * @returns what the scene measures (`box` is `null` where it draws nothing), or what is wrong with its tree
 */
export function measureScene(document: GltfDocument): Measured | Complaint {
  const { nodes = [], scenes = [] } = document;
  const parents = new Map<number, number>();
  for (const [at, { children = [] }] of nodes.entries()) {
    for (const child of children) {
      if (nodes[child] === undefined)
        return { expected: `children of node ${at} that exist`, got: `${child}` };
      if (parents.has(child)) return { expected: 'one parent for every node', got: `two for node ${child}` };
      parents.set(child, at);
    }
  }
  const scene = scenes[document.scene ?? 0];
  if (scene === undefined && scenes.length > 0) {
    return { expected: `one of ${scenes.length} scenes`, got: `scene ${document.scene}` };
  }
  const starts = scene?.nodes ?? [];
  // One parent each and starts without a parent: no node is reached twice, so cycles are never entered.
  for (const start of starts) {
    if (parents.has(start)) return { expected: 'scene nodes without a parent', got: `node ${start}` };
  }
  if (new Set(starts).size !== starts.length) return { expected: 'each scene node once', got: 'one twice' };

  const total = {
    min: vec3.fromValues(Infinity, Infinity, Infinity),
    max: vec3.fromValues(-Infinity, -Infinity, -Infinity),
  };
  let vertices = 0;
  const waiting = starts.map((at) => ({ at, above: mat4.create() }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const node = nodes[next.at];
    if (node === undefined) return { expected: 'scene nodes that exist', got: `${next.at}` };
    const world = mat4.multiply(mat4.create(), next.above, localMatrix(node));
    for (const at of node.children ?? []) waiting.push({ at, above: world });
    if (node.mesh === undefined) continue;
    const mesh = document.meshes?.[node.mesh];
    if (mesh === undefined)
      return { expected: `a mesh for node ${next.at} that exists`, got: `${node.mesh}` };
    for (const { attributes } of mesh.primitives) {
      const at = attributes.POSITION;
      if (at === undefined) continue;
      const accessor = document.accessors?.[at];
      if (accessor?.type !== 'VEC3') return { expected: 'positions of three numbers', got: `accessor ${at}` };
      vertices += accessor.count * instancesOf(node, document);
      if (vertices > MAX_DRAWN_VERTICES) {
        return { expected: `at most ${MAX_DRAWN_VERTICES} vertices drawn`, got: 'more' };
      }
      const { min, max } = accessor;
      if (min !== undefined && max?.some((high, axis) => high < (min[axis] ?? high))) {
        return { expected: `a box for accessor ${at}`, got: 'one whose end lies before its start' };
      }
      grow(total, metresOf(accessor, min), metresOf(accessor, max), world);
    }
  }
  const box = freeze(total);
  if (box === 'boundless') {
    return {
      expected: `a model within ${MAX_MODEL_METRES} metres`,
      got: 'one that reaches further',
      hint: 'Whoever has it in a modelling program can move its parts to the origin, or scale it down, and export it again.',
    };
  }
  return { box, vertices };
}

// EXT_mesh_gpu_instancing. The box is that of one instance: where the others are lies in the data.
function instancesOf({ extensions }: GltfNode, { accessors = [] }: GltfDocument): number {
  const attributes = Object.values(extensions?.EXT_mesh_gpu_instancing?.attributes ?? {});
  return Math.max(1, ...attributes.map((at) => accessors[at]?.count ?? 0));
}

// glTF 2.0, section 3.11: what normalised integers stand for; `min` and `max` say the integers.
const FULL_SCALE: Readonly<Partial<Record<GltfAccessor['componentType'], number>>> = {
  5120: 127,
  5121: 255,
  5122: 32_767,
  5123: 65_535,
};

function metresOf({ componentType, normalized }: GltfAccessor, corner: readonly number[] | undefined) {
  const full = normalized === true ? (FULL_SCALE[componentType] ?? 1) : 1;
  return corner?.map((value) => value / full);
}

function localMatrix({ matrix, translation, rotation, scale }: GltfNode): mat4 {
  if (matrix !== undefined) return mat4.clone(matrix);
  const [x = 0, y = 0, z = 0, w = 1] = rotation ?? [];
  return mat4.fromRotationTranslationScale(
    mat4.create(),
    [x, y, z, w],
    triple(translation, 0),
    triple(scale, 1),
  );
}

function triple(numbers: readonly number[] | undefined, fallback: number): [number, number, number] {
  const [x = fallback, y = fallback, z = fallback] = numbers ?? [];
  return [x, y, z];
}

function grow(
  total: { readonly min: vec3; readonly max: vec3 },
  min: readonly number[] | undefined,
  max: readonly number[] | undefined,
  world: mat4,
): void {
  if (min?.length !== 3 || max?.length !== 3) return;
  const [low, high] = [triple(min, 0), triple(max, 0)];
  for (let corner = 0; corner < 8; corner += 1) {
    const at = vec3.fromValues(
      (corner & 1) === 0 ? low[0] : high[0],
      (corner & 2) === 0 ? low[1] : high[1],
      (corner & 4) === 0 ? low[2] : high[2],
    );
    vec3.transformMat4(at, at, world);
    vec3.min(total.min, total.min, at);
    vec3.max(total.max, total.max, at);
  }
}

function freeze({ min, max }: { readonly min: vec3; readonly max: vec3 }): Box | 'boundless' | null {
  // Nothing was drawn that says where it is.
  if (min[0] === Infinity && max[0] === -Infinity) return null;
  if (![...min, ...max].every(isWithinReach)) return 'boundless';
  return { min: [min[0], min[1], min[2]], max: [max[0], max[1], max[2]] };
}
