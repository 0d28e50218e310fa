/** The type of a room that is a world (`m.room.create`, `type`). */
export const WORLD_ROOM_TYPE = 'world.weft';

/** State events of a world; see `protocol-spec/` for their contents. */
export const OBJECT_EVENT = 'world.weft.object';
export const BUNDLE_EVENT = 'world.weft.bundle';
export const PERSONAL_EVENT = 'world.weft.personal';
/** Chat: the room's own, which every Matrix client shows. */
export const CHAT_EVENT = 'm.room.message';
export const LAYER_EVENT = 'world.weft.layer';
export const WORLD_EVENT = 'world.weft.world';
export const RULE_EVENT = 'world.weft.rule';
export const COMPONENT_EVENT = 'world.weft.component';
export const MODERATION_EVENT = 'world.weft.moderation';
export const AVATAR_EVENT = 'world.weft.avatar';

/** Each type above. Spelt out where a homeserver is to filter by them: Dendrite on SQLite knows no wildcard. */
export const WEFT_EVENTS = [
  OBJECT_EVENT,
  BUNDLE_EVENT,
  PERSONAL_EVENT,
  LAYER_EVENT,
  WORLD_EVENT,
  RULE_EVENT,
  COMPONENT_EVENT,
  MODERATION_EVENT,
  AVATAR_EVENT,
] as const;

/** In `m.room.create`: tells the maker of a room, after a lost answer, that this is the room it asked for. */
export const NONCE_KEY = 'world.weft.nonce';
/** In `m.room.create`: from which file the room was to be made, for going on with it; a digest of what was asked for. */
export const FILE_KEY = 'world.weft.file';

/** Room versions whose creators hold infinite power and stand outside `users` (MSC4289), as of spec v1.16. */
const VERSIONS_BEFORE_CREATOR_POWER = new Set(['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11']);

export function creatorsHoldInfinitePower(roomVersion: string): boolean {
  return !VERSIONS_BEFORE_CREATOR_POWER.has(roomVersion) && !/^org\.matrix\.msc3757\./.test(roomVersion);
}
