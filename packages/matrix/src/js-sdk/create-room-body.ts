import type { CreateRoomRequest } from '../homeserver.ts';

/** The body of `POST /createRoom`. */
export function createRoomBody(request: CreateRoomRequest): object {
  const isPublic = request.access === 'public';
  return {
    room_version: request.roomVersion,
    creation_content: request.creation,
    name: request.name,
    // `trusted_private_chat` would make everyone invited a creator, for ever (MSC4289).
    preset: isPublic ? 'public_chat' : 'private_chat',
    // Listing it in the server's directory is another decision, and one that stock servers refuse.
    visibility: 'private',
    ...(request.aliasLocalpart === null ? {} : { room_alias_name: request.aliasLocalpart }),
    invite: request.invite,
    power_level_content_override: request.powerLevels,
    initial_state: request.initialState.map(({ type, stateKey, content }) => ({
      type,
      state_key: stateKey,
      content,
    })),
  };
}
