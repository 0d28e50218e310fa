import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { AssetRef } from '@weft/assets';
import type { Homeserver } from '@weft/matrix';

export interface UploadOptions {
  /** The file's name, as people see it. */
  readonly name: string;
  /** The media type, such as `model/gltf-binary`. */
  readonly type: string;
  readonly signal?: AbortSignal;
}

/** A file that the homeserver keeps, as objects refer to it. */
export interface UploadedAsset extends AssetRef {
  readonly sha256: string;
  readonly bytes: number;
}

/** @throws HomeserverError `too-large`, `forbidden`, `unreachable` and the like */
export async function uploadAsset(
  homeserver: Pick<Homeserver, 'upload'>,
  bytes: Uint8Array,
  options: UploadOptions,
): Promise<UploadedAsset> {
  const src = await homeserver.upload(bytes, options);
  return { src, sha256: hashOf(bytes), bytes: bytes.length };
}

export function hashOf(bytes: Uint8Array): string {
  return bytesToHex(sha256(bytes));
}
