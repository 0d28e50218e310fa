import type { Table } from '../negotiation/outcome.ts';

/**
 * How this client stands with its peers: `resting` while there is a relay, or may be; `crowded` where there are too many devices
 * for it.
 */
export type PeerState = 'idle' | 'resting' | 'announcing' | 'alone' | 'live' | 'crowded' | 'off';

export type PeerHappening =
  /** The lane of this world is wanted. */
  | 'start'
  /** There is no relay, or none could be reached for a while. */
  | 'unrelayed'
  /** A relay is live. */
  | 'relayed'
  /** The room holds that this client takes edits from device to device. */
  | 'announced'
  /** Others do too, and not too many. */
  | 'company'
  /** More do than may talk to each other. */
  | 'crowd'
  /** Nobody else does. */
  | 'deserted'
  /** The lane of this world is wanted no more. */
  | 'stop';

type Row = Table<PeerState, PeerHappening>[PeerState];

const NOTHING: Row = {
  start: 'ignore',
  unrelayed: 'ignore',
  relayed: 'ignore',
  announced: 'ignore',
  company: 'ignore',
  crowd: 'ignore',
  deserted: 'ignore',
  stop: { to: 'off' },
};

/** Once the room knows of this client, others decide what it does; a relay always comes first. */
const KNOWN: Row = {
  ...NOTHING,
  relayed: { to: 'resting' },
  company: { to: 'live' },
  crowd: { to: 'crowded' },
  deserted: { to: 'alone' },
};

/** A relay before peers, peers before the room alone. Nothing here waits: whatever happens comes from outside. */
export const PEER_TABLE: Table<PeerState, PeerHappening> = {
  idle: { ...NOTHING, start: { to: 'resting' } },
  resting: { ...NOTHING, unrelayed: { to: 'announcing' } },
  announcing: { ...NOTHING, relayed: { to: 'resting' }, announced: { to: 'alone' } },
  alone: { ...KNOWN, deserted: 'ignore' },
  live: { ...KNOWN, company: 'ignore' },
  crowded: { ...KNOWN, crowd: 'ignore' },
  off: { ...NOTHING, start: { to: 'resting' }, stop: 'ignore' },
};
