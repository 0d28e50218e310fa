import draco3d from 'draco3dgltf';
import { MeshoptEncoder } from 'meshoptimizer';
import { makeGlb } from './make-glb.ts';
import { boxOf, type PlainMesh } from './plain-mesh.ts';

const FLOAT = 5126;
const UNSIGNED_INT = 5125;

export interface LookOptions {
  /** Linear, as in glTF. */
  readonly colour?: readonly [number, number, number, number];
  /** A picture on it: its bytes and its media type. */
  readonly picture?: { readonly bytes: Uint8Array; readonly type: string };
}

/** A GLB with a mesh that is not compressed. */
export function plainGlb(mesh: PlainMesh, look: LookOptions = {}): Uint8Array {
  const parts = new Parts();
  const views = attributesOf(mesh).map(([, , data]) => parts.add(data));
  const indices = parts.add(mesh.indices);
  const accessors = accessorsOf(mesh, views, indices);
  return parts.glb({ accessors, primitive: { attributes: NAMES, indices: 3 }, look });
}

/** A GLB whose mesh is compressed by KHR_draco_mesh_compression. */
export async function dracoGlb(mesh: PlainMesh, look: LookOptions = {}): Promise<Uint8Array> {
  const bytes = await dracoBytes(mesh);
  const parts = new Parts();
  const bufferView = parts.add(bytes);
  const extensions = { KHR_draco_mesh_compression: { bufferView, attributes: NAMES } };
  return parts.glb({
    accessors: accessorsOf(mesh, [], null),
    primitive: { attributes: NAMES, indices: 3, extensions },
    required: ['KHR_draco_mesh_compression'],
    look,
  });
}

/** A GLB whose buffers are compressed by EXT_meshopt_compression. */
export async function meshoptGlb(mesh: PlainMesh, look: LookOptions = {}): Promise<Uint8Array> {
  await MeshoptEncoder.ready;
  const parts = new Parts();
  const packed = (
    data: Float32Array | Uint32Array,
    count: number,
    byteStride: number,
    mode: 'ATTRIBUTES' | 'TRIANGLES',
  ) => {
    const plain = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const bytes = MeshoptEncoder.encodeGltfBuffer(plain, count, byteStride, mode);
    return parts.addPacked(bytes, { count, byteStride, mode });
  };
  const vertices = mesh.positions.length / 3;
  const views = attributesOf(mesh).map(([, components, data]) =>
    packed(data, vertices, components * 4, 'ATTRIBUTES'),
  );
  const indices = packed(mesh.indices, mesh.indices.length, 4, 'TRIANGLES');
  return parts.glb({
    accessors: accessorsOf(mesh, views, indices),
    primitive: { attributes: NAMES, indices: 3 },
    required: ['EXT_meshopt_compression'],
    look,
  });
}

/** A mesh in Draco’s own format, its attributes numbered as in `dracoGlb`: positions 0, normals 1, texture coordinates 2. */
export async function dracoBytes(mesh: PlainMesh): Promise<Uint8Array<ArrayBuffer>> {
  const draco = await draco3d.createEncoderModule({});
  const [encoder, builder, made, out] = [
    new draco.Encoder(),
    new draco.MeshBuilder(),
    new draco.Mesh(),
    new draco.DracoInt8Array(),
  ];
  const vertices = mesh.positions.length / 3;
  builder.AddFacesToMesh(made, mesh.indices.length / 3, mesh.indices);
  builder.AddFloatAttribute(made, draco.POSITION, vertices, 3, mesh.positions);
  builder.AddFloatAttribute(made, draco.NORMAL, vertices, 3, mesh.normals);
  builder.AddFloatAttribute(made, draco.TEX_COORD, vertices, 2, mesh.texcoords);
  // Vertices keep their number, so that what comes out can be counted.
  encoder.SetEncodingMethod(draco.MESH_SEQUENTIAL_ENCODING);
  const length = encoder.EncodeMeshToDracoBuffer(made, out);
  const bytes = Uint8Array.from({ length }, (_, at) => out.GetValue(at));
  for (const each of [encoder, builder, made, out]) draco.destroy(each);
  return bytes;
}

