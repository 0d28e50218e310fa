import type { UserId, Value } from '@weft/core';

/** What a person may do in a world; from power levels, never stored elsewhere. */
export type Role = 'visitor' | 'builder' | 'steward' | 'owner';

/** The power level from which a person holds the role. Creators of version-12 rooms are owners without a number. */
export const ROLE_LEVEL: Readonly<Record<Role, number>> = {
  visitor: 0,
  builder: 25,
  steward: 50,
  owner: 100,
};

/** Above every role: only creators, and nobody in rooms before version 12. */
export const CREATOR_ONLY_LEVEL = 150;

/** What it takes to send each type of event; one row a type. */
export const EVENT_LEVEL: Readonly<Record<string, number>> = {
  'world.weft.object': ROLE_LEVEL.builder,
  'world.weft.bundle': ROLE_LEVEL.builder,
  'world.weft.layer': ROLE_LEVEL.steward,
  'world.weft.world': ROLE_LEVEL.steward,
  'world.weft.rule': ROLE_LEVEL.steward,
  'world.weft.component': ROLE_LEVEL.steward,
  'world.weft.moderation': ROLE_LEVEL.steward,

  // The lane: without these rows only stewards could join it, since an override replaces the server's own rows.
  'm.rtc.slot': ROLE_LEVEL.steward,
  'org.matrix.msc4143.rtc.slot': ROLE_LEVEL.steward,
  'm.rtc.member': ROLE_LEVEL.visitor,
  'org.matrix.msc4143.rtc.member': ROLE_LEVEL.visitor,
  'm.call.member': ROLE_LEVEL.visitor,
  'org.matrix.msc3401.call.member': ROLE_LEVEL.visitor,
  'm.call': ROLE_LEVEL.steward,
  'org.matrix.msc3401.call': ROLE_LEVEL.steward,

  // The server's own default rows (Synapse 1.163), with `m.room.encryption` out of everybody's reach.
  'm.call.invite': ROLE_LEVEL.steward,
  'm.room.avatar': ROLE_LEVEL.steward,
  'm.room.canonical_alias': ROLE_LEVEL.steward,
  'm.room.encryption': CREATOR_ONLY_LEVEL,
  'm.room.history_visibility': ROLE_LEVEL.owner,
  'm.room.name': ROLE_LEVEL.steward,
  'm.room.topic': ROLE_LEVEL.steward,
  'm.room.power_levels': ROLE_LEVEL.owner,
  'm.room.server_acl': ROLE_LEVEL.owner,
  'm.room.tombstone': CREATOR_ONLY_LEVEL,
  'm.room.join_rules': ROLE_LEVEL.steward,
  'm.room.pinned_events': ROLE_LEVEL.steward,
  'm.room.redaction': ROLE_LEVEL.visitor,
  'm.space.child': ROLE_LEVEL.steward,
  'm.space.parent': ROLE_LEVEL.steward,
};

/** Rows that differ between a world for invited people and one that strangers may enter. */
const PERSONAL_LEVEL = { private: ROLE_LEVEL.visitor, public: ROLE_LEVEL.builder } as const;

/** Personal state that a level-0 user could fill without end, which nobody else can remove (Matrix auth rule 9). */
const PERSONAL_EVENTS = ['world.weft.personal', 'world.weft.avatar'] as const;

export type Access = keyof typeof PERSONAL_LEVEL;

/** The content of a new world's `m.room.power_levels`. The creator is not listed: version 12 forbids it. */
export function worldPowerLevels(
  access: Access,
  users: Readonly<Record<UserId, number>> = {},
): { readonly [name: string]: Value } {
  const personal = Object.fromEntries(PERSONAL_EVENTS.map((type) => [type, PERSONAL_LEVEL[access]]));
  return {
    users: { ...users },
    users_default: ROLE_LEVEL.visitor,
    events: { ...EVENT_LEVEL, ...personal },
    events_default: ROLE_LEVEL.visitor,
    state_default: ROLE_LEVEL.steward,
    invite: ROLE_LEVEL.steward,
    kick: ROLE_LEVEL.steward,
    ban: ROLE_LEVEL.steward,
    redact: ROLE_LEVEL.steward,
    historical: ROLE_LEVEL.owner,
    notifications: { room: ROLE_LEVEL.steward },
  };
}

export function roleOfLevel(level: number): Role {
  if (level >= ROLE_LEVEL.owner) return 'owner';
  if (level >= ROLE_LEVEL.steward) return 'steward';
  return level >= ROLE_LEVEL.builder ? 'builder' : 'visitor';
}
