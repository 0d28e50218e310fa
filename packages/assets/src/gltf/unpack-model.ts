import { AssetError } from '../asset-error.ts';
import type { Decoded, DecodeJob, DracoAttribute } from '../decode/decode-job.ts';
import { ELEMENT_COMPONENTS } from './accessor-bytes.ts';
import {
  type GltfAccessor,
  type GltfBufferView,
  type GltfDocument,
  type GltfPrimitive,
  meshoptOf,
} from './document.ts';
import { bytesOfView, type GltfModel } from './gltf-model.ts';

/** Decodes one part of a model: a `Decoder` with what it needs to know. */
export type DecodePart = <Job extends DecodeJob>(job: Job) => Promise<Decoded[Job['kind']]>;

const UNSIGNED_INT = 5125;
const UNPACKED: ReadonlySet<string> = new Set([
  'EXT_meshopt_compression',
  'KHR_meshopt_compression',
  'KHR_draco_mesh_compression',
]);

/**
 * The same model without compressed meshes, for whatever reads plain glTF. The model must have passed `checkModel`: what comes out
 * is held to the counts that were checked.
 *
 * @throws AssetError `undecodable`, `too-slow`, `too-large`
 */
export async function unpackModel(model: GltfModel, decode: DecodePart): Promise<GltfModel> {
  return unpackDraco(await unpackMeshopt(model, decode), decode);
}

async function unpackMeshopt(model: GltfModel, decode: DecodePart): Promise<GltfModel> {
  const buffers = [...model.buffers];
  const declared = [...(model.document.buffers ?? [])];
  const bufferViews: GltfBufferView[] = [];
  for (const view of model.document.bufferViews ?? []) {
    const packed = meshoptOf(view);
    if (packed === null) {
      bufferViews.push(view);
      continue;
    }
    const { count, byteStride, mode, filter = 'NONE' } = packed;
    const start = packed.byteOffset ?? 0;
    const bytes = (model.buffers[packed.buffer] ?? new Uint8Array()).slice(start, start + packed.byteLength);
    const plain = await decode({ kind: 'meshopt', bytes, count, byteStride, mode, filter });
    const { extensions: _, byteOffset: __, ...rest } = view;
    bufferViews.push({ ...rest, buffer: buffers.length });
    declared.push({ byteLength: plain.length });
    buffers.push(plain);
  }
  return { document: without({ ...model.document, buffers: declared, bufferViews }), buffers };
}

async function unpackDraco(model: GltfModel, decode: DecodePart): Promise<GltfModel> {
  const { document } = model;
  const buffers = [...model.buffers];
  const declared = [...(document.buffers ?? [])];
  const bufferViews = [...(document.bufferViews ?? [])];
  const accessors = [...(document.accessors ?? [])];
  const filled = new Set<number>();

  function fill(at: number, bytes: Uint8Array, componentType?: GltfAccessor['componentType']): void {
    const accessor = accessors[at];
    if (accessor === undefined || filled.has(at)) return;
    const { byteOffset: _, ...rest } = accessor;
    accessors[at] = {
      ...rest,
      bufferView: bufferViews.length,
      componentType: componentType ?? rest.componentType,
    };
    bufferViews.push({ buffer: buffers.length, byteLength: bytes.length });
    declared.push({ byteLength: bytes.length });
    buffers.push(bytes);
    filled.add(at);
  }

  for (const { primitives } of document.meshes ?? []) {
    for (const primitive of primitives) {
      const job = dracoJobOf(model, primitive);
      // Primitives that share their accessors share the compressed mesh as well.
      const wanted = [...(job?.names ?? []).map(([, at]) => at), primitive.indices ?? []].flat();
      if (job === null || wanted.every((at) => filled.has(at))) continue;
      const { indices, attributes } = await decode(job.job);
      for (const [index, [, at]] of job.names.entries()) {
        const bytes = attributes[index];
        if (bytes !== undefined) fill(at, bytes);
      }
      if (indices !== null && primitive.indices !== undefined) {
        fill(primitive.indices, new Uint8Array(indices.buffer), UNSIGNED_INT);
      }
    }
  }
  const meshes = document.meshes?.map((mesh) => ({
    ...mesh,
    primitives: mesh.primitives.map(plainPrimitive),
  }));
  return {
    document: without({
      ...document,
      accessors,
      bufferViews,
      buffers: declared,
      ...(meshes === undefined ? {} : { meshes }),
    }),
    buffers,
  };
}

function dracoOf({ extensions }: GltfPrimitive) {
  return extensions?.KHR_draco_mesh_compression ?? null;
}

function dracoJobOf(model: GltfModel, primitive: GltfPrimitive) {
  const packed = dracoOf(primitive);
  const view = packed === null ? null : bytesOfView(model, packed.bufferView);
  if (packed === null || view === null) return null;
  const { accessors = [] } = model.document;
  const names: (readonly [name: string, accessor: number])[] = [];
  const attributes: DracoAttribute[] = [];
  let vertices = 0;
  for (const [name, id] of Object.entries(packed.attributes)) {
    const at = primitive.attributes[name];
    const accessor = at === undefined ? undefined : accessors[at];
    if (at === undefined || accessor === undefined) throw unchecked(name);
    names.push([name, at]);
    attributes.push({
      id,
      componentType: accessor.componentType,
      components: ELEMENT_COMPONENTS[accessor.type],
    });
    vertices = accessor.count;
  }
  const indices = primitive.indices === undefined ? null : (accessors[primitive.indices]?.count ?? 0);
  return { names, job: { kind: 'draco', bytes: view.slice(), vertices, indices, attributes } as const };
}

function plainPrimitive(primitive: GltfPrimitive): GltfPrimitive {
  if (dracoOf(primitive) === null) return primitive;
  const { KHR_draco_mesh_compression: _, ...extensions } = primitive.extensions ?? {};
  return { ...primitive, extensions };
}

function without(document: GltfDocument): GltfDocument {
  const rest = (names: readonly string[] | undefined) => names?.filter((name) => !UNPACKED.has(name)) ?? [];
  return {
    ...document,
    extensionsUsed: rest(document.extensionsUsed),
    extensionsRequired: rest(document.extensionsRequired),
  };
}

function unchecked(name: string): AssetError {
  return new AssetError('malformed-glb', {
    what: 'unpack the model',
    expected: `an accessor for ${name}`,
    got: 'none',
    hint: 'Check the file with a glTF validator and export it again.',
  });
}
