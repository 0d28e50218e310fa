import { Check, Errors } from 'typebox/value';
import { isGlb, readContainer, readJson } from './container.ts';
import { GltfDocument } from './document.ts';
import { malformed } from './malformed.ts';

const OPENING_BRACE = 0x7b;
const BLANKS: ReadonlySet<number> = new Set([0x20, 0x09, 0x0a, 0x0d]);

/** What a file itself holds of a model. */
export interface ModelFile {
  readonly document: GltfDocument;
  /** The BIN chunk of a GLB; empty for a `.gltf` file. */
  readonly bin: Uint8Array;
}

/** Reads a GLB. @throws AssetError `not-a-glb`, `malformed-glb`, `too-large` */
export function readGlb(bytes: Uint8Array, what: string): ModelFile {
  const { json, bin } = readContainer(bytes, what);
  return { document: documentOf(json, what), bin };
}

/** Reads a GLB or a `.gltf` file, as its first byte tells. @throws AssetError `not-a-glb`, `malformed-glb`, `too-large` */
export function readModelFile(bytes: Uint8Array, what: string): ModelFile {
  if (isGlb(bytes) || bytes.find((byte) => !BLANKS.has(byte)) !== OPENING_BRACE) return readGlb(bytes, what);
  const json = readJson(bytes, (expected, got) => malformed(what, expected, got));
  return { document: documentOf(json, what), bin: new Uint8Array() };
}

function documentOf(json: unknown, what: string): GltfDocument {
  if (Check(GltfDocument, json)) return json;
  const [first] = Errors(GltfDocument, json);
  const got =
    first === undefined ? 'something else' : `${first.instancePath || 'a document that'} ${first.message}`;
  throw malformed(what, 'glTF 2.0 JSON within bounds', got);
}
