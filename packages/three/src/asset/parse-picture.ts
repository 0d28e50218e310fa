import { refuseImage } from '@weft/assets';
import { SRGBColorSpace, Texture } from 'three';

import { AssetRefused } from './asset-refused.ts';

/** Decodes a PNG, JPEG or WebP to a texture. @throws AssetRefused in words for the person who uploaded it */
export async function parsePicture(bytes: Uint8Array): Promise<Texture> {
  const reason = refuseImage(bytes);
  if (reason !== null) throw new AssetRefused(reason);
  if (typeof createImageBitmap === 'undefined') throw new AssetRefused('this place cannot decode pictures');
  const bitmap = await createImageBitmap(new Blob([bytes.slice()]), {
    // Textures from bitmaps ignore flipY, so the flip has to happen while decoding.
    imageOrientation: 'flipY',
  }).catch(() => {
    throw new AssetRefused('the picture is damaged; upload it again');
  });
  const texture = new Texture(bitmap);
  texture.flipY = false;
  texture.colorSpace = SRGBColorSpace;
  texture.needsUpdate = true;
  return texture;
}
