import type { Outcome, Table } from './outcome.ts';

/** Where the way to one relay has come to. `waiting` ends by itself, `off` only when somebody asks again. */
export type LaneState =
  | 'idle'
  | 'requesting'
  | 'connecting'
  | 'greeting'
  | 'loading'
  | 'live'
  | 'waiting'
  | 'off';

export type LaneHappening =
  /** Somebody wants this lane. */
  | 'start'
  /** The relay answered with a ticket. */
  | 'ticket'
  /** The relay, or the homeserver on the way, says not now. */
  | 'refused'
  /** The relay says no: this user may not come in, or not any more. */
  | 'forbidden'
  /** The socket is open. */
  | 'opened'
  /** The relay answered the hello. */
  | 'welcomed'
  /** All that was missing has come. */
  | 'loaded'
  /** The socket could not be opened, or is closed. */
  | 'lost'
  /** Nothing was heard for longer than a relay may be silent: a connection that is dead at one end only. */
  | 'silent'
  /** This state took longer than it may. */
  | 'late'
  /** The ticket did not hold. */
  | 'unauthenticated'
  /** Another socket goes on under this client's actor. */
  | 'replaced'
  /** The relay stops. */
  | 'draining'
  /** What came is no frame, no file, or not in its place. */
  | 'broken'
  /** What was announced before has not come. */
  | 'gap'
  /** What this client sent was too much, or it read too slowly. */
  | 'overrun'
  /** The wait is over. */
  | 'elapsed'
  /** The network is back, or something else is worth another attempt now. */
  | 'wake'
  /** Nobody wants this lane any more. */
  | 'stop';

type Row = Table<LaneState, LaneHappening>[LaneState];

const again: Outcome<LaneState> = { to: 'waiting', pause: 'back-off' };
const drained: Outcome<LaneState> = { to: 'waiting', pause: 'drain' };
const off: Outcome<LaneState> = { to: 'off' };
const request: Outcome<LaneState> = { to: 'requesting' };

const NOTHING: Row = {
  start: 'ignore',
  ticket: 'ignore',
  refused: 'ignore',
  forbidden: 'ignore',
  opened: 'ignore',
  welcomed: 'ignore',
  loaded: 'ignore',
  lost: 'ignore',
  silent: 'ignore',
  late: 'ignore',
  unauthenticated: 'ignore',
  replaced: 'ignore',
  draining: 'ignore',
  broken: 'ignore',
  gap: 'ignore',
  overrun: 'ignore',
  elapsed: 'ignore',
  wake: 'ignore',
  stop: off,
};

/** How a socket ends before its relay knows this client. */
const ON_SOCKET: Row = {
  ...NOTHING,
  forbidden: off,
  lost: again,
  late: again,
  unauthenticated: again,
  // An own socket of which only the relay's end is left: the relay will notice, or let this one take its place.
  replaced: again,
  draining: drained,
  broken: again,
  overrun: again,
};

/** How one relay is reached and kept. Every failure ends in `waiting` or `off`: no loop goes without a pause. */
export const LANE_TABLE: Table<LaneState, LaneHappening> = {
  idle: { ...NOTHING, start: request },
  requesting: { ...NOTHING, ticket: { to: 'connecting' }, refused: again, forbidden: off, late: again },
  connecting: { ...ON_SOCKET, opened: { to: 'greeting' } },
  greeting: { ...ON_SOCKET, welcomed: { to: 'loading' } },
  loading: { ...ON_SOCKET, loaded: { to: 'live' }, silent: again, gap: again },
  // Whoever takes over this client's actor would be taken over in turn for ever: the later one stays.
  live: { ...ON_SOCKET, silent: again, gap: again, replaced: off },
  waiting: { ...NOTHING, elapsed: request, wake: request },
  off: { ...NOTHING, start: request, wake: request, stop: 'ignore' },
};
