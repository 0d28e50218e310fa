import { HomeserverError } from '../errors.ts';
import type { Homeserver } from '../homeserver.ts';
import { type RoomAlias, type RoomId, serverOf } from '../ids.ts';
import { stringMember } from '../json.ts';
import type { RequestOptions } from '../request.ts';
import type { Timers } from '../timers.ts';
import { TOMBSTONE } from './follow-upgrades.ts';
import { patiently } from './send-patiently.ts';
import { aliasesToTake } from './successor-room.ts';

export interface HandOverPorts {
  readonly homeserver: Homeserver;
  readonly timers: Timers;
  readonly request: RequestOptions;
}

/** Bans in the new room whom the old one bans. What is done already is left as it is. */
export async function carryBans(
  { homeserver, timers, request }: HandOverPorts,
  old: RoomId,
  next: RoomId,
): Promise<void> {
  const bannedIn = async (room: RoomId) => {
    const members = await homeserver.readMembers(room, request);
    return members.filter(({ content }) => stringMember(content, 'membership') === 'ban');
  };
  const done = new Set((await bannedIn(next)).map(({ stateKey }) => stateKey));
  for (const { stateKey, content } of await bannedIn(old)) {
    if (stateKey === null || done.has(stateKey)) continue;
    const reason = stringMember(content, 'reason');
    const ban = { membership: 'ban', ...(reason === null ? {} : { reason }) };
    const state = { type: 'm.room.member', stateKey, content: ban };
    await patiently(timers, request, () => homeserver.sendState(next, state, request));
  }
}

/** Gives the new room the names that it is to take over, and says so in it. Names that lead elsewhere are left alone. */
export async function moveAliases(
  { homeserver, timers, request }: HandOverPorts,
  old: RoomId,
  next: RoomId,
): Promise<void> {
  const taken: RoomAlias[] = [];
  for (const alias of aliasesToTake(await homeserver.readCurrent(next, 'm.room.create', '', request))) {
    const room = await leadsTo(homeserver, alias, request);
    if (room === old) await homeserver.removeAlias(alias, request);
    if (room === old || room === null) await homeserver.addAlias(alias, next, request);
    if (room === old || room === null || room === next) taken.push(alias);
  }
  const [alias, ...others] = taken;
  if (alias === undefined) return;
  const content = { alias, ...(others.length === 0 ? {} : { alt_aliases: others }) };
  const state = { type: 'm.room.canonical_alias', stateKey: '', content };
  await patiently(timers, request, () => homeserver.sendState(next, state, request));
}

/** Ends the old room: the last step, after which readers follow. */
export async function replaceRoom(
  { homeserver, timers, request }: HandOverPorts,
  old: RoomId,
  next: RoomId,
): Promise<void> {
  const content = { body: 'This world has moved to a new room.', replacement_room: next };
  const state = { type: TOMBSTONE, stateKey: '', content };
  await patiently(timers, request, () => homeserver.sendState(old, state, request));
}

async function leadsTo(
  homeserver: Homeserver,
  alias: RoomAlias,
  request: RequestOptions,
): Promise<RoomId | null> {
  if (serverOf(alias) !== serverOf(homeserver.userId)) return null;
  try {
    return (await homeserver.resolveAlias(alias, request)).room;
  } catch (error) {
    if (error instanceof HomeserverError && error.code === 'not-found') return null;
    throw error;
  }
}
