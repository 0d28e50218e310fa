import {
  type ActorId,
  encodePatch,
  type ObjectId,
  patchOf,
  type RegisterEntry,
  type UserId,
} from '@weft/core';
import { encodeFrame, MAX_SNAPSHOT_CHUNK_BYTES, type WirePatch } from '@weft/protocol';
import type { LaneWorld } from './lane-world.ts';
import { patchParts } from './patch-parts.ts';

/** So many objects may change before the file is made anew; in a large world one in sixteen. */
export const STALE_OBJECTS = 32;
const STALE_PART = 1 / 16;

/** The room's part of a world as frames that every newcomer can share. */
export interface Snapshot {
  /** Of the file. */
  readonly bytes: number;
  readonly objects: number;
  readonly messages: readonly Uint8Array[];
  /** What came into the room since it was made. */
  readonly since: readonly WirePatch[];
}

interface File extends Omit<Snapshot, 'since'> {
  readonly setHash: string;
}

/**
 * Encodes the base, which costs some 10 µs an object, and again only when much of it has changed: what changed since goes along
 * as patches.
 */
export class SnapshotFile {
  readonly #world: LaneWorld;
  #file: File | null = null;
  /** Objects of which the base may say more than the file. */
  #touched = new Set<ObjectId>();
  #since: { readonly setHash: string; readonly wires: readonly WirePatch[] } | null = null;

  constructor(world: LaneWorld) {
    this.#world = world;
  }

  /** Something of these changed, in the room or on the lane. */
  touch(ids: Iterable<ObjectId>): void {
    if (this.#file === null) return;
    for (const id of ids) this.#touched.add(id);
  }

  /** What the file holds may be said to nobody any more. */
  forget(): void {
    this.#file = null;
    this.#since = null;
  }

  get(): Snapshot {
    const file = this.#fresh();
    return { ...file, since: this.#sinceOf(file) };
  }

  #fresh(): File {
    const last = this.#file;
    const stale = Math.max(STALE_OBJECTS, (last?.objects ?? 0) * STALE_PART);
    if (last !== null && this.#touched.size <= stale) return last;
    const { replica } = this.#world;
    const base = replica.basePatch();
    const bytes = encodePatch(base);
    const count = Math.max(1, Math.ceil(bytes.length / MAX_SNAPSHOT_CHUNK_BYTES));
    const messages = Array.from({ length: count }, (_, index) => {
      const start = index * MAX_SNAPSHOT_CHUNK_BYTES;
      const part = bytes.subarray(start, start + MAX_SNAPSHOT_CHUNK_BYTES);
      return encodeFrame({ type: 'snapshot', index, count, bytes: part });
    });
    // What the lane says and the room does not hold yet may come into the room without anything to see.
    this.#touched = new Set([...replica.livePatch().objects.keys(), ...replica.dirty().keys()]);
    this.#since = null;
    this.#file = { setHash: replica.setHash(), bytes: bytes.length, objects: base.objects.size, messages };
    return this.#file;
  }

  #sinceOf(file: File): readonly WirePatch[] {
    const setHash = this.#world.replica.setHash();
    if (setHash === file.setHash) return [];
    if (this.#since?.setHash !== setHash) this.#since = { setHash, wires: this.#changed() };
    return this.#since.wires;
  }

  #changed(): WirePatch[] {
    const { replica } = this.#world;
    const registers: RegisterEntry[] = [];
    const actors = new Map<ActorId, ReadonlySet<UserId>>();
    for (const id of this.#touched)
      for (const [path, register] of replica.base.get(id) ?? []) {
        const { actor } = register.stamp;
        registers.push({ id, path, register });
        if (!actors.has(actor)) actors.set(actor, replica.usersOf(actor));
      }
    return patchParts(patchOf({ registers, actors })).map(({ wire }) => wire);
  }
}
