/** Over a relay, or without one. */
export type Way = 'relay' | 'not relay';

/** Somebody who tries the live lane: a program, or a page that people look at. Moments are milliseconds since 1970. */
export interface LaneClient {
  /** What the transcript calls it. */
  readonly name: string;
  /** The name of the object that it paints; `null` for whoever may only look. */
  readonly paints: string | null;
  /** Paints it `#rrggbb`; resolves when that shows here. @returns when it began */
  paint(colour: string): Promise<number>;
  /** Resolves when a relay or the room holds what was painted last. */
  untilHeld(): Promise<void>;
  /** Resolves when the object shows that colour here. @returns when that was */
  sees(object: string, colour: string): Promise<number>;
  /** @returns what it says then of how edits travel */
  untilLane(way: Way): Promise<string>;
  /** Resolves when the room holds all that was painted here. */
  untilSaved(): Promise<void>;
  /** Of all that it shows. */
  hash(): Promise<string>;
}

/** How long a client may take to be on a relay, or to notice that there is none. */
export const LANE_DEADLINE_MS = 30_000;
/** How long an edit may take from one to another, by whichever way. */
export const SEEN_DEADLINE_MS = 20_000;
/** How long the room may take to hold it. */
export const SAVED_DEADLINE_MS = 20_000;
