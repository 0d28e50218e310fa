import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { decodePatch, patchToJson, WeftError } from '../../src/index.ts';
import { sealed } from '../weft-bytes.ts';
import { PROTOCOL_SPEC, specText } from './files.ts';
import type { BinaryFileCase } from './vectors.ts';

/** Below the specification. */
export const GOLDEN = 'golden';

export function checkBinaryFile(each: BinaryFileCase): void {
  const bytes = bytesOf(each);
  if (each.refused) {
    expect(() => decodePatch(bytes)).toThrow(WeftError);
    return;
  }
  const { patch, info } = decodePatch(bytes);
  const { json } = each;
  const expected = typeof json === 'string' ? JSON.parse(specText(join(GOLDEN, json))) : json;
  expect(JSON.parse(JSON.stringify(patchToJson(patch, info)))).toEqual(expected);
}

function bytesOf({ file, keep, flip, body = '' }: BinaryFileCase): Uint8Array {
  if (file === undefined) return sealed(Uint8Array.from(Buffer.from(body, 'hex')));
  const bytes = new Uint8Array(readFileSync(join(PROTOCOL_SPEC, GOLDEN, file)));
  const [at = -1, mask = 0] = flip ?? [];
  return bytes.map((byte, each) => (each === at ? byte ^ mask : byte)).slice(0, keep);
}
