import { Check } from 'typebox/value';
import { AssetError } from '../asset-error.ts';
import { MAX_GLB_BYTES, MAX_GLB_JSON_BYTES } from '../gltf/container.ts';
import { GltfDocument } from '../gltf/document.ts';
import { writeContainer } from '../gltf/write-container.ts';
import { readDataUri } from '../source/data-uri.ts';

const ALIGNMENT_BYTES = 4;

/**
 * A glTF document with everything embedded as `data:` addresses, as the binary file that says the same, a quarter smaller.
 * Nothing of it is lost, known or not.
 * @throws AssetError `malformed-glb`, `external-uri`, `too-large`
 */
export function packGltf(text: Uint8Array, what: string): Uint8Array<ArrayBuffer> {
  const json = parse(text, what);
  const pieces: Uint8Array[] = [];
  let total = 0;
  const put = (bytes: Uint8Array): number => {
    const at = total;
    const size = Math.ceil(bytes.length / ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
    pieces.push(bytes, new Uint8Array(size - bytes.length));
    total += size;
    if (total <= MAX_GLB_BYTES) return at;
    throw new AssetError('too-large', {
      what,
      expected: `a model of at most ${MAX_GLB_BYTES} bytes`,
      got: 'more',
      hint: 'Reduce its textures and meshes, or split it into several models.',
    });
  };
  const starts = (json.buffers ?? []).map(({ uri, byteLength }, at) => {
    const bytes = embedded(uri, `buffer ${at}`, what);
    if (bytes.length >= byteLength) return put(bytes.subarray(0, byteLength));
    throw malformed(what, `${byteLength} bytes in buffer ${at}`, `${bytes.length}`);
  });
  const bufferViews: object[] = (json.bufferViews ?? []).map((view) => {
    const extensions = Object.entries(recordOf(Reflect.get(view, 'extensions'))).map(
      ([name, extension]) => [name, rebased(extension, starts)] as const,
    );
    return {
      ...rebased(view, starts),
      ...(extensions.length === 0 ? {} : { extensions: Object.fromEntries(extensions) }),
    };
  });
  const images = (json.images ?? []).map((image, at) => {
    if (image.uri === undefined) return image;
    const { uri, ...rest } = image;
    const bytes = embedded(uri, `image ${at}`, what);
    bufferViews.push({ buffer: 0, byteOffset: put(bytes), byteLength: bytes.length });
    const mimeType = /^data:([^;,]+)/i.exec(uri)?.[1];
    return { ...(mimeType === undefined ? {} : { mimeType }), ...rest, bufferView: bufferViews.length - 1 };
  });
  const bin = new Uint8Array(total);
  let at = 0;
  for (const piece of pieces) {
    bin.set(piece, at);
    at += piece.length;
  }
  const packed = {
    ...json,
    ...(total === 0 ? {} : { buffers: [{ byteLength: total }], bufferViews }),
    ...(images.length === 0 ? {} : { images }),
  };
  return writeContainer(packed, bin);
}

function parse(text: Uint8Array, what: string): GltfDocument {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text));
  } catch (error) {
    throw malformed(what, 'a JSON document', error instanceof Error ? error.message : 'something else');
  }
  if (Check(GltfDocument, json)) {
    // Without what is embedded it is held to the bound of every model.
    if (structureBytes(json) <= MAX_GLB_JSON_BYTES) return json;
    throw malformed(what, `at most ${MAX_GLB_JSON_BYTES} bytes beside what is embedded`, 'more');
  }
  throw malformed(what, 'glTF 2.0 JSON within bounds', 'something else');
}

function structureBytes(json: GltfDocument): number {
  return JSON.stringify(json, (key, value) => (key === 'uri' ? '' : value)).length;
}

function embedded(uri: string | undefined, where: string, what: string): Uint8Array {
  if (uri === undefined) throw malformed(what, `data for ${where}`, 'none');
  if (!/^data:/i.test(uri)) {
    throw new AssetError('external-uri', {
      what,
      expected: 'a model that carries everything it needs',
      got: `${where} at ${JSON.stringify(uri)}`,
      hint: 'Export it as binary glTF (.glb), or as glTF with everything embedded.',
    });
  }
  const bytes = readDataUri(uri, MAX_GLB_BYTES);
  if (bytes !== null) return bytes;
  throw malformed(what, `a data: address for ${where}`, 'a malformed one');
}

/** A view, or an extension of one, within the one buffer that is left. */
function rebased(view: unknown, starts: readonly number[]): object {
  const record = recordOf(view);
  const { buffer, byteOffset = 0 } = record;
  const start = typeof buffer === 'number' ? starts[buffer] : undefined;
  if (start === undefined || typeof byteOffset !== 'number') return record;
  return { ...record, buffer: 0, byteOffset: start + byteOffset };
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function malformed(what: string, expected: string, got: string): AssetError {
  return new AssetError('malformed-glb', {
    what,
    expected,
    got,
    hint: 'Check the file with a glTF validator and export it again.',
  });
}
