const JSON_CHUNK = 0x4e4f534a;
const BODY_CHUNK = 0x004e4942;

/** One triangle as glTF: the least that is a model. What is given is laid over it. */
export function triangleJson(
  over: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  return {
    asset: { version: '2.0' },
    scene: 0,
    scenes: [{ nodes: [0] }],
    nodes: [{ mesh: 0 }],
    meshes: [{ primitives: [{ attributes: { POSITION: 0 } }] }],
    accessors: [
      { bufferView: 0, componentType: 5126, count: 3, type: 'VEC3', min: [0, 0, 0], max: [1, 1, 0] },
    ],
    bufferViews: [{ buffer: 0, byteLength: 36 }],
    buffers: [{ byteLength: 36 }],
    ...over,
  };
}

export const TRIANGLE = new Uint8Array(new Float32Array([0, 0, 0, 1, 0, 0, 0, 1, 0]).buffer);

/** A GLB of this document and this body (glTF 2.0, section 4.4). */
export function makeModel(json: unknown = triangleJson(), body: Uint8Array = TRIANGLE): Uint8Array {
  const text = padded(new TextEncoder().encode(JSON.stringify(json)), 0x20);
  const rest = padded(body, 0);
  const bytes = new Uint8Array(28 + text.length + rest.length);
  const view = new DataView(bytes.buffer);
  const words = [0x46546c67, 2, bytes.length, text.length, JSON_CHUNK];
  words.forEach((word, at) => {
    view.setUint32(at * 4, word, true);
  });
  bytes.set(text, 20);
  view.setUint32(20 + text.length, rest.length, true);
  view.setUint32(24 + text.length, BODY_CHUNK, true);
  bytes.set(rest, 28 + text.length);
  return bytes;
}

function padded(data: Uint8Array, filler: number): Uint8Array {
  const result = new Uint8Array(Math.ceil(data.length / 4) * 4).fill(filler);
  result.set(data);
  return result;
}
