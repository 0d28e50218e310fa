import { refuseThumbnail } from '@weft/assets';
import type { Texture } from 'three';
import { AssetRefused } from './asset-refused.ts';
import { parsePicture } from './parse-picture.ts';

/** As `parsePicture`, within the bounds of thumbnails. @throws AssetRefused */
export async function parseThumbnail(bytes: Uint8Array): Promise<Texture> {
  const reason = refuseThumbnail(bytes);
  if (reason !== null) throw new AssetRefused(reason);
  return parsePicture(bytes);
}
