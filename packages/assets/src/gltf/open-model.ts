import { AssetError } from '../asset-error.ts';
import { checkModel, type GlbInfo } from './check-model.ts';
import { MAX_GLB_BYTES } from './container.ts';
import { joinParts, type Parts, partsOf, readDataPart, tooLarge } from './gather-parts.ts';
import type { GltfModel } from './gltf-model.ts';
import { besideInIpfs, type PartAddress } from './part-address.ts';
import { readModelFile } from './read-document.ts';

/** Parts of a model that are fetched at one time. */
export const MAX_CONCURRENT_PARTS = 4;

/** Fetches a part at an `mxc:` or `ipfs:` address. */
export type LoadPart = (
  address: string,
  options: { readonly maxBytes: number; readonly signal: AbortSignal },
) => Promise<Uint8Array>;

export interface OpenModelOptions {
  /** What people call it; default "the model". */
  readonly name?: string;
  /** Without it, a model that points anywhere but into itself is refused. */
  readonly load?: LoadPart;
  /** Where the model came from: in IPFS, the files of its directory are its own. */
  readonly from?: string;
  /** Files that were given together with it, by their paths beside it. */
  readonly files?: ReadonlyMap<string, Uint8Array>;
  readonly signal?: AbortSignal;
}

export interface OpenedModel {
  readonly model: GltfModel;
  readonly info: GlbInfo;
}

/**
 * Reads a GLB or a `.gltf` file with all that it points to, as one checked model. Every address is judged before the first is
 * asked for: one that is forbidden means that none is fetched.
 *
 * @throws AssetError `not-a-glb`, `malformed-glb`, `external-uri`, `too-large`; whatever `load` throws
 */
export async function openModel(bytes: Uint8Array, options: OpenModelOptions = {}): Promise<OpenedModel> {
  const { name = 'the model', signal = new AbortController().signal } = options;
  const what = `use ${name}`;
  const file = readModelFile(bytes, what);
  const places = new Map<string, Place>();
  for (const [uri, part] of partsOf(file, what, () => true)) places.set(uri, placeOf(part, options, what));
  const declared = (file.document.buffers ?? []).reduce((sum, { byteLength }) => sum + byteLength, 0);
  if (places.size > 0 && declared > MAX_GLB_BYTES) throw tooLarge(what);
  const parts = await gather(places, MAX_GLB_BYTES - bytes.length, what, signal);
  const model = joinParts(file, parts);
  return { model, info: checkModel(model, what) };
}

type Place =
  | { readonly bytes: Uint8Array }
  | { readonly text: string }
  | { readonly address: string; readonly load: LoadPart };

function placeOf(part: PartAddress, { load, from, files }: OpenModelOptions, what: string): Place {
  if (part.at === 'data') return { text: part.text };
  const given = part.at === 'file' ? files?.get(part.path) : undefined;
  if (given !== undefined) return { bytes: given };
  const address =
    part.at === 'address' ? part.text : from === undefined ? null : besideInIpfs(from, part.path);
  if (address !== null && load !== undefined) return { address, load };
  throw new AssetError('external-uri', {
    what,
    expected: 'a model whose parts come with it',
    got: `a reference to ${JSON.stringify(part.at === 'file' ? part.path : part.text)}`,
    hint: 'Give its files together, publish them as one directory in IPFS, or export it as one .glb file.',
  });
}

async function gather(
  places: ReadonlyMap<string, Place>,
  room: number,
  what: string,
  signal: AbortSignal,
): Promise<Parts> {
  const parts = new Map<string, Uint8Array>();
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  let left = room;
  const waiting = [...places];
  // What many fetch at once may each be all that is left; whoever comes too late is refused when it is there.
  async function work(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [uri, place] = next;
      const bytes = await bytesAt(place, left, what, either);
      left -= bytes.length;
      if (left < 0) throw tooLarge(what);
      parts.set(uri, bytes);
    }
  }
  try {
    await Promise.all(Array.from({ length: MAX_CONCURRENT_PARTS }, work));
  } catch (error) {
    failed.abort(error);
    throw error;
  }
  return parts;
}

async function bytesAt(place: Place, room: number, what: string, signal: AbortSignal): Promise<Uint8Array> {
  if ('bytes' in place) return place.bytes;
  if ('text' in place) return readDataPart(place.text, Math.max(0, room), what);
  signal.throwIfAborted();
  return place.load(place.address, { maxBytes: Math.max(0, room), signal });
}
