import type { ActorId, Path, UserId } from '../ids.ts';
import type { Register } from '../register/register.ts';
import { RowRegisters } from '../register/row-registers.ts';
import type { Stamp } from '../stamp/stamp.ts';
import { isList, type Value } from '../value/value.ts';

/** `"w":{"t":…,"a":…,"h":"…","p":…,"x":{},"u":{}}` and the braces around it all, without the actor. */
const STAMPS_BYTES = 120;
/** `"component":{"property":…},` without the names; the dot of a path makes up for one more. */
const PROPERTY_BYTES = 10;
/** `"path":[time,"actor"],` without the names. */
const EXCEPTION_BYTES = 28;
/** As ECMAScript prints them, with the tag and the quotes of a text. */
const NUMBER_BYTES = 28;
/** `\u0001`: no character of a text takes more. */
const ESCAPED_BYTES = 6;
/** `\\u0001`: the same in the text that stands for a value with other numbers than integers. */
const TWICE_ESCAPED_BYTES = 7;

/**
 * A bound on the bytes of an object event: it never takes more, and as a rule some four times less. To learn that way that an
 * event has room costs a small part of what it costs to write it.
 *
 * @param parts registers by path, in several maps where a path may be in more than one
 */
export function mostEventBytes(
  parts: Iterable<ReadonlyMap<Path, Register>>,
  usersOf: (actor: ActorId) => Iterable<UserId>,
): number {
  let bytes = STAMPS_BYTES;
  let last: ActorId | null = null;
  const actors = new Set<ActorId>();
  const add = (path: Path, value: Value, { actor }: Stamp): void => {
    bytes += 2 * path.length + PROPERTY_BYTES + EXCEPTION_BYTES + mostBytes(value);
    bytes += actor.length * ESCAPED_BYTES;
    // Most registers have the actor of their neighbour.
    if (actor === last || actors.has(actor)) return;
    last = actor;
    actors.add(actor);
    bytes += mostClaimBytes(actor, usersOf(actor));
  };
  for (const registers of parts)
    if (registers instanceof RowRegisters) registers.tellShapes(add);
    else
      registers.forEach(({ value, stamp }, path) => {
        add(path, value, stamp);
      });
  return bytes;
}

/** As the common stamp, and with its claim. */
function mostClaimBytes(actor: ActorId, users: Iterable<UserId>): number {
  let bytes = 2 * (actor.length * ESCAPED_BYTES + 4) + 2;
  for (const user of users) bytes += user.length * ESCAPED_BYTES + 3;
  return bytes;
}

function mostBytes(value: Value): number {
  if (typeof value === 'string') return value.length * ESCAPED_BYTES + 3;
  return value !== null && typeof value === 'object' ? mostTaggedBytes(value) + 3 : NUMBER_BYTES;
}

function mostTaggedBytes(value: Value): number {
  if (typeof value === 'string') return mostTextBytes(value);
  if (value === null || typeof value !== 'object') return NUMBER_BYTES;
  let bytes = 2;
  if (isList(value)) for (const item of value) bytes += mostTaggedBytes(item) + 1;
  else
    for (const [name, member] of Object.entries(value))
      bytes += mostTextBytes(name) + mostTaggedBytes(member) + 2;
  return bytes;
}

function mostTextBytes(text: string): number {
  return text.length * TWICE_ESCAPED_BYTES + 4;
}
