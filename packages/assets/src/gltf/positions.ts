import type { Complaint } from './budget.ts';
import type { GltfDocument } from './document.ts';
import { bytesOfView, type GltfModel } from './gltf-model.ts';

const FLOAT = 5126;
const FLOAT_BYTES = 4;
const AXES = 3;

/** Holds positions that are floats, and not compressed, to be numbers: one that is none hides the whole model. */
export function checkPositions(model: GltfModel): Complaint | null {
  for (const at of positionAccessors(model.document)) {
    const accessor = model.document.accessors?.[at];
    if (accessor?.componentType !== FLOAT || accessor.type !== 'VEC3' || accessor.bufferView === undefined)
      continue;
    const view = model.document.bufferViews?.[accessor.bufferView];
    const bytes = view?.extensions === undefined ? bytesOfView(model, accessor.bufferView) : null;
    if (bytes === null) continue;
    const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const stride = view?.byteStride ?? FLOAT_BYTES * AXES;
    for (let element = 0; element < accessor.count; element += 1) {
      const start = (accessor.byteOffset ?? 0) + element * stride;
      for (let axis = 0; axis < AXES; axis += 1) {
        if (Number.isFinite(data.getFloat32(start + axis * FLOAT_BYTES, true))) continue;
        return { expected: 'positions that are numbers', got: `one in accessor ${at} that is none` };
      }
    }
  }
  return null;
}

function positionAccessors({ meshes = [] }: GltfDocument): ReadonlySet<number> {
  return new Set(
    meshes.flatMap(({ primitives }) =>
      primitives.flatMap(({ attributes: { POSITION } }) => (POSITION === undefined ? [] : [POSITION])),
    ),
  );
}
