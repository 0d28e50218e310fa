import Type from 'typebox';

// glTF 2.0, section 5 "Properties Reference": the part that decides what a file costs and where it reaches.
// Every list is bounded, so that a few bytes of JSON cannot make a viewer allocate or draw without end.
const MAX_NODES = 65_536;
const MAX_MESHES = 16_384;
const MAX_PRIMITIVES_PER_MESH = 1_024;
const MAX_ATTRIBUTES_PER_PRIMITIVE = 64;
const MAX_MORPH_TARGETS = 256;
const MAX_ACCESSORS = 131_072;
const MAX_BUFFER_VIEWS = 131_072;
const MAX_BUFFERS = 64;
const MAX_IMAGES = 1_024;
const MAX_TEXTURES = 4_096;
const MAX_MATERIALS = 8_192;
const MAX_ANIMATIONS = 1_024;
const MAX_SKINS = 1_024;
const MAX_SCENES = 256;
const MAX_EXTENSIONS = 64;
const MAX_URI_CHARACTERS = 100 * 1024 * 1024;

const index = Type.Integer({ minimum: 0, maximum: 2 ** 31 - 1 });
const count = Type.Integer({ minimum: 0, maximum: 2 ** 32 });
const numbers = (length: number) => Type.Array(Type.Number(), { minItems: length, maxItems: length });
const list = <T extends Type.TSchema>(item: T, maxItems: number) =>
  Type.Optional(Type.Array(item, { maxItems }));
const uri = Type.Optional(Type.String({ maxLength: MAX_URI_CHARACTERS }));
const attributes = Type.Record(Type.String(), index, { maxProperties: MAX_ATTRIBUTES_PER_PRIMITIVE });
const extensions = <T extends Type.TProperties>(known: T) => Type.Optional(Type.Object(known));

// EXT_meshopt_compression and KHR_meshopt_compression, which say the same.
const Meshopt = Type.Object({
  buffer: index,
  byteOffset: Type.Optional(count),
  byteLength: Type.Integer({ minimum: 1, maximum: 2 ** 32 }),
  byteStride: Type.Integer({ minimum: 1, maximum: 256 }),
  count: Type.Integer({ minimum: 1, maximum: 2 ** 32 }),
  mode: Type.Enum(['ATTRIBUTES', 'TRIANGLES', 'INDICES']),
  filter: Type.Optional(Type.Enum(['NONE', 'OCTAHEDRAL', 'QUATERNION', 'EXPONENTIAL', 'COLOR'])),
});
const MeshoptBuffer = Type.Object({ fallback: Type.Optional(Type.Boolean()) });

const Node = Type.Object({
  children: list(index, MAX_NODES),
  mesh: Type.Optional(index),
  matrix: Type.Optional(numbers(16)),
  translation: Type.Optional(numbers(3)),
  rotation: Type.Optional(numbers(4)),
  scale: Type.Optional(numbers(3)),
  extensions: extensions({ EXT_mesh_gpu_instancing: Type.Optional(Type.Object({ attributes })) }),
});

const Primitive = Type.Object({
  attributes,
  indices: Type.Optional(index),
  targets: list(attributes, MAX_MORPH_TARGETS),
  mode: Type.Optional(Type.Integer({ minimum: 0, maximum: 6 })),
  extensions: extensions({
    KHR_draco_mesh_compression: Type.Optional(Type.Object({ bufferView: index, attributes })),
  }),
});

const Accessor = Type.Object({
  bufferView: Type.Optional(index),
  byteOffset: Type.Optional(count),
  componentType: Type.Enum([5120, 5121, 5122, 5123, 5125, 5126]),
  normalized: Type.Optional(Type.Boolean()),
  count: Type.Integer({ minimum: 1, maximum: 2 ** 32 }),
  type: Type.Enum(['SCALAR', 'VEC2', 'VEC3', 'VEC4', 'MAT2', 'MAT3', 'MAT4']),
  min: Type.Optional(Type.Array(Type.Number(), { maxItems: 16 })),
  max: Type.Optional(Type.Array(Type.Number(), { maxItems: 16 })),
  sparse: Type.Optional(
    Type.Object({
      count: Type.Integer({ minimum: 1, maximum: 2 ** 32 }),
      indices: Type.Object({
        bufferView: index,
        byteOffset: Type.Optional(count),
        componentType: Type.Enum([5121, 5123, 5125]),
      }),
      values: Type.Object({ bufferView: index, byteOffset: Type.Optional(count) }),
    }),
  ),
});

const BufferView = Type.Object({
  buffer: index,
  byteOffset: Type.Optional(count),
  byteLength: Type.Integer({ minimum: 1, maximum: 2 ** 32 }),
  byteStride: Type.Optional(Type.Integer({ minimum: 4, maximum: 252 })),
  extensions: extensions({
    EXT_meshopt_compression: Type.Optional(Meshopt),
    KHR_meshopt_compression: Type.Optional(Meshopt),
  }),
});

const Buffer = Type.Object({
  uri,
  byteLength: count,
  extensions: extensions({
    EXT_meshopt_compression: Type.Optional(MeshoptBuffer),
    KHR_meshopt_compression: Type.Optional(MeshoptBuffer),
  }),
});

const Image = Type.Object({
  uri,
  bufferView: Type.Optional(index),
  mimeType: Type.Optional(Type.String({ maxLength: 256 })),
});

const Texture = Type.Object({
  source: Type.Optional(index),
  extensions: extensions({ KHR_texture_basisu: Type.Optional(Type.Object({ source: index })) }),
});

export const GltfDocument = Type.Object({
  asset: Type.Object({ version: Type.String({ pattern: '^2\\.' }) }),
  scene: Type.Optional(index),
  scenes: list(Type.Object({ nodes: list(index, MAX_NODES) }), MAX_SCENES),
  nodes: list(Node, MAX_NODES),
  meshes: list(
    Type.Object({
      primitives: Type.Array(Primitive, { minItems: 1, maxItems: MAX_PRIMITIVES_PER_MESH }),
    }),
    MAX_MESHES,
  ),
  accessors: list(Accessor, MAX_ACCESSORS),
  bufferViews: list(BufferView, MAX_BUFFER_VIEWS),
  buffers: list(Buffer, MAX_BUFFERS),
  images: list(Image, MAX_IMAGES),
  textures: list(Texture, MAX_TEXTURES),
  materials: list(Type.Object({}), MAX_MATERIALS),
  animations: list(Type.Object({}), MAX_ANIMATIONS),
  skins: list(Type.Object({}), MAX_SKINS),
  extensionsUsed: list(Type.String({ maxLength: 256 }), MAX_EXTENSIONS),
  extensionsRequired: list(Type.String({ maxLength: 256 }), MAX_EXTENSIONS),
});

export type GltfDocument = Type.Static<typeof GltfDocument>;
export type GltfNode = Type.Static<typeof Node>;
export type GltfAccessor = Type.Static<typeof Accessor>;
export type GltfBufferView = Type.Static<typeof BufferView>;
export type GltfPrimitive = Type.Static<typeof Primitive>;
export type MeshoptView = Type.Static<typeof Meshopt>;

/** How a bufferView is compressed; `null` where it is not. */
export function meshoptOf({ extensions }: GltfBufferView): MeshoptView | null {
  return extensions?.KHR_meshopt_compression ?? extensions?.EXT_meshopt_compression ?? null;
}
