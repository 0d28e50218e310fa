import { isEventContent } from '@weft/core';
import { COMPONENT_EVENT, RULE_EVENT, WORLD_EVENT } from '../event-types.ts';
import type { StateContent } from '../request.ts';
import type { RoomEvent } from '../room-event.ts';

/** What a world says of itself and demands. */
export const WORLD_STATE: readonly string[] = [WORLD_EVENT, RULE_EVENT, COMPONENT_EVENT];

const MAX_CARRIED_BYTES = 60 * 1024;

/** What a world says of itself and demands of its objects, to be said in another room. */
export function worldStateOf(state: readonly RoomEvent[]): readonly StateContent[] {
  return stateOfTypes(state, WORLD_STATE);
}

export function stateOfTypes(state: readonly RoomEvent[], types: readonly string[]): StateContent[] {
  return state.flatMap(({ type, stateKey, content, redactedAtMs }) => {
    if (!types.includes(type) || stateKey === null || redactedAtMs !== null) return [];
    if (Object.keys(content).length === 0 || !isEventContent(content, MAX_CARRIED_BYTES)) return [];
    return [{ type, stateKey, content }];
  });
}
