import type { Document, Texture } from '@gltf-transform/core';
import { MAX_THUMBNAIL_TEXELS, MAX_THUMBNAIL_TEXTURE_SIDE } from './limits.ts';
import type { Imaging, Pixels } from './pixels.ts';

/**
 * Reads the pictures that a small picture shows, small. One that cannot be read is none: its surface has its plain colour.
 * @returns the pixels of a texture
 */
export async function readTextures(
  document: Document,
  decoded: ReadonlyMap<number, Pixels>,
  imaging: Imaging,
): Promise<(texture: Texture) => Pixels | null> {
  const root = document.getRoot();
  const shown = new Set(
    root
      .listMaterials()
      .flatMap((material) => [material.getBaseColorTexture(), material.getEmissiveTexture()])
      .filter((texture) => texture !== null),
  );
  const share = Math.sqrt(MAX_THUMBNAIL_TEXELS / Math.max(1, shown.size));
  const side = Math.max(1, Math.min(MAX_THUMBNAIL_TEXTURE_SIDE, Math.floor(share)));
  const read = new Map<Texture, Pixels>();
  for (const [at, texture] of root.listTextures().entries()) {
    const file = texture.getImage();
    if (!shown.has(texture) || file === null) continue;
    const pixels =
      decoded.get(at) ?? (await imaging.decode(file, texture.getMimeType(), side).catch(() => null));
    if (pixels !== null) read.set(texture, pixels);
  }
  return (texture) => read.get(texture) ?? null;
}
