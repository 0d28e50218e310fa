import { isUserId, type RandomBytes, type UserId } from '@weft/core';
import { createWorldRoom } from '../create-world.ts';
import type { Homeserver } from '../homeserver.ts';
import { isRoomAlias, type RoomAlias, type RoomId, serverOf } from '../ids.ts';
import { integerMember, member, stringMember } from '../json.ts';
import type { RequestOptions, StateContent } from '../request.ts';
import { displayTitle } from '../room/policy.ts';
import type { RoomEvent } from '../room-event.ts';
import type { Timers } from '../timers.ts';
import { predecessorOf } from './follow-upgrades.ts';
import { ownWorlds } from './own-worlds.ts';
import { stateOfTypes, WORLD_STATE } from './world-state.ts';

/** In the create event of a room that took another's place: the names that it is to take over. */
export const ALIASES_KEY = 'world.weft.aliases';

/** What a world demands, and what its owners decided about the room; carried on as it is. */
const ROOM_STATE: readonly string[] = [
  ...WORLD_STATE,
  'world.weft.moderation',
  'm.room.history_visibility',
  'm.room.guest_access',
  'm.room.server_acl',
  'm.room.topic',
  'm.room.avatar',
];
const MAX_ALIASES = 20;

export interface SuccessorPorts {
  readonly homeserver: Homeserver;
  readonly timers: Timers;
  readonly random: RandomBytes;
}

/** The room that this user made to take the place of another, as far as that was begun; `null` where it was not. */
export async function findSuccessor(
  homeserver: Homeserver,
  old: RoomId,
  request: RequestOptions,
): Promise<RoomId | null> {
  // The same one at each try, should there be several.
  return (await ownWorlds(homeserver, (create) => predecessorOf(create) === old, request))[0] ?? null;
}

/**
 * Makes the room that takes another's place: empty of objects, with fresh power levels and the people's own, and with
 * what the world demands. Who is in the old one may come in.
 *
 * @param state the whole state of the old room
 */
export async function makeSuccessor(
  { homeserver, timers, random }: SuccessorPorts,
  old: RoomId,
  state: readonly RoomEvent[],
  request: RequestOptions,
): Promise<RoomId> {
  const stateOf = (type: string) => state.find((event) => event.type === type && event.stateKey === '');
  const isPublic = stringMember(stateOf('m.room.join_rules')?.content, 'join_rule') === 'public';
  const carried = stateOfTypes(state, ROOM_STATE);
  return createWorldRoom(homeserver, {
    title: displayTitle(stateOf) || 'A world',
    access: isPublic ? 'public' : 'private',
    levels: levelsIn(stateOf('m.room.power_levels')),
    state: isPublic ? carried : [...carried, membersOf(old)],
    creation: {
      predecessor: { room_id: old },
      [ALIASES_KEY]: aliasesIn(stateOf('m.room.canonical_alias'), homeserver),
    },
    timers,
    random,
    ...request,
  });
}

/** The names that a room is to take over, as its create event says. */
export function aliasesToTake(create: RoomEvent | null): readonly RoomAlias[] {
  const listed = member(create?.content, ALIASES_KEY);
  return (Array.isArray(listed) ? listed : []).filter(isRoomAlias).slice(0, MAX_ALIASES);
}

/** Lets in who is in the old room (MSC3083): an invitation for each of them is more than homeservers take. */
function membersOf(old: RoomId): StateContent {
  const allow = [{ type: 'm.room_membership', room_id: old }];
  return { type: 'm.room.join_rules', stateKey: '', content: { join_rule: 'restricted', allow } };
}

function levelsIn(levels: RoomEvent | undefined): Record<UserId, number> {
  const users = member(levels?.content, 'users');
  const found: Record<UserId, number> = Object.create(null);
  for (const user of Object.keys(users ?? {})) {
    const level = integerMember(users, user);
    if (isUserId(user) && level !== null) found[user] = level;
  }
  return found;
}

/** Only names of this server can be given by it. */
function aliasesIn(canonical: RoomEvent | undefined, { userId }: Homeserver): RoomAlias[] {
  const others = member(canonical?.content, 'alt_aliases');
  const named = [member(canonical?.content, 'alias'), ...(Array.isArray(others) ? others : [])];
  const own = named.filter(isRoomAlias).filter((alias) => serverOf(alias) === serverOf(userId));
  return [...new Set(own)].slice(0, MAX_ALIASES);
}
