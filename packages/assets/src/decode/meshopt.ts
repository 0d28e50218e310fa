import { DecodeFailed } from './decode-failed.ts';
import type { MeshoptJob } from './decode-job.ts';

/** Loads meshoptimizer's decoder. @returns decodes one bufferView, or throws */
export async function loadMeshopt(): Promise<(job: MeshoptJob) => Uint8Array<ArrayBuffer>> {
  const { MeshoptDecoder } = await import('three/examples/jsm/libs/meshopt_decoder.module.js');
  await MeshoptDecoder.ready;
  return ({ bytes, count, byteStride, mode, filter }) => {
    const target = new Uint8Array(count * byteStride);
    try {
      MeshoptDecoder.decodeGltfBuffer(target, count, byteStride, bytes, mode, filter);
    } catch (error) {
      // Its memory has ended, or it has found its input to be none.
      throw new DecodeFailed('data that meshoptimizer can read', String(error));
    }
    return target;
  };
}
