import { makeGlb } from './make-glb.ts';
import type { PlainMesh } from './plain-mesh.ts';

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low + 128 : low);
  } while (rest > 0);
  return bytes;
}

/**
 * Files of 61 bytes whose heads declare hundreds of millions of vertices and faces (draco#1169).
 *
 * @param count how many. Default: 2^29
 */
export function dracoBombs(count = 2 ** 29): Uint8Array<ArrayBuffer>[] {
  const head = [...'DRACO'].map((letter) => letter.charCodeAt(0));
  const many = varint(count);
  return [
    [...head, 2, 2, 1, 1, 0, 0, 0, ...many, ...many, 0, ...many],
    [...head, 2, 2, 1, 0, 0, 0, ...many, ...many, 1],
    [...head, 2, 2, 1, 0, 0, 0, 1, ...many, 1, 0, 0, 0, 0, 0, 1, 1, 0, 9, 3, 0, 0, 0],
    [...head, 2, 2, 0, 0, 0, 0, 0, 0, 0, 0x20, 1, 1, 0, 9, 3, 0, 0, 0],
    [...head, 2, 2, 0, 1, 0, 0, 0xff, 0xff, 0xff, 0x7f, 6, 1, 1, 0, 9, 3, 0, 0, 0],
  ].map((bytes) => Uint8Array.from({ length: 61 }, (_, at) => bytes[at] ?? 0));
}

/** A GLB whose one mesh is these bytes, said to be that mesh. */
export function withDraco(bytes: Uint8Array, mesh: PlainMesh): Uint8Array {
  const count = mesh.positions.length / 3;
  const attributes = { POSITION: 0, NORMAL: 1, TEXCOORD_0: 2 };
  return makeGlb(
    {
      asset: { version: '2.0' },
      meshes: [
        {
          primitives: [
            {
              attributes,
              indices: 3,
              extensions: { KHR_draco_mesh_compression: { bufferView: 0, attributes } },
            },
          ],
        },
      ],
      accessors: [
        { componentType: 5126, count, type: 'VEC3' },
        { componentType: 5126, count, type: 'VEC3' },
        { componentType: 5126, count, type: 'VEC2' },
        { componentType: 5125, count: mesh.indices.length, type: 'SCALAR' },
      ],
      bufferViews: [{ buffer: 0, byteLength: bytes.length }],
      buffers: [{ byteLength: bytes.length }],
    },
    bytes,
  );
}
