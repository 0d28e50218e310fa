import { layersOf, type Patch, patchOf, type RegisterEntry, type UserId } from '@weft/core';
import { encodeFrame, type RunId, type Session, type WirePatch } from '@weft/protocol';
import type { Committer } from './committer.ts';
import type { LaneWorld } from './lane-world.ts';
import { entriesOfRegisters, patchParts } from './patch-parts.ts';
import type { Recent } from './recent.ts';

/** Whose words something is. */
export interface Writer {
  readonly user: UserId | null;
  /** Their socket; 0 where they have none. */
  readonly session: Session | 0;
}

export interface StreamOptions {
  readonly run: RunId;
  readonly world: LaneWorld;
  readonly recent: Recent;
  readonly committer: Committer;
  /** Hands a message to everybody but one. */
  readonly broadcast: (message: Uint8Array, except: Session | 0) => void;
}

/**
 * The numbered patches of this run. Each is handed to everybody at once, joined and then kept; what is said of it after that
 * waits until it outlives the relay.
 */
export class Stream {
  readonly run: RunId;
  readonly #options: StreamOptions;
  #committed = 0;

  constructor(options: StreamOptions) {
    this.run = options.run;
    this.#options = options;
  }

  /** The last number. */
  get seq(): number {
    return this.#options.recent.seq;
  }

  /** The last number that outlives the relay, with all before it. */
  get committed(): number {
    return this.#committed;
  }

  /**
   * Tells everybody but the writer.
   *
   * @param kept called with the number once it outlives the relay
   * @returns the number
   */
  tell(wire: WirePatch, patch: Patch, { user, session }: Writer, kept?: (seq: number) => void): number {
    const seq = this.seq + 1;
    const message = encodeFrame({
      type: 'patch-down',
      seq,
      session,
      user: session === 0 ? user : null,
      committed: this.#committed,
      patch: wire,
    });
    this.#pass('patch', { wire, message, user, except: session }, kept);
    // It was judged: others need not wait until it is joined here, too.
    this.#options.world.hear(patch);
    return seq;
  }

  /** Has everybody drop these registers, unless the room holds them. */
  takeBack(entries: readonly RegisterEntry[]): void {
    for (const layer of layersOf(entries)) {
      this.#options.world.retract(layer);
      for (const { wire } of patchParts(patchOf({ registers: entriesOfRegisters(layer) }))) {
        const message = encodeFrame({ type: 'retract', seq: this.seq + 1, patch: wire });
        this.#pass('retract', { wire, message, user: null, except: 0 });
      }
    }
  }

  #pass(
    kind: 'patch' | 'retract',
    said: {
      readonly wire: WirePatch;
      readonly message: Uint8Array;
      readonly user: UserId | null;
      readonly except: Session | 0;
    },
    kept?: (seq: number) => void,
  ): void {
    const { recent, committer, broadcast } = this.#options;
    const seq = this.seq + 1;
    const { wire, message, user, except } = said;
    // Nothing but what they are told stands before those who wait for it.
    broadcast(message, except);
    recent.push(message, committer.append({ kind, key: '', run: this.run, seq, user, body: wire }));
    committer.want(() => {
      this.#committed = seq;
      kept?.(seq);
    });
  }
}
