import type { GltfDocument } from './document.ts';
import type { GltfModel } from './gltf-model.ts';
import { writeContainer } from './write-container.ts';

const ALIGNMENT_BYTES = 4;

/** A model as one GLB, its buffers one after another. Compressed parts stay as they are. */
export function packModel({ document, buffers }: GltfModel): Uint8Array<ArrayBuffer> {
  const starts: number[] = [];
  let total = 0;
  for (const { length } of buffers) {
    starts.push(total);
    total += Math.ceil(length / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
  }
  const bin = new Uint8Array(total);
  for (const [at, bytes] of buffers.entries()) bin.set(bytes, starts[at] ?? 0);
  // Buffers that only stand in for compressed data hold nothing, and stay what they are behind the one that holds all.
  const standIns = new Map<number, number>();
  const held: NonNullable<GltfDocument['buffers']> = total === 0 ? [] : [{ byteLength: total }];
  for (const [at, buffer] of (document.buffers ?? []).entries()) {
    if ((buffers[at]?.length ?? 0) > 0) continue;
    standIns.set(at, held.length);
    held.push(buffer);
  }
  const moved = <Part extends { readonly buffer: number; readonly byteOffset?: number }>(
    part: Part,
  ): Part => {
    const standIn = standIns.get(part.buffer);
    if (standIn !== undefined) return { ...part, buffer: standIn };
    return { ...part, buffer: 0, byteOffset: (starts[part.buffer] ?? 0) + (part.byteOffset ?? 0) };
  };
  const bufferViews = document.bufferViews?.map((view) => {
    const { EXT_meshopt_compression: ext, KHR_meshopt_compression: khr, ...others } = view.extensions ?? {};
    const extensions = {
      ...others,
      ...(ext === undefined ? {} : { EXT_meshopt_compression: moved(ext) }),
      ...(khr === undefined ? {} : { KHR_meshopt_compression: moved(khr) }),
    };
    return { ...moved(view), ...(view.extensions === undefined ? {} : { extensions }) };
  });
  return writeContainer(
    {
      ...document,
      ...(held.length === 0 ? {} : { buffers: held }),
      ...(bufferViews === undefined ? {} : { bufferViews }),
    },
    bin,
  );
}
