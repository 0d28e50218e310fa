import type { UserId } from '@weft/core';
import { readLanePolicy } from '@weft/protocol';
import { creatorsHoldInfinitePower, OBJECT_EVENT, WORLD_EVENT, WORLD_ROOM_TYPE } from '../event-types.ts';
import { isRoomId, type RoomId } from '../ids.ts';
import { integerMember, isRecord, type JsonRecord, member, stringMember } from '../json.ts';
import { type Role, roleOfLevel } from '../power-levels.ts';
import type { RoomEvent } from '../room-event.ts';

/** Finds the current state event of a type, with the empty state key. */
export type StateLookup = (type: string) => RoomEvent | undefined;

/** What the room's state says of who may do what. Judges new writes only, never what was accepted before. */
export class RoomPolicy {
  readonly isWorld: boolean;
  readonly encrypted: boolean;
  readonly title: string;
  /** The room that took this one's place (`m.room.tombstone`). */
  readonly replacement: RoomId | null;
  readonly #creators: ReadonlySet<string>;
  readonly #levels: JsonRecord | null;
  readonly #world: RoomEvent | undefined;
  readonly #creatorsAreInfinite: boolean;

  constructor(state: StateLookup) {
    const create = state('m.room.create');
    this.isWorld = stringMember(create?.content, 'type') === WORLD_ROOM_TYPE;
    this.encrypted = state('m.room.encryption') !== undefined;
    this.title = displayTitle(state);
    const replacement = member(state('m.room.tombstone')?.content, 'replacement_room');
    this.replacement = isRoomId(replacement) ? replacement : null;
    this.#creators = new Set(create === undefined ? [] : [create.sender, ...additionalCreators(create)]);
    this.#creatorsAreInfinite = creatorsHoldInfinitePower(
      stringMember(create?.content, 'room_version') ?? '1',
    );
    this.#levels = state('m.room.power_levels')?.content ?? null;
    this.#world = state(WORLD_EVENT);
  }

  /** Users that the world names as its relays: they carry what others do. Read anew at each call. */
  relays(): ReadonlySet<string> {
    return new Set(readLanePolicy(this.#world?.content).relays.map(({ user_id: user }) => user));
  }

  /** Infinite for creators, since room version 12. */
  levelOf(user: UserId): number {
    const created = this.#creators.has(user);
    if (created && this.#creatorsAreInfinite) return Number.POSITIVE_INFINITY;
    if (this.#levels === null) return created ? 100 : 0;
    return (
      integerMember(member(this.#levels, 'users'), user) ?? integerMember(this.#levels, 'users_default') ?? 0
    );
  }

  roleOf(user: UserId): Role {
    return roleOfLevel(this.levelOf(user));
  }

  /** What it takes to send state of this type. */
  levelForState(type: string): number {
    return levelForState(this.#levels, type);
  }

  /** Why this user cannot change objects here; `null` where they can. */
  readOnlyReason(user: UserId, membership: string | null): string | null {
    if (this.encrypted) return 'This room is encrypted; worlds are not, so it can only be looked at.';
    if (this.replacement !== null) return `This world was replaced by ${this.replacement}.`;
    if (membership !== 'join') return 'You are not in this world any more; what you see is how you left it.';
    if (this.levelOf(user) < this.levelForState(OBJECT_EVENT))
      return 'Your role here is visitor: an owner can make you a builder.';
    return null;
  }
}

/** What it takes to send state of this type, by the content of `m.room.power_levels`. */
export function levelForState(levels: JsonRecord | null, type: string): number {
  if (levels === null) return 0;
  return integerMember(member(levels, 'events'), type) ?? integerMember(levels, 'state_default') ?? 50;
}

/** What the world is called; empty where nobody says. */
export function displayTitle(state: StateLookup): string {
  return (
    stringMember(state(WORLD_EVENT)?.content, 'title') ??
    stringMember(state('m.room.name')?.content, 'name') ??
    ''
  );
}

function additionalCreators(create: RoomEvent): string[] {
  const listed = member(create.content, 'additional_creators');
  return Array.isArray(listed) ? listed.filter((user) => typeof user === 'string') : [];
}

/** Whether an event changes what the room allows, so that others' state may have gone with it (state resolution). */
export function changesPolicy(event: RoomEvent): boolean {
  if (event.stateKey === null) return false;
  if (POLICY_TYPES.has(event.type)) return true;
  if (event.type !== 'm.room.member' || event.stateKey === event.sender) return false;
  const membership = stringMember(event.content, 'membership');
  return membership === 'leave' || membership === 'ban';
}

const POLICY_TYPES: ReadonlySet<string> = new Set([
  'm.room.power_levels',
  'm.room.join_rules',
  'm.room.server_acl',
]);

/** Reads a display name that cannot be mistaken for a record from a stranger. */
export function displayName(content: unknown): string | null {
  const name = isRecord(content) ? stringMember(content, 'displayname') : null;
  return name === null || name.trim() === '' ? null : name;
}
