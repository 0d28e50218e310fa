import { AssetError } from '../asset-error.ts';
import { isKtx2 } from '../picture/ktx2-header.ts';
import { fileKindOf } from '../publish/file-kind.ts';
import { readDataUri } from '../source/data-uri.ts';
import { MAX_GLB_BYTES } from './container.ts';
import type { GltfDocument } from './document.ts';
import type { GltfModel } from './gltf-model.ts';
import { malformed } from './malformed.ts';
import { type PartAddress, readPartUri } from './part-address.ts';
import type { ModelFile } from './read-document.ts';

/** The parts of a model that its file does not hold, by what the document calls them. */
export type Parts = ReadonlyMap<string, Uint8Array>;

/** Where the document says that the rest of it is, each address once. @throws AssetError `external-uri` for the first that nobody may ask for */
export function partsOf(
  { document }: ModelFile,
  what: string,
  isAllowed: (part: PartAddress) => boolean,
): ReadonlyMap<string, PartAddress> {
  const parts = new Map<string, PartAddress>();
  for (const { uri } of [...(document.buffers ?? []), ...(document.images ?? [])]) {
    if (uri === undefined) continue;
    const part = readPartUri(uri);
    if (part === null || !isAllowed(part)) throw forbidden(what, uri);
    parts.set(uri, part);
  }
  return parts;
}

/** @throws AssetError `malformed-glb`, `too-large` */
export function readDataPart(text: string, room: number, what: string): Uint8Array {
  const bytes = readDataUri(text, room);
  if (bytes !== null) return bytes;
  throw malformed(what, `data: parts of at most ${room} bytes`, 'a malformed or larger one');
}

/** One model of a file and its parts: pictures become views of further buffers, so that nothing of it points outside. */
export function joinParts({ document, bin }: ModelFile, parts: Parts): GltfModel {
  const declared = document.buffers ?? [];
  const buffers = declared.map(({ uri }, at) => {
    if (uri !== undefined) return parts.get(uri) ?? new Uint8Array();
    // The specification gives the BIN chunk to the first buffer, and to no other.
    return at === 0 ? bin : new Uint8Array();
  });
  const views = [...(document.bufferViews ?? [])];
  const added: NonNullable<GltfDocument['buffers']> = [];
  const viewOf = new Map<string, number>();
  const images = document.images?.map((image) => {
    const { uri, ...rest } = image;
    const bytes = uri === undefined ? undefined : parts.get(uri);
    if (uri === undefined || bytes === undefined) return image;
    // An address says by its name what it holds; a stretch of bytes has to say it.
    const type = pictureType(bytes);
    const typed = type === null || rest.mimeType !== undefined ? rest : { ...rest, mimeType: type };
    const known = viewOf.get(uri);
    if (known !== undefined) return { ...typed, bufferView: known };
    views.push({ buffer: buffers.length, byteLength: bytes.length });
    added.push({ byteLength: bytes.length });
    buffers.push(bytes);
    viewOf.set(uri, views.length - 1);
    return { ...typed, bufferView: views.length - 1 };
  });
  const held = declared.map(({ uri: _, ...rest }) => rest);
  return {
    document: {
      ...document,
      ...(held.length + added.length > 0 ? { buffers: [...held, ...added] } : {}),
      ...(views.length > 0 ? { bufferViews: views } : {}),
      ...(images === undefined ? {} : { images }),
    },
    buffers,
  };
}

/** The model is larger than all of one may be. */
export function tooLarge(what: string): AssetError {
  return new AssetError('too-large', {
    what,
    expected: `a model of at most ${MAX_GLB_BYTES} bytes with all that it points to`,
    got: 'more',
    hint: 'Reduce its textures and meshes, or split it into several models.',
  });
}

function forbidden(what: string, uri: string): AssetError {
  return new AssetError('external-uri', {
    what,
    expected: 'a model that carries everything it needs',
    got: `a reference to ${JSON.stringify(uri)}`,
    hint: 'Export it again with textures and buffers embedded; addresses outside the file are never followed.',
  });
}

function pictureType(bytes: Uint8Array): string | null {
  if (isKtx2(bytes)) return 'image/ktx2';
  const kind = fileKindOf(bytes);
  return kind?.use === 'picture' ? kind.type : null;
}
