import type { Value } from '../value/value.ts';
import { encodeWireValue } from '../value/wire.ts';
import { type EventContent, isObjectEventContent } from './event-json.ts';

const TAG = '~';

/**
 * The content of a state event that is no bag of registers, such as a rule: JSON within the bounds of an object event,
 * each member in the wire form of values. `null` where it is not. Never throws, looks at no more than the bounds.
 */
export function decodePolicyContent(content: unknown): EventContent | null {
  if (!isObjectEventContent(content)) return null;
  const members: Record<string, unknown> = Object.create(null);
  for (const [name, wire] of Object.entries(content)) {
    const value = decodeMember(wire);
    if (value === undefined) return null;
    members[name] = value;
  }
  // Once more, since the text of a tagged value was not looked into.
  return isObjectEventContent(members) ? members : null;
}

/** What `decodePolicyContent` reads back. */
export function encodePolicyContent(members: EventContent): EventContent {
  return Object.fromEntries(
    Object.entries(members).map(([name, value]) => [name, encodeWireValue(value)] as const),
  );
}

function decodeMember(wire: Value): unknown {
  if (typeof wire !== 'string' || !wire.startsWith(TAG)) return wire;
  if (wire.startsWith(TAG, 1)) return wire.slice(1);
  try {
    return JSON.parse(wire.slice(1));
  } catch {
    return undefined;
  }
}
