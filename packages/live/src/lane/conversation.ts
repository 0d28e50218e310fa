import type { NativeDecoding, Stop, Timers } from '@weft/core';
import {
  type DownFrame,
  decodeFrame,
  decodeWirePatch,
  encodeFrame,
  type Movers,
  type PatchDown,
  PoseReader,
  type Position,
  ProtocolError,
  type UpFrame,
  type Welcome,
} from '@weft/protocol';
import type { LaneProgress } from '../lane-status.ts';
import type { Poses } from '../motion/channel-motion.ts';
import { closeEvent } from '../negotiation/close-event.ts';
import type { LaneHappening } from '../negotiation/lane-table.ts';
import { CatchUp, type Heard } from './catch-up.ts';
import { Sequence } from './sequence.ts';

/** How long a number may be missing before all is asked for anew. */
export const GAP_MS = 1_500;

/** Movers that one relay may tell of at a time. */
export const MAX_HEARD_MOVERS = 8_192;

/** What a relay says beside the graph. */
export type SaidFrame =
  | Exclude<
      DownFrame,
      { type: 'welcome' | 'snapshot' | 'patch-down' | 'retract' | 'bye-down' | 'pose-down' | 'pose-flow' }
    >
  | Poses;

export interface ConversationListener {
  /** Something for the table of the lane. */
  happened(happening: LaneHappening, reason: string): void;
  welcomed(welcome: Welcome): void;
  /** Something came of what was missed. */
  advanced(): void;
  heard(heard: Heard): void;
  /** All that was missed was heard. */
  caughtUp(): void;
  /** The journal of the relay holds all up to this. */
  committed(seq: number): void;
  said(frame: SaidFrame): void;
  progress(progress: LaneProgress): void;
}

export interface ConversationOptions {
  readonly send: (bytes: Uint8Array) => void;
  readonly timers: Timers;
  readonly decoding: NativeDecoding;
  readonly listener: ConversationListener;
  /** How many own frames may have taken a number that this client has not been told yet. */
  readonly inFlight: () => number;
}

/** What is said on one socket, from hello to bye. What a relay says that it may not say ends it. */
export class Conversation {
  readonly #options: ConversationOptions;
  #welcome: Welcome | null = null;
  #catchUp: CatchUp | null = null;
  /** What comes is what changed since: poses are read one socket at a time, all of them. */
  readonly #poses = new PoseReader();
  readonly #movers = new Set<number>();
  #sequence: Sequence | null = null;
  #committed = 0;
  #number = 0;
  #stopGap: Stop | null = null;
  #isOver = false;

  constructor(options: ConversationOptions) {
    this.#options = options;
  }

