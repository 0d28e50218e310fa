import { pack } from './glb-of-table.ts';

/** A GLB of so many parts, each a grid of its own with `side` × `side` squares: 28 bytes a corner and 6 for each of its triangles. */
export function bigModel(parts: number, side: number): Uint8Array<ArrayBuffer> {
  const corners = (side + 1) ** 2;
  const indices = gridIndices(side);
  const positions = corners * 12;
  const body = new Uint8Array(indices.byteLength + parts * positions);
  body.set(new Uint8Array(indices.buffer), 0);
  for (let part = 0; part < parts; part += 1) {
    const at = indices.byteLength + part * positions;
    new Float32Array(body.buffer, at, corners * 3).set(gridCorners(side, part));
  }
  const max = (part: number) => [1, 0.1 + part / 1_000, 1];
  const each = Array.from({ length: parts }, (_, part) => part);
  return pack(
    {
      asset: { version: '2.0', generator: 'weft' },
      scene: 0,
      scenes: [{ nodes: each }],
      nodes: each.map((part) => ({ name: `Part ${part}`, mesh: part })),
      meshes: each.map((part) => ({
        name: `Part ${part}`,
        primitives: [{ attributes: { POSITION: part + 1 }, indices: 0 }],
      })),
      accessors: [
        { bufferView: 0, componentType: 5125, count: indices.length, type: 'SCALAR' },
        ...each.map((part) => ({
          ...{ bufferView: part + 1, componentType: 5126, count: corners, type: 'VEC3' },
          ...{ min: [0, Math.fround(part / 1_000), 0], max: max(part).map(Math.fround) },
        })),
      ],
      bufferViews: [
        { buffer: 0, byteOffset: 0, byteLength: indices.byteLength },
        ...each.map((part) => ({
          ...{ buffer: 0, byteLength: positions },
          byteOffset: indices.byteLength + part * positions,
        })),
      ],
      buffers: [{ byteLength: body.length }],
    },
    body,
  );
}

/** Waves that no two parts have alike, so that each becomes a file. */
function gridCorners(side: number, part: number): Float32Array {
  const corners = new Float32Array((side + 1) ** 2 * 3);
  let at = 0;
  for (let z = 0; z <= side; z += 1) {
    for (let x = 0; x <= side; x += 1) {
      // The last is the highest and the first the lowest, which is what the accessor says.
      const rise = (z * (side + 1) + x) / ((side + 1) ** 2 - 1);
      corners.set([x / side, part / 1_000 + rise * 0.1, z / side], at);
      at += 3;
    }
  }
  return corners;
}

function gridIndices(side: number): Uint32Array<ArrayBuffer> {
  const indices: number[] = [];
  for (let z = 0; z < side; z += 1) {
    for (let x = 0; x < side; x += 1) {
      const a = z * (side + 1) + x;
      indices.push(a, a + side + 1, a + 1, a + 1, a + side + 1, a + side + 2);
    }
  }
  return new Uint32Array(indices);
}
