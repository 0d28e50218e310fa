import { patchToJson, toBase64Url } from '@weft/core';
import type { Frame } from './frames.ts';
import { decodeWirePatch } from './patch/decode-wire-patch.ts';

/** A frame in JSON, for people, logs and other languages. */
export interface FrameJson {
  readonly type: Frame['type'];
  readonly [field: string]: unknown;
}

/**
 * Bytes become base64url, and a patch what it says.
 *
 * @throws ProtocolError where the patch in it is malformed
 */
export function frameToJson(frame: Frame): FrameJson {
  const fields = Object.entries(frame).map(([name, value]) => [name, fieldToJson(name, value)] as const);
  return { ...Object.fromEntries(fields), type: frame.type };
}

function fieldToJson(name: string, value: unknown): unknown {
  if (!(value instanceof Uint8Array)) return value;
  return name === 'patch' ? patchToJson(decodeWirePatch(value)) : toBase64Url(value);
}
