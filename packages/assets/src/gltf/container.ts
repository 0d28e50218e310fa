import { AssetError } from '../asset-error.ts';

// glTF 2.0 specification, section 4.4 "GLB File Format Specification".
const MAGIC = 0x46546c67;
const VERSION = 2;
const HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
const CHUNK_ALIGNMENT_BYTES = 4;
const JSON_CHUNK = 0x4e4f534a;
const BIN_CHUNK = 0x004e4942;

/** A model above this is refused before it is uploaded or decoded. */
export const MAX_GLB_BYTES = 100 * 1024 * 1024;
export const MAX_GLB_JSON_BYTES = 16 * 1024 * 1024;
/** JSON, BIN, and room for a few extension chunks, which are skipped. */
export const MAX_GLB_CHUNKS = 16;

export interface GlbChunks {
  readonly json: unknown;
  /** The binary chunk, padding included; empty where the file has none. */
  readonly bin: Uint8Array;
}

/**
 * Splits a GLB into its chunks; the header, the lengths and the chunk table are held to the specification.
 * @throws AssetError `not-a-glb`, `malformed-glb`, `too-large`
 */
export function readContainer(bytes: Uint8Array, what: string): GlbChunks {
  const malformed = (expected: string, got: string) =>
    new AssetError('malformed-glb', { what, expected, got, hint: 'Export the model again as binary glTF.' });
  if (bytes.length > MAX_GLB_BYTES) {
    throw new AssetError('too-large', {
      what,
      expected: `a model of at most ${MAX_GLB_BYTES} bytes`,
      got: `${bytes.length} bytes`,
      hint: 'Reduce its textures and meshes, or split it into several models.',
    });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER_BYTES || view.getUint32(0, true) !== MAGIC) {
    throw new AssetError('not-a-glb', {
      what,
      expected: 'a binary glTF file, which starts with the four letters "glTF"',
      got: describeStart(bytes),
      hint: 'Export the model as .glb (binary glTF 2.0); .gltf, .obj and .fbx have to be converted first.',
    });
  }
  const version = view.getUint32(4, true);
  if (version !== VERSION) throw malformed('glTF version 2', `version ${version}`);
  const length = view.getUint32(8, true);
  if (length !== bytes.length) {
    throw malformed(`${length} bytes, as the header says`, `${bytes.length} bytes; the file may be cut off`);
  }

  let json: unknown;
  let bin: Uint8Array | undefined;
  let at = HEADER_BYTES;
  let count = 0;
  while (at < bytes.length) {
    if (count === MAX_GLB_CHUNKS) throw malformed(`at most ${MAX_GLB_CHUNKS} chunks`, 'more');
    if (at + CHUNK_HEADER_BYTES > bytes.length)
      throw malformed('a whole chunk header', 'the end of the file');
    const size = view.getUint32(at, true);
    const type = view.getUint32(at + 4, true);
    const start = at + CHUNK_HEADER_BYTES;
    if (size % CHUNK_ALIGNMENT_BYTES !== 0) throw malformed('chunk lengths that divide by 4', String(size));
    if (size > bytes.length - start)
      throw malformed(`a chunk of ${size} bytes`, `${bytes.length - start} left`);
    const chunk = bytes.subarray(start, start + size);
    if ((count === 0) !== (type === JSON_CHUNK))
      throw malformed('one JSON chunk, the first', `chunk ${count}`);
    if (type === JSON_CHUNK) json = readJson(chunk, malformed);
    if (type === BIN_CHUNK) {
      if (count !== 1) throw malformed('one BIN chunk, the second', `a BIN chunk at place ${count}`);
      bin = chunk;
    }
    at = start + size;
    count += 1;
  }
  if (count === 0) throw malformed('a JSON chunk', 'no chunk');
  return { json, bin: bin ?? new Uint8Array() };
}

/** @throws AssetError `malformed-glb` */
export function readJson(
  chunk: Uint8Array,
  malformed: (expected: string, got: string) => AssetError,
): unknown {
  if (chunk.length > MAX_GLB_JSON_BYTES) {
    throw malformed(`at most ${MAX_GLB_JSON_BYTES} bytes of JSON`, `${chunk.length} bytes`);
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(chunk));
  } catch (error) {
    throw malformed('UTF-8 JSON', error instanceof Error ? error.message : 'something else');
  }
}

/** Whether these bytes start as a GLB does. */
export function isGlb(bytes: Uint8Array): boolean {
  return GLB_START.every((byte, at) => bytes[at] === byte);
}

const GLB_START = [...'glTF'].map((letter) => letter.charCodeAt(0));
const SHOWN_BYTES = 8;

function describeStart(bytes: Uint8Array): string {
  if (bytes.length === 0) return 'an empty file';
  const start = [...bytes.subarray(0, SHOWN_BYTES)]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join(' ');
  return `${bytes.length} bytes that start with ${start}`;
}
