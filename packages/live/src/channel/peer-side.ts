import { type ObjectRegisters, type Patch, type UserId, WeftError } from '@weft/core';
import type { PeerProblem } from '@weft/protocol';
import type { ChannelOptions, LanePerson } from '../channel.ts';
import { PeerLane } from '../peer/peer-lane.ts';
import type { PeerState } from '../peer/peer-table.ts';
import { type RelaySight, RelayWatch } from '../peer/relay-watch.ts';

export interface PeerSideOptions {
  readonly channel: ChannelOptions;
  readonly memberId: string;
  /** The room is to be told that this client is on no relay. */
  readonly announce: () => void;
  readonly changed: () => void;
  readonly failed: (error: unknown) => void;
}

/** How this client stands with its peers, as a status shows it. */
export interface PeerStatus {
  readonly state: PeerState;
  /** Devices that are told what this client writes. */
  readonly here: number;
}

/** The lane among peers as a part of a channel: nothing where the channel has none. */
export class PeerSide {
  readonly #lane: PeerLane | null;
  readonly #watch: RelayWatch;

  constructor({ channel, memberId, announce, changed, failed }: PeerSideOptions) {
    const { room, mode = 'play', replica: lane, peers, timers, random } = channel;
    this.#lane =
      peers === undefined
        ? null
        : new PeerLane({
            ...{ room, memberId, mode, lane, timers, random, ...peers },
            listener: { announce, changed, refused: (by, problems) => failed(refusedBy(by, problems)) },
          });
    this.#watch = new RelayWatch({
      timers,
      relayed: () => this.#lane?.relayed(),
      unrelayed: () => this.#lane?.unrelayed(),
    });
  }

  /** `null` where this channel has no peers. */
  get status(): PeerStatus | null {
    return this.#lane === null ? null : { state: this.#lane.state, here: this.#lane.here };
  }

  get people(): readonly LanePerson[] {
    return this.#lane?.people ?? [];
  }

  start(): void {
    this.#lane?.start();
  }

  /** Says how it is with relays. */
  relays(sight: RelaySight): void {
    if (this.#lane !== null) this.#watch.see(sight);
  }

  /** The room holds that this client is on no relay. */
  announced(): void {
    this.#lane?.announced();
  }

  send(patch: Patch): void {
    this.#lane?.send(patch);
  }

  retract(registers: ObjectRegisters): void {
    this.#lane?.retract(registers);
  }

  async close(): Promise<void> {
    this.#watch.stop();
    await this.#lane?.close();
  }
}

function refusedBy(by: UserId, problems: readonly PeerProblem[]): WeftError {
  const [problem] = problems;
  return new WeftError('forbidden', {
    what: `share an edit of ${problem?.id ?? 'an object'} with ${by}`,
    expected: 'an edit that their device takes in',
    got: problem?.message ?? 'a refusal without a reason',
    hint: 'The room decides: it stays here, and they see it once the room holds it.',
    ...(problem === undefined ? {} : { path: problem.path ?? problem.id }),
  });
}
