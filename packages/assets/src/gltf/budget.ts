import { COMPONENT_BYTES, elementBytes } from './accessor-bytes.ts';
import type { GltfAccessor, GltfBufferView, GltfDocument } from './document.ts';
import { meshoptOf } from './document.ts';
import type { GltfModel } from './gltf-model.ts';

/** What all accessors together may take once decoded; several may share one stretch of the file. */
export const MAX_DECODED_BYTES = 512 * 1024 * 1024;
/** What accessors that name no data, and so hold zeros, may take together: they cost a file nothing. */
export const MAX_ZERO_BYTES = 16 * 1024 * 1024;

/** A broken promise of the document, in words: what it should be, what it is, and what to do where a validator is no help. */
export type Complaint = { readonly expected: string; readonly got: string; readonly hint?: string };

/** Holds buffers, views and accessors to the bytes that are really there. `null` where all is well. */
export function checkBudget({ document, buffers }: GltfModel): Complaint | null {
  return checkBuffers(document, buffers) ?? checkViews(document) ?? checkAccessors(document);
}

function checkBuffers(
  { buffers: declared = [] }: GltfDocument,
  buffers: readonly Uint8Array[],
): Complaint | null {
  for (const [at, { byteLength, extensions }] of declared.entries()) {
    const held = buffers[at]?.length ?? 0;
    if (held >= byteLength || isStandIn(extensions)) continue;
    return held === 0
      ? { expected: 'data for every buffer', got: `buffer ${at} without any` }
      : { expected: `${byteLength} bytes, as buffer ${at} says`, got: `${held}` };
  }
  return null;
}

function isStandIn(extensions: NonNullable<GltfDocument['buffers']>[number]['extensions']): boolean {
  const { EXT_meshopt_compression: ext, KHR_meshopt_compression: khr } = extensions ?? {};
  return ext?.fallback === true || khr?.fallback === true;
}

function checkViews({ buffers = [], bufferViews = [] }: GltfDocument): Complaint | null {
  for (const [at, view] of bufferViews.entries()) {
    const buffer = buffers[view.buffer];
    const room = buffer?.byteLength ?? 0;
    if ((view.byteOffset ?? 0) + view.byteLength > room) {
      return {
        expected: `bufferView ${at} within the ${room} bytes of its buffer`,
        got: 'one that ends after',
      };
    }
    if (isStandIn(buffer?.extensions) && meshoptOf(view) === null) {
      return { expected: `data for bufferView ${at}`, got: 'a buffer that only stands in for it' };
    }
  }
  return null;
}

function checkAccessors(document: GltfDocument): Complaint | null {
  const { accessors = [], bufferViews = [] } = document;
  const compressed = compressedAccessors(document);
  let decoded = 0;
  let zeros = 0;
  for (const [at, accessor] of accessors.entries()) {
    const size = elementBytes(accessor) * accessor.count;
    decoded += size;
    if (decoded > MAX_DECODED_BYTES) {
      return { expected: `at most ${MAX_DECODED_BYTES} bytes of decoded data`, got: 'more' };
    }
    if (accessor.bufferView === undefined && !compressed.has(at)) zeros += size;
    if (zeros > MAX_ZERO_BYTES) {
      return { expected: `data for accessors of more than ${MAX_ZERO_BYTES} bytes`, got: 'none' };
    }
    const complaint = checkPlain(at, accessor, bufferViews) ?? checkSparse(at, accessor, bufferViews);
    if (complaint !== null) return complaint;
  }
  return null;
}

function compressedAccessors({ meshes = [] }: GltfDocument): ReadonlySet<number> {
  return new Set(
    meshes.flatMap(({ primitives }) =>
      primitives
        .filter(({ extensions }) => extensions?.KHR_draco_mesh_compression !== undefined)
        .flatMap(({ attributes, indices }) => [
          ...Object.values(attributes),
          ...(indices === undefined ? [] : [indices]),
        ]),
    ),
  );
}

function checkPlain(
  at: number,
  accessor: GltfAccessor,
  bufferViews: readonly GltfBufferView[],
): Complaint | null {
  if (accessor.bufferView === undefined) return null;
  const view = bufferViews[accessor.bufferView];
  const element = elementBytes(accessor);
  const stride = view?.byteStride ?? element;
  const end = (accessor.byteOffset ?? 0) + stride * (accessor.count - 1) + element;
  if (view !== undefined && end <= view.byteLength && element <= stride) return null;
  return { expected: `accessor ${at} within its bufferView`, got: 'one that ends after' };
}

function checkSparse(
  at: number,
  accessor: GltfAccessor,
  bufferViews: readonly GltfBufferView[],
): Complaint | null {
  const { sparse } = accessor;
  if (sparse === undefined) return null;
  if (sparse.count > accessor.count) {
    return {
      expected: `at most ${accessor.count} replaced elements in accessor ${at}`,
      got: `${sparse.count}`,
    };
  }
  const fits = (part: { readonly bufferView: number; readonly byteOffset?: number }, size: number) =>
    (part.byteOffset ?? 0) + size * sparse.count <= (bufferViews[part.bufferView]?.byteLength ?? 0);
  const indexBytes = COMPONENT_BYTES[sparse.indices.componentType];
  if (fits(sparse.indices, indexBytes) && fits(sparse.values, elementBytes(accessor))) return null;
  return {
    expected: `the replaced elements of accessor ${at} within their bufferViews`,
    got: 'some that end after',
  };
}