const NAMES = { POSITION: 0, NORMAL: 1, TEXCOORD_0: 2 } as const;

function attributesOf({ positions, normals, texcoords }: PlainMesh) {
  return [
    ['VEC3', 3, positions],
    ['VEC3', 3, normals],
    ['VEC2', 2, texcoords],
  ] as const;
}

function accessorsOf(mesh: PlainMesh, views: readonly number[], indices: number | null): object[] {
  const vertices = mesh.positions.length / 3;
  const attributes = attributesOf(mesh).map(([type], at) => ({
    ...(views[at] === undefined ? {} : { bufferView: views[at] }),
    componentType: FLOAT,
    count: vertices,
    type,
    ...(at === 0 ? boxOf(mesh) : {}),
  }));
  const index = { componentType: UNSIGNED_INT, count: mesh.indices.length, type: 'SCALAR' };
  return [...attributes, indices === null ? index : { bufferView: indices, ...index }];
}

interface GlbParts {
  readonly accessors: readonly object[];
  readonly primitive: object;
  readonly required?: readonly string[];
  readonly look: LookOptions;
}

/** The binary part of a GLB in the making. */
class Parts {
  readonly #chunks: Uint8Array[] = [];
  readonly #views: object[] = [];
  #length = 0;
  #standIn = 0;

  add(data: Uint8Array | Float32Array | Uint32Array): number {
    const byteOffset = this.#append(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    return this.#views.push({ buffer: 0, byteOffset, byteLength: data.byteLength }) - 1;
  }

  addPacked(
    bytes: Uint8Array,
    how: { readonly count: number; readonly byteStride: number; readonly mode: string },
  ): number {
    const packed = { buffer: 0, byteOffset: this.#append(bytes), byteLength: bytes.length, ...how };
    const byteLength = how.count * how.byteStride;
    const view = {
      buffer: 1,
      byteOffset: this.#standIn,
      byteLength,
      extensions: { EXT_meshopt_compression: packed },
    };
    this.#standIn += byteLength;
    return this.#views.push(how.mode === 'ATTRIBUTES' ? { ...view, byteStride: how.byteStride } : view) - 1;
  }

  glb({ accessors, primitive, required = [], look }: GlbParts): Uint8Array {
    const { colour = [1, 1, 1, 1], picture } = look;
    const isKtx2 = picture?.type === 'image/ktx2';
    const extensions = [...required, ...(isKtx2 ? ['KHR_texture_basisu'] : [])];
    const image =
      picture === undefined ? null : { bufferView: this.add(picture.bytes), mimeType: picture.type };
    const texture = isKtx2 ? { extensions: { KHR_texture_basisu: { source: 0 } } } : { source: 0 };
    const surface = {
      baseColorFactor: colour,
      metallicFactor: 0,
      roughnessFactor: 0.6,
      ...(image === null ? {} : { baseColorTexture: { index: 0 } }),
    };
    const standIn = {
      byteLength: this.#standIn,
      extensions: { EXT_meshopt_compression: { fallback: true } },
    };
    const document = {
      asset: { version: '2.0', generator: 'weft' },
      scene: 0,
      scenes: [{ nodes: [0] }],
      nodes: [{ mesh: 0 }],
      meshes: [{ primitives: [{ ...primitive, material: 0 }] }],
      materials: [{ pbrMetallicRoughness: surface, doubleSided: true }],
      accessors,
      bufferViews: this.#views,
      buffers: [{ byteLength: this.#length }, ...(this.#standIn > 0 ? [standIn] : [])],
      ...(image === null ? {} : { images: [image], textures: [texture] }),
      ...(extensions.length === 0 ? {} : { extensionsUsed: extensions, extensionsRequired: extensions }),
    };
    const bin = new Uint8Array(this.#length);
    let at = 0;
    for (const chunk of this.#chunks) {
      bin.set(chunk, at);
      at += chunk.length;
    }
    return makeGlb(document, bin);
  }

  #append(bytes: Uint8Array): number {
    const start = this.#length;
    const padded = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
    padded.set(bytes);
    this.#chunks.push(padded);
    this.#length += padded.length;
    return start;
  }
}
