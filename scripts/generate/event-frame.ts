import { DIALECT } from './component-schemas.ts';
import type { JsonRecord } from './json.ts';

/** A Matrix user id, as far as a pattern goes. */
export const USER_ID = '^@[^\\u0000:]*:[^\\u0000\\s]+$';

/** What every schema of an event begins with. */
export function head(type: string, title: string, description: string): JsonRecord {
  return { $schema: DIALECT, $id: `urn:weft:schema:event:${type}`, title, description };
}

/** The frame of a state event. */
export function stateEvent(type: string, stateKey: JsonRecord, content: JsonRecord): JsonRecord {
  return {
    type: 'object',
    required: ['type', 'state_key', 'sender', 'content'],
    properties: {
      type: { const: type },
      state_key: stateKey,
      sender: { type: 'string', pattern: USER_ID, maxLength: 255 },
      origin_server_ts: { type: 'integer', minimum: 0 },
      content,
    },
  };
}

/** The frame of an event that is no state: of the timeline, or to a device. */
export function messageEvent(type: string, content: JsonRecord): JsonRecord {
  return {
    type: 'object',
    required: ['type', 'sender', 'content'],
    properties: {
      type: { const: type },
      sender: { type: 'string', pattern: USER_ID, maxLength: 255 },
      content,
    },
  };
}
