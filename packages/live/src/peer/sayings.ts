import { entriesOf, join, type ObjectRegisters, type Patch, patchOf } from '@weft/core';
import { MAX_PEER_PATCH_BYTES } from '@weft/protocol';
import { without } from '../lane/patches.ts';
import { splitPatch } from '../lane/split-patch.ts';
import type { PeerPart } from './outgoing.ts';
import type { Peer } from './peer.ts';

/** Own registers that the room refused and that newcomers are told of; of more the oldest are let go. */
export const MAX_PEER_RETRACTIONS = 1_024;

/** What this client says to all its peers alike: own edits, put together while nothing may be sent, and what the room refused of them. */
export class Sayings {
  /** What nobody was told of yet. */
  #unsaid: Patch = patchOf({});
  #retracted: Patch = patchOf({});

  add(patch: Patch): void {
    this.#unsaid = join(this.#unsaid, patch);
  }

  /** The room refused these. */
  retract(registers: ObjectRegisters, peers: readonly Peer[]): void {
    const entries = [...registers].flatMap(([id, paths]) =>
      Array.from(paths, ([path, register]) => ({ id, path, register })),
    );
    const patch = patchOf({ registers: entries });
    this.#retracted = patchOf({
      registers: [...entriesOf(join(this.#retracted, patch))].slice(-MAX_PEER_RETRACTIONS),
    });
    this.#unsaid = without(this.#unsaid, [patch]);
    const parts = partsOf('retract', patch);
    for (const { outgoing } of peers) {
      // What waits may hold what is taken back; all that is said anew begins with it.
      if (outgoing.hasParts) outgoing.tellAll();
      else for (const part of parts) outgoing.add(part);
    }
  }

  /** Nobody is to be told of what waits. */
  clear(): void {
    this.#unsaid = patchOf({});
  }

  /**
   * Gives each peer what it is to be told; written once for all of them.
   *
   * @param own what this client wrote and the room does not hold
   */
  handOut(peers: readonly Peer[], own: () => Patch): void {
    const news = partsOf('patch', this.#unsaid);
    this.clear();
    let all: readonly PeerPart[] | null = null;
    for (const { outgoing } of peers) {
      for (const part of news) outgoing.add(part);
      if (!outgoing.needsAll) continue;
      all ??= [...partsOf('retract', this.#retracted), ...partsOf('patch', own())];
      outgoing.all(all);
    }
  }
}

function partsOf(kind: PeerPart['kind'], patch: Patch): readonly PeerPart[] {
  const { parts } = splitPatch(patch, { maxBytes: MAX_PEER_PATCH_BYTES, cutsObjects: true });
  return parts.map(({ wire }) => ({ kind, patch: wire }));
}
