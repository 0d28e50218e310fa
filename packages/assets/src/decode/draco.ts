import { COMPONENT_BYTES } from '../gltf/accessor-bytes.ts';
import { DecodeFailed } from './decode-failed.ts';
import {
  type ComponentType,
  type DecodedMesh,
  type DracoAttribute,
  type DracoJob,
  MAX_DECODED_PART_BYTES,
} from './decode-job.ts';
import { type DecoderRealm, loadFactory } from './load-module.ts';

const INDEX_BYTES = 4;
// glTF's component types by the names that Draco's module has for them.
const DATA_TYPES = {
  5120: 'DT_INT8',
  5121: 'DT_UINT8',
  5122: 'DT_INT16',
  5123: 'DT_UINT16',
  5125: 'DT_UINT32',
  5126: 'DT_FLOAT32',
} as const satisfies Readonly<Record<ComponentType, string>>;

interface Geometry {
  readonly ptr: number;
  num_points(): number;
}

interface Mesh extends Geometry {
  num_faces(): number;
}

interface Attribute {
  readonly ptr: number;
  num_components(): number;
}

interface Status {
  ok(): boolean;
  error_msg(): string;
}

interface Decoder {
  GetEncodedGeometryType(bytes: Int8Array): number;
  DecodeArrayToMesh(bytes: Int8Array, length: number, mesh: Mesh): Status;
  DecodeArrayToPointCloud(bytes: Int8Array, length: number, points: Geometry): Status;
  GetAttributeByUniqueId(geometry: Geometry, id: number): Attribute;
  GetAttributeDataArrayForAllPoints(
    geometry: Geometry,
    attribute: Attribute,
    type: number,
    bytes: number,
    at: number,
  ): boolean;
  GetTrianglesUInt32Array(mesh: Mesh, bytes: number, at: number): boolean;
}

type Named = { readonly [Name in (typeof DATA_TYPES)[ComponentType]]: number };

/** What of Draco's module is used. */
interface Draco extends Named {
  readonly Decoder: new () => Decoder;
  readonly Mesh: new () => Mesh;
  readonly PointCloud: new () => Geometry;
  readonly TRIANGULAR_MESH: number;
  readonly POINT_CLOUD: number;
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(at: number): void;
  destroy(made: object): void;
}

/** Loads Draco. @returns decodes one mesh, which has to be what its job says, or throws */
export async function loadDraco(realm: DecoderRealm): Promise<(job: DracoJob) => DecodedMesh> {
  const start = await loadFactory(realm, realm.files.draco, 'DracoDecoderModule');
  const draco = await new Promise<Draco>((resolve, reject) => {
    // It resolves to something that is itself thenable, for ever: its callback is the way out.
    const onModuleLoaded = (module: unknown) => {
      if (isDraco(module)) resolve(module);
      else reject(new TypeError('Draco’s module has changed'));
    };
    start({ onModuleLoaded });
  });
  return (job) => decode(draco, job);
}

function decode(draco: Draco, job: DracoJob): DecodedMesh {
  const decoder = new draco.Decoder();
  const made: object[] = [decoder];
  try {
    const bytes = new Int8Array(job.bytes.buffer, job.bytes.byteOffset, job.bytes.byteLength);
    const type = decoder.GetEncodedGeometryType(bytes);
    if (type === draco.TRIANGULAR_MESH) {
      const mesh = new draco.Mesh();
      made.push(mesh);
      finish(decoder.DecodeArrayToMesh(bytes, bytes.length, mesh), mesh);
      checkCounts(job, mesh.num_points(), mesh.num_faces() * 3);
      const indices = job.indices === null ? null : readIndices(draco, decoder, mesh, job.indices);
      return { indices, attributes: readAttributes(draco, decoder, mesh, job) };
    }
    if (type !== draco.POINT_CLOUD) throw new DecodeFailed('a mesh or points of Draco', 'something else');
    const points = new draco.PointCloud();
    made.push(points);
    finish(decoder.DecodeArrayToPointCloud(bytes, bytes.length, points), points);
    checkCounts(job, points.num_points(), null);
    return { indices: null, attributes: readAttributes(draco, decoder, points, job) };
  } finally {
    for (const each of made) draco.destroy(each);
  }
}

function finish(status: Status, { ptr }: Geometry): void {
  if (!status.ok() || ptr === 0) throw new DecodeFailed('a mesh that Draco can read', status.error_msg());
}

// Before anything is copied out: what the file declares is what was counted when the model was checked.
function checkCounts(job: DracoJob, vertices: number, indices: number | null): void {
  if (vertices !== job.vertices) {
    throw new DecodeFailed(`${job.vertices} vertices, as its accessors say`, `${vertices}`);
  }
  if (job.indices !== null && job.indices !== indices) {
    throw new DecodeFailed(`${job.indices} indices, as its accessor says`, `${indices ?? 'none'}`);
  }
}

function readAttributes(
  draco: Draco,
  decoder: Decoder,
  geometry: Geometry,
  { attributes, vertices }: DracoJob,
): Uint8Array<ArrayBuffer>[] {
  return attributes.map((wanted) => {
    const attribute = decoder.GetAttributeByUniqueId(geometry, wanted.id);
    checkAttribute(attribute, wanted);
    const size = vertices * wanted.components * COMPONENT_BYTES[wanted.componentType];
    return copyOut(draco, size, (at) =>
      decoder.GetAttributeDataArrayForAllPoints(
        geometry,
        attribute,
        draco[DATA_TYPES[wanted.componentType]],
        size,
        at,
      ),
    );
  });
}

function checkAttribute(attribute: Attribute, { id, components }: DracoAttribute): void {
  if (attribute.ptr === 0) throw new DecodeFailed(`an attribute ${id} in the compressed mesh`, 'none');
  const found = attribute.num_components();
  if (found !== components)
    throw new DecodeFailed(`${components} numbers a vertex in attribute ${id}`, `${found}`);
}

function readIndices(draco: Draco, decoder: Decoder, mesh: Mesh, count: number): Uint32Array<ArrayBuffer> {
  const size = count * INDEX_BYTES;
  const bytes = copyOut(draco, size, (at) => decoder.GetTrianglesUInt32Array(mesh, size, at));
  return new Uint32Array(bytes.buffer);
}

function copyOut(draco: Draco, size: number, fill: (at: number) => boolean): Uint8Array<ArrayBuffer> {
  if (size > MAX_DECODED_PART_BYTES)
    throw new DecodeFailed(`at most ${MAX_DECODED_PART_BYTES} bytes`, 'more');
  const at = draco._malloc(size);
  if (at === 0) throw new DecodeFailed('a mesh that fits into the decoder’s memory', 'a larger one');
  try {
    if (!fill(at)) throw new DecodeFailed('an attribute that can be read', 'one that cannot');
    return new Uint8Array(draco.HEAPU8.slice(at, at + size));
  } finally {
    draco._free(at);
  }
}

function isDraco(value: unknown): value is Draco {
  return typeof value === 'object' && value !== null && 'Decoder' in value && 'HEAPU8' in value;
}
