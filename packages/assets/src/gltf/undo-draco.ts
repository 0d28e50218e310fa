import type { Decoder } from '../decode/decoder.ts';
import { elementBytes } from './accessor-bytes.ts';
import { MAX_GLB_BYTES } from './container.ts';
import type { GltfDocument } from './document.ts';
import { tooLarge } from './gather-parts.ts';
import { openModel } from './open-model.ts';
import { packModel } from './pack-model.ts';
import { unpackModel } from './unpack-model.ts';

/** Whether any of its meshes is compressed by KHR_draco_mesh_compression, declared or not. */
export function usesDraco({ meshes = [] }: GltfDocument): boolean {
  return meshes.some(({ primitives }) =>
    primitives.some(({ extensions }) => extensions?.KHR_draco_mesh_compression !== undefined),
  );
}

/**
 * A GLB with Draco's meshes as the plain ones that they were made of; another as it is.
 *
 * @param what is done with it, as the start of a sentence: "use chair.glb"
 * @throws AssetError as `openModel` and the decoder do; `too-large` where it would become more than a model may be
 */
export async function undoDraco(
  glb: Uint8Array,
  decoder: Pick<Decoder, 'forModel'>,
  what: string,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const { model } = await openModel(glb);
  if (!usesDraco(model.document)) return glb;
  const becomes = (model.document.accessors ?? [])
    .filter(({ bufferView }) => bufferView === undefined)
    .reduce((sum, accessor) => sum + elementBytes(accessor) * accessor.count, 0);
  if (becomes > MAX_GLB_BYTES) throw tooLarge(what);
  return packModel(await unpackModel(model, decoder.forModel(what, signal)));
}
