import {
  type BlobPointer,
  encodeLayer,
  isBlobSource,
  LAYER_SLOTS,
  MAX_BLOB_SOURCES,
  type Patch,
  writerKey,
} from '@weft/core';
import { BLOB_NAME, BLOB_TYPE } from '../blob/blob-file.ts';
import { BUNDLE_EVENT, LAYER_EVENT } from '../event-types.ts';
import type { Homeserver } from '../homeserver.ts';
import { type EventId, type RoomId, serverOf } from '../ids.ts';
import type { StateContent } from '../request.ts';
import type { RoomEvent } from '../room-event.ts';
import type { Timers } from '../timers.ts';
import { type Blanking, blankings, type CoveredBundle, type CoveringLayer } from './blanking.ts';
import type { BlobCopies } from './blob-copies.ts';

/** A layer of the room whose blob was read. */
export interface ReadLayer extends Omit<CoveringLayer, 'copies' | 'patch'> {
  readonly pointer: BlobPointer;
  readonly patch: Patch;
  readonly hash: string | null;
}

/** What the room's state holds, for the collector; `null` while anything of it cannot be read. */
export interface CollectedRoom {
  readonly layers: readonly ReadLayer[];
  /** Bundles of others that are not blank, inline or read. */
  readonly bundles: readonly (CoveredBundle & { readonly atMs: number })[];
  /** This user's layer slots that hold nothing. */
  readonly freeLayerSlots: readonly number[];
}

export interface CollectorPorts {
  readonly homeserver: Pick<Homeserver, 'upload' | 'sendState' | 'readEvent' | 'userId'>;
  readonly room: RoomId;
  readonly timers: Timers;
  readonly copies: BlobCopies;
  readonly look: () => CollectedRoom | null;
  /** Has a layer of everything written. */
  readonly checkpoint: () => Promise<void>;
  /** Joins what an event says, which was thought to be covered. */
  readonly rejoin: (event: RoomEvent) => void;
  /** An event was sent: it took from the allowance of this user. */
  readonly spent: () => void;
  readonly problem: (reason: string, error: Error) => void;
}

/** Between two rounds: what is collected has stood for a day already. */
export const ROUND_MS = 60 * 60_000;
/** A bundle that was left alone for so long is worth a layer. */
const REST_MS = 24 * 60 * 60_000;
/** Others' bundles that one round blanks at most: a mistake shows before it is large. */
export const MAX_BLANKINGS_A_ROUND = 10;

/**
 * Keeps the room's state small without losing any of it: has a layer written where others' bundles have come to rest,
 * puts a second copy of a layer on this user's own server, and blanks the bundles that are covered for good. For
 * stewards who run as guardians.
 */
export class Collector {
  readonly #ports: CollectorPorts;
  readonly #abort = new AbortController();
  #lastMs = Number.NEGATIVE_INFINITY;
  #busy = false;

  constructor(ports: CollectorPorts) {
    this.#ports = ports;
  }

  /**
   * The whole state was read just now. Does nothing where a round was within the hour, or while anything cannot be read.
   * Never rejects.
   */
  async round(): Promise<void> {
    const { timers, look, problem } = this.#ports;
    const room = look();
    if (room === null || this.#busy || timers.now() - this.#lastMs < ROUND_MS) return;
    this.#busy = true;
    this.#lastMs = timers.now();
    try {
      await this.#collect(room);
    } catch (error) {
      const cause = error instanceof Error ? error : new Error(String(error));
      if (!this.#abort.signal.aborted) problem(`It could not be tidied up: ${cause.message}`, cause);
    } finally {
      this.#busy = false;
    }
  }

  stop(): void {
    this.#abort.abort();
  }

  async #collect({ layers, bundles, freeLayerSlots }: CollectedRoom): Promise<void> {
    const { timers, checkpoint } = this.#ports;
    const nowMs = timers.now();
    const seen: CoveringLayer[] = [];
    for (const layer of layers) {
      const origins = await this.#ports.copies.origins(layer.pointer, nowMs, this.#abort.signal);
      seen.push({ ...layer, copies: origins.size });
      const [slot] = freeLayerSlots;
      if (slot !== undefined && origins.size === 1 && !origins.has(this.#ownOrigin)) {
        await this.#copy(layer, slot);
        return;
      }
    }
    const due = blankings(seen, bundles, nowMs).slice(0, MAX_BLANKINGS_A_ROUND);
    for (const blanking of due) await this.#blank(blanking);
    const isUncovered = ({ event, stateKey, atMs }: CollectedRoom['bundles'][number]) =>
      nowMs - atMs >= REST_MS && !layers.some(({ covers }) => covers.get(keyOf(stateKey)) === event);
    if (due.length === 0 && bundles.some(isUncovered)) await checkpoint();
  }

  /** A layer that exists on one server is all that there is of it; from now on this user's server holds it, too. */
  async #copy({ pointer, hash, covers }: ReadLayer, slot: number): Promise<void> {
    const { homeserver, copies } = this.#ports;
    const { signal } = this.#abort;
    const file = await copies.file(pointer, signal);
    if (file === null || hash === null) return;
    const own = await homeserver.upload(file, { name: BLOB_NAME, type: BLOB_TYPE, signal });
    if (!isBlobSource(own)) return;
    const sources = [own, ...pointer.sources].slice(0, MAX_BLOB_SOURCES);
    const encoded = encodeLayer({ blob: { ...pointer, sources }, hash, covers });
    const stateKey = writerKey(homeserver.userId, slot, LAYER_SLOTS);
    if (encoded.fits) await this.#send({ type: LAYER_EVENT, stateKey, content: encoded.content });
  }

  /** What took the place of the covered event meanwhile was blanked unseen: it is brought back. */
  async #blank({ type, stateKey, covered }: Blanking): Promise<void> {
    const { homeserver, room, rejoin } = this.#ports;
    const { signal } = this.#abort;
    const sent = await this.#send({ type, stateKey, content: {} });
    const replaced = (await homeserver.readEvent(room, sent, { signal }))?.replaces ?? null;
    if (replaced === null || replaced === covered) return;
    const unseen = await homeserver.readEvent(room, replaced, { signal });
    if (unseen !== null) rejoin(unseen);
  }

  async #send(state: StateContent): Promise<EventId> {
    const { homeserver, room, spent } = this.#ports;
    spent();
    return homeserver.sendState(room, state, { signal: this.#abort.signal });
  }

  get #ownOrigin(): string {
    return `mxc:${serverOf(this.#ports.homeserver.userId)}`;
  }
}

function keyOf(stateKey: string): string {
  return `${BUNDLE_EVENT} ${stateKey}`;
}
