import { AssetError } from '../asset-error.ts';
import type { Decoder } from '../decode/decoder.ts';
import { MAX_GLB_BYTES } from '../gltf/container.ts';
import { checkGlb } from '../gltf/glb.ts';
import { undoDraco } from '../gltf/undo-draco.ts';
import { keptExtensions } from '../publish/optimise/model-io.ts';
import type { AssetRef } from '../reference/asset-ref.ts';
import { type ExportPorts, MAX_CONCURRENT_LOADS } from './export-source.ts';
import type { LoadedModel } from './gathered-scene.ts';

/** One file, however many objects refer to it. */
export function modelKey({ sha256, src }: AssetRef): string {
  return sha256 ?? src;
}

/**
 * Loads each model once, a few at a time. What cannot be had has a reason.
 * @throws AssetError `too-large` where they are more than one file may hold, `aborted`
 */
export async function loadModels(
  ports: Pick<ExportPorts, 'load'>,
  refs: ReadonlyMap<string, AssetRef>,
  signal: AbortSignal,
  onLoaded: () => void,
): Promise<ReadonlyMap<string, LoadedModel>> {
  const loaded = new Map<string, LoadedModel>();
  const waiting = [...refs];
  let bytes = 0;
  async function work(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      signal.throwIfAborted();
      const [key, ref] = next;
      const model = await loadOne(ports, ref, signal);
      if ('glb' in model) bytes += model.glb.length;
      if (bytes > MAX_GLB_BYTES) throw tooLarge();
      loaded.set(key, model);
      onLoaded();
    }
  }
  await Promise.all(Array.from({ length: MAX_CONCURRENT_LOADS }, work));
  return loaded;
}

async function loadOne(
  { load }: Pick<ExportPorts, 'load'>,
  ref: AssetRef,
  signal: AbortSignal,
): Promise<LoadedModel> {
  try {
    return { glb: await load(ref, { signal }) };
  } catch (error) {
    signal.throwIfAborted();
    return whyNot(error);
  }
}

/**
 * Models as they are put in: checked, and what Draco compressed as what it was made of. What is broken, or cannot be taken in
 * without loss, has a reason.
 * @throws AssetError `too-large` where they have become more than one file may hold
 */
export async function plainModels(
  models: ReadonlyMap<string, LoadedModel>,
  decoder: Pick<Decoder, 'forModel'> | undefined,
): Promise<ReadonlyMap<string, LoadedModel>> {
  const plain = new Map<string, LoadedModel>();
  let bytes = 0;
  for (const [key, model] of models) {
    const made = 'why' in model ? model : await plainModel(model.glb, decoder).catch(whyNot);
    if ('glb' in made) bytes += made.glb.length;
    if (bytes > MAX_GLB_BYTES) throw tooLarge();
    plain.set(key, made);
  }
  return plain;
}

async function plainModel(
  file: Uint8Array,
  decoder: Pick<Decoder, 'forModel'> | undefined,
): Promise<LoadedModel> {
  checkGlb(file);
  const glb = decoder === undefined ? file : await undoDraco(file, decoder, 'write one GLB');
  const { extensionsRequired } = checkGlb(glb);
  const kept = await keptExtensions();
  const lost = extensionsRequired.find((name) => !kept.has(name));
  return lost === undefined ? { glb } : { why: `it needs ${lost}, which is not taken in` };
}

function whyNot(error: unknown): LoadedModel {
  return { why: error instanceof Error ? error.message : String(error) };
}

export function tooLarge(): AssetError {
  return new AssetError('too-large', {
    what: 'write one GLB',
    expected: `models of at most ${MAX_GLB_BYTES} bytes together`,
    got: 'more',
    hint: 'Export parts of the world, one object with what hangs from it at a time.',
  });
}
