import {
  type DecodedFile,
  decodePatch,
  MAX_BLOB_BYTES,
  type PatchJson,
  patchFromJson,
  WeftError,
} from '@weft/core';

/** A file: the bytes of a `.weft` file or of the same in JSON, or that JSON parsed. */
export type FileSource = Uint8Array | PatchJson;

/** Each `.weft` file begins with it; no JSON text does. */
const MAGIC = new TextEncoder().encode('WEFT');

/**
 * What a file says, judged by nobody yet. What is malformed in it is left out and reported; one that is no file of Weft
 * at all is refused.
 *
 * @throws WeftError `bad-file`; `limit` past 64 MiB, 500,000 objects or 5,000,000 registers
 */
export function readFileSource(source: FileSource): DecodedFile {
  if (source instanceof Uint8Array && MAGIC.every((byte, at) => source[at] === byte))
    return decodePatch(source);
  try {
    return patchFromJson(source instanceof Uint8Array ? parseJson(source) : source);
  } catch (error) {
    if (error instanceof WeftError) throw error;
    // Not UTF-8, not JSON, or nested until the stack ends.
    throw notAFile(error);
  }
}

function parseJson(bytes: Uint8Array): unknown {
  if (bytes.length > MAX_BLOB_BYTES) {
    throw new WeftError('limit', {
      what: 'read a Weft file',
      expected: `at most ${MAX_BLOB_BYTES} bytes of JSON`,
      got: `${bytes.length}`,
      hint: 'Use a .weft file, or split the world into several files.',
    });
  }
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
}

function notAFile(cause: unknown): WeftError {
  return new WeftError('bad-file', {
    what: 'read a Weft file',
    expected: 'a .weft file, or the JSON of one',
    got: cause instanceof Error ? cause.message : String(cause),
    hint: 'It is damaged, cut short, or was not written by Weft; get it again from its source.',
    cause,
  });
}
