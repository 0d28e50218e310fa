/** A table of five boxes as a GLB, made by code: a real file for the loader without a file in the repository. */
export function glbOfTable(): Uint8Array<ArrayBuffer> {
  const boxes = [
    box([0, 0.72, 0], [1.6, 0.06, 0.9]),
    ...[-0.7, 0.7].flatMap((x) => [-0.35, 0.35].map((z) => box([x, 0.345, z], [0.08, 0.69, 0.08]))),
  ];
  const positions = new Float32Array(boxes.flatMap(({ points }) => points));
  const normals = new Float32Array(boxes.flatMap(({ normals }) => normals));
  const count = positions.length / 3;
  const json = {
    asset: { version: '2.0', generator: 'weft' },
    scene: 0,
    scenes: [{ nodes: [0] }],
    nodes: [{ name: 'Table', mesh: 0 }],
    meshes: [{ primitives: [{ attributes: { POSITION: 0, NORMAL: 1 }, material: 0 }] }],
    materials: [
      {
        pbrMetallicRoughness: {
          baseColorFactor: [0.36, 0.2, 0.09, 1],
          metallicFactor: 0,
          roughnessFactor: 0.6,
        },
      },
    ],
    accessors: [
      {
        bufferView: 0,
        componentType: 5126,
        count,
        type: 'VEC3',
        min: [-0.8, 0, -0.45],
        max: [0.8, 0.75, 0.45],
      },
      { bufferView: 1, componentType: 5126, count, type: 'VEC3' },
    ],
    bufferViews: [
      { buffer: 0, byteOffset: 0, byteLength: positions.byteLength },
      { buffer: 0, byteOffset: positions.byteLength, byteLength: normals.byteLength },
    ],
    buffers: [{ byteLength: positions.byteLength + normals.byteLength }],
  };
  return pack(json, new Uint8Array([...new Uint8Array(positions.buffer), ...new Uint8Array(normals.buffer)]));
}

/** A JSON document and its binary body as one GLB (glTF 2.0, section 4.4). */
export function pack(json: unknown, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const text = new TextEncoder().encode(JSON.stringify(json));
  const textLength = Math.ceil(text.length / 4) * 4;
  const bodyLength = Math.ceil(body.length / 4) * 4;
  const total = 12 + 8 + textLength + (bodyLength === 0 ? 0 : 8 + bodyLength);
  const bytes = new Uint8Array(total);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x46546c67, true);
  view.setUint32(4, 2, true);
  view.setUint32(8, total, true);
  view.setUint32(12, textLength, true);
  view.setUint32(16, 0x4e4f534a, true);
  bytes.fill(0x20, 20, 20 + textLength);
  bytes.set(text, 20);
  if (bodyLength === 0) return bytes;
  view.setUint32(20 + textLength, bodyLength, true);
  view.setUint32(24 + textLength, 0x004e4942, true);
  bytes.set(body, 28 + textLength);
  return bytes;
}

const FACES = [
  [1, 0, 0],
  [-1, 0, 0],
  [0, 1, 0],
  [0, -1, 0],
  [0, 0, 1],
  [0, 0, -1],
] as const;

function box(center: readonly number[], size: readonly number[]) {
  const points: number[] = [];
  const normals: number[] = [];
  for (const normal of FACES) {
    const axis = normal.findIndex((part) => part !== 0);
    const sign = normal[axis] ?? 1;
    const [u, v] = [(axis + 1) % 3, (axis + 2) % 3];
    const corner = (a: number, b: number) => {
      const unit = [0, 0, 0];
      unit[axis] = sign;
      unit[u] = a * sign;
      unit[v] = b;
      return unit.map((part, at) => (center[at] ?? 0) + (part * (size[at] ?? 1)) / 2);
    };
    const [a, b, c, d] = [corner(-1, -1), corner(1, -1), corner(1, 1), corner(-1, 1)];
    for (const point of [a, b, c, a, c, d]) {
      points.push(...point);
      normals.push(...normal);
    }
  }
  return { points, normals };
}
