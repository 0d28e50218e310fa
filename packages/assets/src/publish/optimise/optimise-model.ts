import type { Document, Texture } from '@gltf-transform/core';
import { keptExtensions, modelIo } from './model-io.ts';
import { DEFAULT_TEXTURE_SIDE, MAX_RESIZED_PIXELS, type OptimiseOptions } from './optimise-options.ts';

export interface OptimisedModel {
  readonly glb: Uint8Array<ArrayBuffer>;
  /** What was left as it was, and why, as sentences. */
  readonly notes: readonly string[];
}

/** `sharp` in Node; browsers draw on a canvas instead. */
export type TextureEncoder = unknown;

/**
 * Writes a model anew: equal parts once, unused parts not at all, vertices joined and stored in fewer bits, textures no larger
 * than asked for. Whether the result is better is for the caller to judge. The file has been through `checkGlb`.
 *
 * @returns `null` where that would lose something: an extension that gltf-transform does not know
 */
export async function optimiseModel(
  glb: Uint8Array,
  { meshes = 'quantize', maxTextureSide = DEFAULT_TEXTURE_SIDE }: OptimiseOptions,
  extensionsUsed: readonly string[],
  encoder: TextureEncoder | null,
): Promise<OptimisedModel | null> {
  const kept = await keptExtensions();
  if (extensionsUsed.some((name) => !kept.has(name))) return null;
  const { dedup, meshopt, prune, quantize, weld } = await import('@gltf-transform/functions');
  const io = await modelIo();
  const document = await io.readBinary(glb);
  const notes: string[] = [];
  // Empty nodes are places that somebody named, and properties of their own may be read by somebody.
  await document.transform(
    dedup(),
    prune({ keepLeaves: true, keepExtras: true, keepAttributes: true }),
    weld(),
  );
  await shrinkTextures(document, maxTextureSide, encoder, notes);
  if (meshes === 'quantize') await document.transform(quantize());
  if (meshes === 'meshopt') {
    const { MeshoptEncoder } = await import('meshoptimizer');
    await document.transform(meshopt({ encoder: MeshoptEncoder, level: 'medium' }));
  }
  return { glb: Uint8Array.from(await io.writeBinary(document)), notes };
}

async function shrinkTextures(
  document: Document,
  maxSide: number,
  encoder: TextureEncoder | null,
  notes: string[],
): Promise<void> {
  const { compressTexture } = await import('@gltf-transform/functions');
  for (const texture of document.getRoot().listTextures()) {
    const size = texture.getSize();
    if (size === null || Math.max(...size) <= maxSide) continue;
    if (!isShrinkable(texture, size)) {
      notes.push(
        `The texture ${texture.getName() || texture.getMimeType()} of ${size.join(' × ')} pixels stays as it is.`,
      );
      continue;
    }
    await compressTexture(texture, {
      resize: [maxSide, maxSide],
      ...(encoder === null ? {} : { encoder }),
    });
  }
}

function isShrinkable(texture: Texture, [width, height]: readonly [number, number]): boolean {
  const isDecodable = ['image/png', 'image/jpeg', 'image/webp'].includes(texture.getMimeType());
  return isDecodable && width * height <= MAX_RESIZED_PIXELS;
}
