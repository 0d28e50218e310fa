import { normaliseValue, type ObjectId, type UserId, type Value, WeftError } from '@weft/core';
import { MAX_EVENT_NAME_CHARACTERS } from '@weft/protocol';

/** A named message between clients, kept nowhere: an alarm that rings, a ball that was hit. */
export interface WorldEvent {
  /** Whose listeners it is for; `null` for everybody’s. */
  readonly object: ObjectId | null;
  readonly name: string;
  readonly data: Value;
  /** Who sent it, as the relay vouches. */
  readonly user: UserId;
}

/** Names that begin so are Weft's own. */
export const RESERVED_EVENT_PREFIX = 'weft.';

/** The data as it can be sent. @throws WeftError `invalid-value`, `limit` past 4,096 bytes */
export function checkEvent(name: string, data: unknown): Value {
  const what = 'send an event';
  const isName = name !== '' && name.length <= MAX_EVENT_NAME_CHARACTERS;
  if (isName && !name.startsWith(RESERVED_EVENT_PREFIX)) return normaliseValue(data, what, name);
  throw new WeftError('invalid-value', {
    what,
    expected: `a name of 1 to ${MAX_EVENT_NAME_CHARACTERS} characters that does not begin with "${RESERVED_EVENT_PREFIX}"`,
    got: `"${name}"`,
    hint: 'Give the event another name.',
    by: 'developer',
  });
}
