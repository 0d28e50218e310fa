import type { NativeDecoding, RandomBytes, Timers } from '@weft/core';
import type { Position, Welcome } from '@weft/protocol';
import type { LaneReplica } from '../lane-replica.ts';
import type { OpenLaneSocket } from '../lane-socket.ts';
import type { SessionKey } from '../session-key.ts';
import type { Signalling } from '../signalling.ts';
import type { Heard } from './catch-up.ts';
import type { SaidFrame } from './conversation.ts';

/** What a relay says that is not about the lane itself. */
export type LaneFrame = Exclude<SaidFrame, { type: 'clock' | 'keeping' }>;

/** What all lanes of a channel share. */
export interface LanePorts {
  readonly room: string;
  readonly memberId: string;
  readonly mode: 'play' | 'read';
  readonly key: SessionKey;
  readonly replica: Pick<LaneReplica, 'actor' | 'former' | 'setHash'>;
  readonly signalling: Pick<Signalling, 'requestTicket'>;
  readonly openSocket: OpenLaneSocket;
  readonly timers: Timers;
  readonly random: RandomBytes;
  readonly decoding: NativeDecoding;
}

/** What a lane tells. Nothing here may throw. */
export interface LaneListener {
  /** Its state, its progress or its round trip is another. */
  changed(): void;
  /** @param before what this client had heard of the relay before */
  welcomed(welcome: Welcome, before: Position | null): void;
  heard(heard: Heard): void;
  /** All that was missed was heard. */
  caughtUp(): void;
  committed(seq: number): void;
  said(frame: LaneFrame): void;
}
