import type { RelayTransport } from '@weft/protocol';

/** How far the way to a relay is, in this order: `waiting` before another attempt, `off` for good. */
export type LaneStage =
  | 'idle'
  | 'discovering'
  | 'requesting'
  | 'connecting'
  | 'greeting'
  | 'loading'
  | 'live'
  | 'waiting'
  | 'off';

/** How much of a world has come over the lane. */
export interface LaneProgress {
  readonly bytes: number;
  readonly totalBytes: number;
  readonly objects: number;
  readonly totalObjects: number;
}

/** How edits travel right now, for people and for programs. */
export interface LaneStatus {
  /** `relay` while one is live for this client; `peer` where edits go from device to device; `matrix` where they travel with the room alone. */
  readonly lane: 'relay' | 'peer' | 'matrix';
  readonly stage: LaneStage;
  /** One sentence of what is going on, and what comes next. */
  readonly sentence: string;
  /** The relay that this client sends to, or is on its way to. */
  readonly relay: RelayTransport | null;
  /** The other relays that it hears, at most two. */
  readonly reading: readonly RelayTransport[];
  readonly progress: LaneProgress | null;
  /** When the next attempt begins, in milliseconds of the local clock. */
  readonly retryAtMs: number | null;
  /** To the relay and back, in milliseconds; `null` until it was measured. */
  readonly roundTripMs: number | null;
}
