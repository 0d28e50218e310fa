import { encodePatch, type FileInfo, MAX_BLOB_BYTES, type Patch, patchToJson, WeftError } from '@weft/core';

/** `weft`: small and checked by a hash. `json`: for people, text diffs and other programs; five times as large. */
export type FileFormat = 'weft' | 'json';

const INDENT_SPACES = 2;

/** @throws WeftError `limit` past what a file may hold */
export function writeFile(patch: Patch, info: FileInfo, format: FileFormat): Uint8Array<ArrayBuffer> {
  if (format === 'weft') return encodePatch(patch, info);
  const bytes = new TextEncoder().encode(
    `${JSON.stringify(patchToJson(patch, info), null, INDENT_SPACES)}\n`,
  );
  if (bytes.length <= MAX_BLOB_BYTES) return bytes;
  throw new WeftError('limit', {
    what: 'write a Weft file',
    expected: `at most ${MAX_BLOB_BYTES} bytes of JSON`,
    got: `${bytes.length}`,
    hint: 'Export it in the format weft.',
  });
}
