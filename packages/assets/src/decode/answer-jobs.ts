import { loadBasis } from './basis.ts';
import { DecodeFailed } from './decode-failed.ts';
import {
  type DecodeAnswer,
  type Decoded,
  type DecodeJob,
  type DecodeRequest,
  MAX_DECODER_WASM_BYTES,
} from './decode-job.ts';
import { loadDraco } from './draco.ts';
import { limitMemory } from './limit-memory.ts';
import type { DecoderRealm } from './load-module.ts';
import { loadMeshopt } from './meshopt.ts';

type Send = (answer: DecodeAnswer, handOver: readonly ArrayBuffer[]) => void;

/**
 * What a decoder's thread does: each job in turn, its code loaded with the first of its kind. From here on no WebAssembly
 * module of this thread has a memory beyond `MAX_DECODER_WASM_BYTES`.
 *
 * @returns takes a request; one at a time
 */
export function answerJobs(realm: DecoderRealm, send: Send): (request: DecodeRequest) => Promise<void> {
  limitModules();
  let draco: ReturnType<typeof loadDraco> | null = null;
  let meshopt: ReturnType<typeof loadMeshopt> | null = null;
  let basis: ReturnType<typeof loadBasis> | null = null;

  async function prepare(job: DecodeJob): Promise<() => Decoded[DecodeJob['kind']]> {
    switch (job.kind) {
      case 'draco': {
        draco ??= loadDraco(realm);
        const decode = await draco;
        return () => decode(job);
      }
      case 'meshopt': {
        meshopt ??= loadMeshopt();
        const decode = await meshopt;
        return () => decode(job);
      }
      case 'ktx2': {
        basis ??= loadBasis(realm);
        const decode = await basis;
        return () => decode(job);
      }
    }
  }

  return async ({ id, job }) => {
    try {
      const decode = await prepare(job);
      send({ id, state: 'begun' }, []);
      const value = decode();
      send({ id, state: 'done', value }, buffersOf(value));
    } catch (error) {
      const known = error instanceof DecodeFailed;
      const failure = known
        ? { expected: error.expected, got: error.got }
        : {
            expected: 'a part that can be decoded',
            got: `one at which its decoder failed (${String(error)})`,
          };
      // A module that was aborted, or that has no memory left, is of no use to the next job.
      send({ id, state: 'failed', failure, isBroken: !known }, []);
    }
  };
}

// Decoders start their modules in ways of their own, and all of them end here.
function limitModules(): void {
  const { instantiate } = WebAssembly;
  const limited = (source: BufferSource | WebAssembly.Module, imports?: WebAssembly.Imports) => {
    if (source instanceof WebAssembly.Module)
      throw new TypeError('modules are started from their bytes here');
    const bytes = ArrayBuffer.isView(source)
      ? new Uint8Array(source.buffer, source.byteOffset, source.byteLength)
      : new Uint8Array(source);
    return instantiate(limitMemory(bytes, MAX_DECODER_WASM_BYTES), imports);
  };
  Object.defineProperty(WebAssembly, 'instantiate', { value: limited });
  // Without it everybody takes the way above.
  Object.defineProperty(WebAssembly, 'instantiateStreaming', { value: undefined });
}

function buffersOf(value: Decoded[DecodeJob['kind']]): ArrayBuffer[] {
  if (value instanceof Uint8Array) return [value.buffer];
  if ('levels' in value) return value.levels.map(({ data }) => data.buffer);
  const buffers = value.attributes.map(({ buffer }) => buffer);
  return value.indices === null ? buffers : [...buffers, value.indices.buffer];
}
