import type { Table } from './outcome.ts';

/** What is known of the relays of a world. */
export type DiscoveryState = 'idle' | 'discovering' | 'known' | 'waiting' | 'off';

export type DiscoveryHappening =
  /** The lane of this world is wanted. */
  | 'start'
  /** There is a relay. */
  | 'found'
  /** There is none. */
  | 'none'
  /** It could not be found out. */
  | 'failed'
  /** Finding out took too long. */
  | 'late'
  /** The wait is over, or what is known is old. */
  | 'elapsed'
  /** Something is worth another look now. */
  | 'wake'
  /** The lane of this world is wanted no more. */
  | 'stop';

const NOTHING: Table<DiscoveryState, DiscoveryHappening>[DiscoveryState] = {
  start: 'ignore',
  found: 'ignore',
  none: 'ignore',
  failed: 'ignore',
  late: 'ignore',
  elapsed: 'ignore',
  wake: 'ignore',
  stop: { to: 'off' },
};

/** How relays are found; what is known is looked at again now and then, since the room may name others. */
export const DISCOVERY_TABLE: Table<DiscoveryState, DiscoveryHappening> = {
  idle: { ...NOTHING, start: { to: 'discovering' } },
  discovering: {
    ...NOTHING,
    found: { to: 'known', pause: 'less-often' },
    none: { to: 'waiting', pause: 'rarely' },
    failed: { to: 'waiting', pause: 'back-off' },
    late: { to: 'waiting', pause: 'back-off' },
  },
  known: { ...NOTHING, elapsed: { to: 'discovering' }, wake: { to: 'discovering' } },
  waiting: { ...NOTHING, elapsed: { to: 'discovering' }, wake: { to: 'discovering' } },
  off: { ...NOTHING, start: { to: 'discovering' }, stop: 'ignore' },
};
