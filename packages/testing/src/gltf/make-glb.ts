// A GLB writer for tests: it writes whatever it is given, right or wrong.
const HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 8;
const JSON_CHUNK = 0x4e4f534a;
const BIN_CHUNK = 0x004e4942;

export interface ChunkSource {
  readonly type: number;
  readonly data: Uint8Array;
}

export function makeGlb(json: unknown, bin?: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(json));
  const chunks = [{ type: JSON_CHUNK, data: padded(text, 0x20) }];
  if (bin !== undefined) chunks.push({ type: BIN_CHUNK, data: padded(bin, 0) });
  return packChunks(chunks);
}

export function packChunks(chunks: readonly ChunkSource[]): Uint8Array {
  const length = chunks.reduce((sum, { data }) => sum + CHUNK_HEADER_BYTES + data.length, HEADER_BYTES);
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x46546c67, true);
  view.setUint32(4, 2, true);
  view.setUint32(8, length, true);
  let at = HEADER_BYTES;
  for (const { type, data } of chunks) {
    view.setUint32(at, data.length, true);
    view.setUint32(at + 4, type, true);
    bytes.set(data, at + CHUNK_HEADER_BYTES);
    at += CHUNK_HEADER_BYTES + data.length;
  }
  return bytes;
}

function padded(data: Uint8Array, filler: number): Uint8Array {
  const result = new Uint8Array(Math.ceil(data.length / 4) * 4).fill(filler);
  result.set(data);
  return result;
}

/** One triangle of 1 x 2 metres in the plane z = 3, drawn by node 0. */
export function triangleDocument() {
  return {
    asset: { version: '2.0' },
    scene: 0,
    scenes: [{ nodes: [0] }],
    nodes: [{ mesh: 0 }] as Record<string, unknown>[],
    meshes: [{ primitives: [{ attributes: { POSITION: 0 } }] }],
    accessors: [
      { bufferView: 0, componentType: 5126, count: 3, type: 'VEC3', min: [0, 0, 3], max: [1, 2, 3] },
    ] as Record<string, unknown>[],
    bufferViews: [{ buffer: 0, byteLength: 36 }],
    buffers: [{ byteLength: 36 }] as Record<string, unknown>[],
  };
}

export function triangleBytes(): Uint8Array {
  return new Uint8Array(new Float32Array([0, 0, 3, 1, 0, 3, 0, 2, 3]).buffer);
}

export function triangleGlb(): Uint8Array {
  return makeGlb(triangleDocument(), triangleBytes());
}

/** A house of two parts, each a triangle, and the node that holds both. */
export function houseGlb(): Uint8Array {
  const nodes = [
    { name: 'House', children: [1, 2] },
    { name: 'Door', mesh: 0 },
    { name: 'Roof', mesh: 0, translation: [0, 3, 0] },
  ];
  return makeGlb({ ...triangleDocument(), nodes }, triangleBytes());
}
