import type { AssetErrorDetails } from '../asset-error.ts';

/** What a decoder may hold in all: the three below together. */
export const MAX_DECODER_BYTES = 256 * 1024 * 1024;
/** The memory of a decoder's WebAssembly module; the engine lets it grow no further. */
export const MAX_DECODER_WASM_BYTES = 144 * 1024 * 1024;
/** One compressed part of a model: a mesh, a stretch of a buffer, a texture. */
export const MAX_ENCODED_BYTES = 24 * 1024 * 1024;
/** What one part may become. */
export const MAX_DECODED_PART_BYTES = 88 * 1024 * 1024;

/** How long one part may take before its thread is killed. */
export const DECODE_DEADLINE_MS = 2_000;
/** How long all parts of one model may take together. */
export const MODEL_DECODE_MS = 20_000;

/** glTF's `componentType` of what comes out. */
export type ComponentType = 5120 | 5121 | 5122 | 5123 | 5125 | 5126;

export interface DracoAttribute {
  /** The unique id within the compressed mesh. */
  readonly id: number;
  readonly componentType: ComponentType;
  /** Numbers a vertex. */
  readonly components: number;
}

/** KHR_draco_mesh_compression: one mesh. What it holds must be what was declared. */
export interface DracoJob {
  readonly kind: 'draco';
  readonly bytes: Uint8Array;
  readonly vertices: number;
  /** `null` for points, and for triangles without an index. */
  readonly indices: number | null;
  readonly attributes: readonly DracoAttribute[];
}

/** EXT_meshopt_compression: one bufferView. */
export interface MeshoptJob {
  readonly kind: 'meshopt';
  readonly bytes: Uint8Array;
  readonly count: number;
  readonly byteStride: number;
  readonly mode: 'ATTRIBUTES' | 'TRIANGLES' | 'INDICES';
  readonly filter: 'NONE' | 'OCTAHEDRAL' | 'QUATERNION' | 'EXPONENTIAL' | 'COLOR';
}

/** What a texture of Basis Universal can become; `rgba` everywhere, the others where the GPU takes them. */
export type TextureTarget = 'astc' | 'bc7' | 'bc3' | 'etc2' | 'rgba';

/** KHR_texture_basisu: one KTX2 file, its header checked. */
export interface TextureJob {
  readonly kind: 'ktx2';
  readonly bytes: Uint8Array;
  readonly target: TextureTarget;
}

export type DecodeJob = DracoJob | MeshoptJob | TextureJob;

export interface DecodedMesh {
  /** Of 32 bits each; `null` where the job wants none. */
  readonly indices: Uint32Array<ArrayBuffer> | null;
  /** In the order of the job, tightly packed. */
  readonly attributes: readonly Uint8Array<ArrayBuffer>[];
}

export interface DecodedTexture {
  readonly target: TextureTarget;
  readonly hasAlpha: boolean;
  /** The largest first. */
  readonly levels: readonly TextureLevel[];
}

export interface TextureLevel {
  readonly data: Uint8Array<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
}

/** What a job becomes. */
export interface Decoded {
  readonly draco: DecodedMesh;
  readonly meshopt: Uint8Array<ArrayBuffer>;
  readonly ktx2: DecodedTexture;
}

/** Why a part was not decoded: the middle of an `AssetError`. */
export type DecodeFailure = Pick<AssetErrorDetails, 'expected' | 'got'>;

/** A job, and the number by which it is answered. */
export interface DecodeRequest {
  readonly id: number;
  readonly job: DecodeJob;
}

/** `begun` once the code is loaded: from then on the deadline runs. */
export type DecodeAnswer =
  | { readonly id: number; readonly state: 'begun' }
  | { readonly id: number; readonly state: 'done'; readonly value: Decoded[DecodeJob['kind']] }
  | {
      readonly id: number;
      readonly state: 'failed';
      readonly failure: DecodeFailure;
      /** The thread is to be replaced. */
      readonly isBroken: boolean;
    };