  /** What this socket was told by, all of it; `null` until it is up to date. */
  get position(): Position | null {
    if (this.#welcome === null || this.#sequence === null || this.#catchUp !== null) return null;
    return { run: this.#welcome.run, seq: this.#sequence.through };
  }

  get welcome(): Welcome | null {
    return this.#welcome;
  }

  /** The number of the next patch or lease of this socket. */
  nextNumber(): number {
    this.#number += 1;
    return this.#number;
  }

  send(frame: UpFrame): void {
    if (!this.#isOver) this.#options.send(encodeFrame(frame));
  }

  /** Nothing is told afterwards. */
  end(): void {
    this.#isOver = true;
    this.#stopGap?.();
    this.#catchUp?.cancel();
  }

  receive(bytes: Uint8Array): void {
    if (this.#isOver) return;
    try {
      this.#take(decodeFrame(bytes, 'to-client'));
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      // What a later version added says nothing to this one.
      if (error.code === 'unknown-frame') return;
      this.#options.listener.happened('broken', error.message);
    }
  }

  #take(frame: DownFrame): void {
    const { listener } = this.#options;
    const isWelcome = frame.type === 'welcome';
    // A relay that lets nobody in says why instead.
    if (frame.type !== 'bye-down' && isWelcome === (this.#welcome !== null)) throw outOfPlace(frame);
    switch (frame.type) {
      case 'bye-down':
        listener.happened(closeEvent(frame.code), frame.reason);
        break;
      case 'welcome':
        this.#takeWelcome(frame);
        break;
      case 'snapshot':
        if (this.#catchUp === null) throw outOfPlace(frame);
        this.#catchUp.add(frame);
        listener.advanced();
        break;
      case 'patch-down':
        // It shows before it is known what else is kept.
        this.#takeHeard('patch', frame);
        this.#commit(frame.committed);
        break;
      case 'retract':
        this.#takeHeard('retract', frame);
        break;
      case 'ack':
        listener.said(frame);
        this.#commit(frame.committed);
        this.#sequence?.add(frame.seq);
        this.#look();
        break;
      case 'pose-down':
        listener.said({ type: 'poses', at: frame.at, updates: this.#poses.read(frame.updates) });
        break;
      case 'pose-flow':
        listener.said({
          type: 'poses',
          at: frame.at,
          updates: this.#poses.readFlow(frame.at, frame.updates),
        });
        break;
      case 'movers':
        this.#announce(frame);
        listener.said(frame);
        break;
      default:
        listener.said(frame);
    }
  }

  #announce({ appeared, left }: Movers): void {
    for (const handle of left) {
      this.#movers.delete(handle);
      this.#poses.remove(handle);
    }
    for (const { handle, parts, session } of appeared) {
      this.#movers.add(handle);
      this.#poses.add(handle, parts, session === this.#welcome?.session);
    }
    if (this.#movers.size > MAX_HEARD_MOVERS)
      throw new ProtocolError('too-many', {
        what: 'take in movers',
        expected: `at most ${MAX_HEARD_MOVERS} of one relay`,
        got: 'more',
      });
  }

  #takeWelcome(welcome: Welcome): void {
    const { listener, decoding } = this.#options;
    const catchUp = new CatchUp({
      welcome,
      decoding,
      hear: (heard) => this.#hear(heard),
      progress: (progress) => listener.progress(progress),
      done: () => {
        this.#catchUp = null;
        listener.caughtUp();
        listener.happened('loaded', '');
        this.#look();
      },
      failed: (error) => listener.happened('broken', error instanceof Error ? error.message : String(error)),
    });
    this.#welcome = welcome;
    this.#catchUp = catchUp;
    this.#sequence = new Sequence(welcome.through);
    listener.happened('welcomed', '');
    listener.welcomed(welcome);
    this.#commit(welcome.committed);
    catchUp.start();
  }

  #takeHeard(type: Heard['type'], { seq, patch: wire }: Pick<PatchDown, 'seq' | 'patch'>): void {
    const heard = { type, seq, patch: decodeWirePatch(wire) };
    if (this.#catchUp !== null) {
      this.#options.listener.advanced();
      this.#catchUp.take(heard, wire.length);
      return;
    }
    this.#hear(heard);
    this.#look();
  }

  #hear(heard: Heard): void {
    if (heard.seq !== null) this.#sequence?.add(heard.seq);
    this.#options.listener.heard(heard);
  }

  #commit(seq: number): void {
    if (seq <= this.#committed) return;
    this.#committed = seq;
    this.#options.listener.committed(seq);
  }

  /** Whether something is missing that no own frame explains; and whether what one explains comes in time. */
  #look(): void {
    if (this.#isOver || this.#catchUp !== null || this.#sequence === null) return;
    const { missing } = this.#sequence;
    const { inFlight, timers, listener } = this.#options;
    if (missing === 0) {
      this.#stopGap?.();
      this.#stopGap = null;
    } else if (missing > inFlight()) listener.happened('gap', `${missing} patches have not come`);
    else {
      this.#stopGap ??= timers.after(GAP_MS, () => {
        this.#stopGap = null;
        this.#look();
      });
    }
  }
}

function outOfPlace({ type }: DownFrame): ProtocolError {
  return new ProtocolError('malformed', {
    what: `take a ${type} frame`,
    expected: 'a frame that may come now: one welcome, before all else',
    got: 'another one',
  });
}
