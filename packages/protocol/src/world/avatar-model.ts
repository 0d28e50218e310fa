import { decodeWireValue, encodeWireValue, isEventContent, type Value } from '@weft/core';
import { isBoundedText } from '../text.ts';

/** What a room's state or a profile says of a model, in bytes of canonical JSON. */
export const MAX_AVATAR_BYTES = 4_096;
/** The address of a model, in characters. */
export const MAX_AVATAR_SRC_CHARACTERS = 1_024;
/** The largest model that may be named, in bytes. */
export const MAX_AVATAR_MODEL_BYTES = 33_554_432;
/** How high somebody may be, in metres. */
export const MIN_AVATAR_HEIGHT_METRES = 0.1;
export const MAX_AVATAR_HEIGHT_METRES = 10;
/** The name of a model, in characters. */
export const MAX_AVATAR_NAME_CHARACTERS = 100;

/** A glTF or VRM model that somebody wears: where it is, never what it is. */
export interface AvatarModel {
  /** `mxc:`, `https:` or `ipfs:`. */
  readonly src: string;
  /** What its bytes must have, in lower-case hex; `null` where that is not said. */
  readonly sha256: string | null;
  /** Its size in bytes, at most 32 MiB; `null` where that is not said. */
  readonly bytes: number | null;
  /** What people call it; `null` where it has no name. */
  readonly name: string | null;
  /** From the floor to the crown, 0.1 to 10 metres; `null` for as high as the model is. */
  readonly height: number | null;
}

const SRC = /^(mxc|https|ipfs):\/\/[\x21-\x7e]+$/;
const SHA256 = /^[0-9a-f]{64}$/;

/**
 * What a stranger says of a model.
 *
 * @returns `null` for what names none, or one that may not be fetched; what else is wrong of it counts as not said. Never throws
 */
export function readAvatarModel(content: unknown): AvatarModel | null {
  if (!isEventContent(content, MAX_AVATAR_BYTES)) return null;
  const { src, sha256, bytes, name, height } = content;
  if (typeof src !== 'string' || src.length > MAX_AVATAR_SRC_CHARACTERS || !SRC.test(src)) return null;
  const isSize = Number.isSafeInteger(bytes) && Number(bytes) > 0;
  if (isSize && Number(bytes) > MAX_AVATAR_MODEL_BYTES) return null;
  return {
    src,
    sha256: typeof sha256 === 'string' && SHA256.test(sha256) ? sha256 : null,
    bytes: isSize ? Number(bytes) : null,
    name: isBoundedText(name, MAX_AVATAR_NAME_CHARACTERS) ? name : null,
    height: readHeight(height),
  };
}

/** As it is written, in a room's state and in a profile. */
export function avatarContent({ height, ...rest }: AvatarModel): { readonly [name: string]: Value } {
  const said = Object.entries(rest).filter(([, value]) => value !== null);
  return { ...Object.fromEntries(said), ...(height === null ? {} : { height: encodeWireValue(height) }) };
}

function readHeight(wire: unknown): number | null {
  const metres = decodeWireValue(wire);
  if (typeof metres !== 'number') return null;
  return metres >= MIN_AVATAR_HEIGHT_METRES && metres <= MAX_AVATAR_HEIGHT_METRES ? metres : null;
}
