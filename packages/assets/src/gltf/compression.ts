import { MAX_DECODED_PART_BYTES } from '../decode/decode-job.ts';
import { elementBytes } from './accessor-bytes.ts';
import { type Complaint, MAX_DECODED_BYTES } from './budget.ts';
import { type GltfDocument, type GltfPrimitive, type MeshoptView, meshoptOf } from './document.ts';

const TRIANGLES = 4;

/** Holds what is compressed to the bytes that are there, and what it is to become to its bounds. `null` where all is well. */
export function checkCompression(document: GltfDocument): Complaint | null {
  return checkMeshopt(document) ?? checkDraco(document);
}

function checkMeshopt({ bufferViews = [], buffers = [] }: GltfDocument): Complaint | null {
  let decoded = 0;
  for (const [at, view] of bufferViews.entries()) {
    const packed = meshoptOf(view);
    if (packed === null) continue;
    const size = packed.count * packed.byteStride;
    decoded += size;
    if (size !== view.byteLength) {
      return { expected: `bufferView ${at} to become its ${view.byteLength} bytes`, got: `${size}` };
    }
    if (size > MAX_DECODED_PART_BYTES || decoded > MAX_DECODED_BYTES) {
      return {
        expected: `compressed bufferViews that become at most ${MAX_DECODED_PART_BYTES} bytes`,
        got: 'more',
      };
    }
    const room = buffers[packed.buffer]?.byteLength ?? 0;
    if ((packed.byteOffset ?? 0) + packed.byteLength > room) {
      return { expected: `the data of bufferView ${at} within its buffer`, got: 'some that ends after' };
    }
    if (!fitsMode(packed)) {
      return {
        expected: `a stride that goes with ${packed.mode} in bufferView ${at}`,
        got: `${packed.byteStride}`,
      };
    }
  }
  return null;
}

function fitsMode({ mode, byteStride, count }: MeshoptView): boolean {
  if (mode === 'ATTRIBUTES') return byteStride % 4 === 0;
  return (byteStride === 2 || byteStride === 4) && (mode === 'INDICES' || count % 3 === 0);
}

function checkDraco(document: GltfDocument): Complaint | null {
  for (const [at, { primitives }] of (document.meshes ?? []).entries()) {
    for (const primitive of primitives) {
      const complaint = checkDracoPrimitive(document, primitive, at);
      if (complaint !== null) return complaint;
    }
  }
  return null;
}

function checkDracoPrimitive(
  { accessors = [], bufferViews = [] }: GltfDocument,
  { attributes, indices, mode, extensions }: GltfPrimitive,
  mesh: number,
): Complaint | null {
  const packed = extensions?.KHR_draco_mesh_compression;
  if (packed === undefined) return null;
  const broken = (expected: string, got: string) => ({ expected: `${expected} in mesh ${mesh}`, got });
  if (bufferViews[packed.bufferView] === undefined) return broken('compressed data', 'none');
  if ((mode ?? TRIANGLES) !== TRIANGLES) return broken('compressed triangles', `mode ${mode}`);
  let decoded = 0;
  let vertices: number | null = null;
  for (const name of Object.keys(packed.attributes)) {
    const accessor = accessors[attributes[name] ?? -1];
    if (accessor === undefined) return broken(`an accessor for ${name}`, 'none');
    vertices ??= accessor.count;
    if (accessor.count !== vertices) return broken('as many of each attribute', 'different counts');
    decoded += elementBytes(accessor) * accessor.count;
  }
  if (vertices === null) return broken('compressed attributes', 'none');
  if (indices !== undefined) {
    const accessor = accessors[indices];
    if (accessor?.type !== 'SCALAR') return broken('an accessor for the indices', 'none');
    decoded += Uint32Array.BYTES_PER_ELEMENT * accessor.count;
  }
  if (decoded <= MAX_DECODED_PART_BYTES) return null;
  return broken(`at most ${MAX_DECODED_PART_BYTES} bytes`, `${decoded} that it is to become`);
}
