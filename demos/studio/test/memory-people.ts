import { type ObjectId, parseUserId, type Role, type UserId } from '@weft/core';
import type { Person, Presence, WorldStatus } from '@weft/world';
import { cell } from './cell.ts';

/** How a world in memory says that its edits travel. */
export type Travel = Pick<WorldStatus, 'lane' | 'laneDetail' | 'connecting'>;

const ALONE = 'Edits travel with the room alone, in seconds instead of milliseconds.';

/** What a world says in each of these cases; the words are those of the live lane. */
export const TRAVELS = {
  none: { lane: 'matrix', laneDetail: 'This world is nowhere but on this page.', connecting: false },
  relay: {
    lane: 'relay',
    laneDetail: 'Live on relay.example.org (1.4 ms there and back).',
    connecting: false,
  },
  killed: {
    lane: 'matrix',
    laneDetail: `Not on relay.example.org: the connection was lost; it is tried again by itself. ${ALONE}`,
    connecting: false,
  },
  connecting: { lane: 'matrix', laneDetail: `Looking for a relay. ${ALONE}`, connecting: true },
  offline: {
    lane: 'offline',
    laneDetail: 'The homeserver does not answer: edits wait on this device.',
    connecting: false,
  },
} as const satisfies Record<string, Travel>;

export interface MemoryPeopleOptions {
  readonly me: UserId;
  readonly role: Role;
  /** How many others are in the room; the first three are here now where a relay tells. */
  readonly others: number;
  readonly isLive: boolean;
}

const NAMES = [
  ['bob', 'Bob', 'visitor'],
  ['mira.sato', 'Mira Sato', 'steward'],
  ['teodor', 'Teodor Lindqvist-Abernathy of the northern gardens', 'builder'],
] as const;
const MAX_HERE = 3;

/** Others in a world in memory. */
export function memoryPeople({ me, role, others, isLive }: MemoryPeopleOptions) {
  const list: Person[] = [
    { user: me, name: 'Alice Moreau', role, membership: 'join', live: isLive, isRelay: false },
  ];
  for (let at = 0; at < others; at += 1) {
    const [id, name, theirs] = NAMES[at] ?? [`guest.${at}`, `@guest.${at}:example.org`, 'visitor'];
    const user = parseUserId(`@${id}:example.org`);
    list.push({
      user,
      name,
      role: theirs,
      membership: 'join',
      live: isLive && at < MAX_HERE,
      isRelay: false,
    });
  }
  const relay = parseUserId('@relay:example.org');
  list.push({ user: relay, name: 'Relay', role: 'builder', membership: 'join', live: false, isRelay: true });
  return list;
}

/** What the others show of themselves, and what this page showed last. */
export function memoryPresence() {
  const others = cell<readonly Presence[]>([]);
  let shown: unknown = null;
  return {
    others,
    get shown() {
      return shown;
    },
    set(state: Readonly<Record<string, unknown>> | null): void {
      shown = state;
    },
    /** Has somebody select objects. */
    select(user: UserId, ids: readonly ObjectId[]): void {
      const rest = others.value.filter((other) => other.user !== user);
      others.set([
        ...rest,
        { user, actor: `actor-of-${user}` as Presence['actor'], state: { selection: ids } },
      ]);
    },
  };
}
