import type { GltfDocument } from './document.ts';

/** A model as one thing in memory: whatever its file pointed to is here. */
export interface GltfModel {
  readonly document: GltfDocument;
  /** The bytes of each buffer of the document, at least as many as it says; none for one that only stands in for compressed data. */
  readonly buffers: readonly Uint8Array[];
}

/** The bytes of a bufferView, not copied; `null` where there is none of this index. */
export function bytesOfView({ document, buffers }: GltfModel, index: number): Uint8Array | null {
  const view = document.bufferViews?.[index];
  const buffer = view === undefined ? undefined : buffers[view.buffer];
  if (view === undefined || buffer === undefined) return null;
  const start = view.byteOffset ?? 0;
  return buffer.subarray(start, start + view.byteLength);
}
