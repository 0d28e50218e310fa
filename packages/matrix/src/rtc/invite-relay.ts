import { readValue, type Value } from '@weft/core';
import {
  MAX_TRANSPORTS,
  openSlotContent,
  type RelayTransport,
  RTC_SLOT_ID,
  readLanePolicy,
  SLOT_EVENTS,
} from '@weft/protocol';
import { HomeserverError } from '../errors.ts';
import { WORLD_EVENT } from '../event-types.ts';
import type { Homeserver } from '../homeserver.ts';
import type { RoomId } from '../ids.ts';
import { integerMember, isRecord, type JsonRecord, stringMember } from '../json.ts';
import { ROLE_LEVEL } from '../power-levels.ts';
import type { RequestOptions } from '../request.ts';

export interface InviteRelayOptions extends RequestOptions {
  /**
   * The power level that its account gets, where it has less. Default 25, builder: it can then write for those who may not,
   * and nobody's word counts for more with it than the room says. A steward's level would let it seal and moderate.
   */
  readonly level?: number;
}

const LEVELS_EVENT = 'm.room.power_levels';
const MEMBER_EVENT = 'm.room.member';
const [SLOT_EVENT] = SLOT_EVENTS;

type InvitingHomeserver = Pick<Homeserver, 'readStateEvent' | 'sendState' | 'userId'>;

/**
 * Asks a relay into the room, gives it its power level, and names it in `world.weft.world`, so that everyone tries it first
 * and trusts it. Each step is left out where it is done already: calling it again after a failure goes on. One address
 * counts for a user: another one takes its place.
 *
 * @throws HomeserverError `forbidden` for whom the room does not let do this: stewards may invite and name, owners give levels
 */
export async function inviteRelay(
  homeserver: InvitingHomeserver,
  room: RoomId,
  relay: RelayTransport,
  { level = ROLE_LEVEL.builder, ...options }: InviteRelayOptions = {},
): Promise<void> {
  const read = (type: string, key = ''): Promise<JsonRecord | null> =>
    homeserver.readStateEvent(room, type, key, options);
  const write = (type: string, stateKey: string, content: Readonly<Record<string, Value>>) =>
    homeserver.sendState(room, { type, stateKey, content }, options);
  const user = relay.user_id;
  const membership = stringMember(await read(MEMBER_EVENT, user), 'membership');
  if (membership !== 'join' && membership !== 'invite')
    await write(MEMBER_EVENT, user, { membership: 'invite' });
  const levels = valuesOf(await read(LEVELS_EVENT));
  const users = isRecord(levels.users) ? levels.users : {};
  const held = integerMember(users, user) ?? integerMember(levels, 'users_default') ?? 0;
  if (held < level)
    await write(LEVELS_EVENT, '', { ...levels, users: { ...valuesOf(users), [user]: level } });
  if ((await read(SLOT_EVENT, RTC_SLOT_ID)) === null) await write(SLOT_EVENT, RTC_SLOT_ID, openSlotContent());
  const world = valuesOf(await read(WORLD_EVENT));
  const { relays } = readLanePolicy(world);
  if (relays.some(({ url, user_id }) => url === relay.url && user_id === user)) return;
  await write(WORLD_EVENT, '', { ...world, relays: pinned(relays, relay) });
}

/** The relays that a world names, with this one at the place of its user's former address, or at the end. */
function pinned(relays: readonly RelayTransport[], relay: RelayTransport): Value {
  const others = relays.filter(({ user_id: user }) => user !== relay.user_id);
  if (others.length >= MAX_TRANSPORTS)
    throw new HomeserverError('too-large', {
      what: `name the relay ${relay.url}`,
      got: `the world names ${others.length} relays already`,
      hint: 'Take one out of world.weft.world first.',
      by: 'steward',
    });
  const at = relays.findIndex(({ user_id: user }) => user === relay.user_id);
  return others.toSpliced(at < 0 ? others.length : at, 0, relay).map(transportValue);
}

/** As it stands in events. */
export function transportValue({ type, url, user_id }: RelayTransport): { readonly [name: string]: Value } {
  return { type, url, user_id };
}

// What another program wrote there stays, as far as it is JSON.
function valuesOf(content: JsonRecord | null): Readonly<Record<string, Value>> {
  const kept = Object.entries(content ?? {}).flatMap(([name, raw]) => {
    const value = readValue(raw);
    return value === undefined ? [] : [[name, value] as const];
  });
  return Object.fromEntries(kept);
}
