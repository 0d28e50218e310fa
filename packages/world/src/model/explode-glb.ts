import {
  type AssetSink,
  type ExplodedModel,
  meshOf,
  type PublishProgress,
  type StoredFile,
} from '@weft/assets';
import { type EditDraft, type ObjectId, ROOT } from '@weft/core';
import type { Edit } from '../edits.ts';
import type { CheckedEdit } from '../world-options.ts';

export interface ExplodeGlbOptions {
  /** Given it or a position, all hangs from one new object of this name; else the file's top nodes hang from the parent. */
  readonly name?: string;
  /** The object it hangs from; default the top of the world. */
  readonly parent?: ObjectId;
  /** In its parent, in metres. */
  readonly position?: readonly [number, number, number];
  readonly signal?: AbortSignal;
  /** Told as the files of its meshes are written, in memory. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface StoreExplodedOptions {
  readonly signal?: AbortSignal;
  /** Told as files are stored. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** A model that was taken apart and tried out: what adding it would do, and how to do it. Nothing is stored yet. */
export interface ExplodedImport {
  readonly objects: number;
  /** Files that will be stored; equal ones are one. */
  readonly files: number;
  readonly bytes: number;
  /** What will not be as it is in the file, as sentences. */
  readonly notes: readonly string[];
  /** What saving the objects will cost, as `World.check` says. */
  readonly cost: CheckedEdit<unknown>['cost'];
  /**
   * Stores the files, then adds the objects: one edit, one step of undo. Where a file cannot be stored nothing is added.
   * @throws AssetError `not-stored`, `aborted`; and what `edit` throws
   */
  commit(options?: StoreExplodedOptions): Promise<Edit<readonly ObjectId[]>>;
}

/** What exploding needs of a world. */
export interface ExplodeTarget {
  check(fn: (draft: EditDraft) => readonly ObjectId[]): Pick<CheckedEdit<unknown>, 'cost'>;
  edit(name: string, fn: (draft: EditDraft) => readonly ObjectId[]): Edit<readonly ObjectId[]>;
  readonly sinks: readonly AssetSink[];
}

/** Files stored at one time. */
const CONCURRENT_STORES = 3;

export async function explodeGlb(
  world: ExplodeTarget,
  bytes: Uint8Array,
  options: ExplodeGlbOptions,
): Promise<ExplodedImport> {
  const {
    name,
    parent = ROOT,
    signal = new AbortController().signal,
    onProgress = () => undefined,
  } = options;
  // Whoever may not add here need not wait for the parts.
  world.check((draft) => [draft.add({ parent })]);
  const { openWorkshop } = await import('@weft/assets/publish');
  const exploded = await openWorkshop().explode(bytes, name, { signal, onProgress });
  const files = filesOf(exploded);
  const place = (stored: readonly StoredFile[]) => (draft: EditDraft) =>
    addAll(draft, exploded, stored, options);
  const unstored = files.of.map((at) => ({
    ...(files.all[at] ?? NOTHING),
    src: 'mxc://weft.invalid/upload',
    alt: [],
  }));
  const { cost } = world.check(place(unstored));
  return {
    objects: exploded.objects.length,
    files: files.all.length,
    bytes: files.all.reduce((sum, file) => sum + file.bytes, 0),
    notes: exploded.notes,
    cost,
    async commit(how = {}) {
      const stored = await storeAll(world.sinks.slice(0, 1), files.all, how);
      const shown = files.of.map((at) => stored[at] ?? NOTHING);
      return world.edit(`import ${name ?? 'a model'}`, place(shown));
    },
  };
}

/** A file to be stored, once. */
type ToStore = Omit<StoredFile, 'src' | 'alt'> & { readonly glb: Uint8Array; readonly name: string };
const NOTHING: StoredFile = { src: '', alt: [], sha256: '', bytes: 0, bounds: null, thumbnail: null };

/** `of`: for each mesh the index of its file. */
function filesOf({ meshes }: ExplodedModel): {
  readonly all: readonly ToStore[];
  readonly of: readonly number[];
} {
  const places = new Map<string, number>();
  const all: ToStore[] = [];
  const of: number[] = [];
  for (const { glb, name, bounds, sha256 } of meshes) {
    const known = places.get(sha256);
    if (known === undefined) {
      places.set(sha256, all.length);
      all.push({ glb, name, bounds, sha256, bytes: glb.length, thumbnail: null });
    }
    of.push(known ?? all.length - 1);
  }
  return { all, of };
}

async function storeAll(
  sinks: readonly AssetSink[],
  files: readonly ToStore[],
  { signal = new AbortController().signal, onProgress }: StoreExplodedOptions,
): Promise<readonly StoredFile[]> {
  const { storeInAll } = await import('@weft/assets/models');
  const stored: StoredFile[] = [];
  const waiting = [...files.entries()];
  let done = 0;
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);
  async function work(): Promise<void> {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [at, { glb, name, ...file }] = next;
      const { src, alt } = await storeInAll(sinks, glb, {
        ...{ name: `${name}.glb`, type: 'model/gltf-binary', what: `store ${name}`, signal: either },
        onProgress: NOBODY,
      });
      stored[at] = { ...file, src, alt };
      done += 1;
      onProgress?.(done, files.length);
    }
  }
  try {
    await Promise.all(Array.from({ length: CONCURRENT_STORES }, work));
  } catch (error) {
    failed.abort(error);
    throw error;
  }
  return stored;
}

const NOBODY = (_: PublishProgress) => undefined;

/** @returns the objects at the top of what was added */
function addAll(
  draft: EditDraft,
  { objects }: ExplodedModel,
  stored: readonly StoredFile[],
  { name, parent = ROOT, position }: ExplodeGlbOptions,
): readonly ObjectId[] {
  const isGrouped = name !== undefined || position !== undefined;
  const group = isGrouped
    ? draft.add({
        parent,
        node: { name: name ?? 'Model' },
        ...(position === undefined ? {} : { transform: { position } }),
      })
    : null;
  const ids: ObjectId[] = [];
  const tops: ObjectId[] = [];
  for (const { parent: above, components, mesh } of objects) {
    const file = mesh === null ? undefined : stored[mesh];
    const id = draft.add({
      parent: above === null ? (group ?? parent) : (ids[above] ?? parent),
      ...components,
      ...(file === undefined ? {} : { mesh: meshOf(file) }),
    });
    ids.push(id);
    if (above === null) tops.push(id);
  }
  return group === null ? tops : [group];
}
