import type { ActorId, Path, UserId } from '../ids.ts';
import { JoinedRegisters } from '../register/joined-registers.ts';
import type { Register } from '../register/register.ts';
import { RowRegisters } from '../register/row-registers.ts';
import { ESCAPED_BYTES, mostWireBytes } from '../value/most-wire-bytes.ts';

/** `"w":{"t":…,"a":…,"h":"…","p":…,"x":{},"u":{}}` and the braces around it all, without the actor. */
const STAMPS_BYTES = 120;
/** `"component":{"property":…},` without the names; the dot of a path makes up for one more. */
const PROPERTY_BYTES = 10;
/** `"path":[time,"actor"],` without the names. */
const EXCEPTION_BYTES = 28;

type Registers = ReadonlyMap<Path, Register>;

/**
 * A bound on the bytes of an object event: it never takes more, and as a rule some four times less. To learn that way that an
 * event has room costs a small part of what it costs to write it. Of an object of a file no value is looked at: what any
 * object there holds of a property counts for all.
 *
 * @param parts registers by path, in several maps where a path may be in more than one
 */
export function mostEventBytes(
  parts: readonly Registers[],
  usersOf: (actor: ActorId) => Iterable<UserId>,
): number {
  let bytes = STAMPS_BYTES;
  const actors: ActorId[] = [];
  const addStamps = (actor: ActorId, count: number): void => {
    const actorBytes = actor.length * ESCAPED_BYTES;
    bytes += count * (PROPERTY_BYTES + EXCEPTION_BYTES + actorBytes);
    if (actors.includes(actor)) return;
    actors.push(actor);
    // As the common stamp, and with its claim.
    bytes += 2 * (actorBytes + 4) + 2;
    for (const user of usersOf(actor)) bytes += user.length * ESCAPED_BYTES + 3;
  };
  const add = (registers: Registers): void => {
    if (registers instanceof JoinedRegisters) {
      add(registers.under);
      add(registers.over);
    } else if (registers instanceof RowRegisters) {
      bytes += registers.mostWireBytes;
      registers.forEachStamp(({ actor }) => addStamps(actor, registers.size));
    } else
      registers.forEach(({ value, stamp }, path) => {
        bytes += 2 * path.length + mostWireBytes(value);
        addStamps(stamp.actor, 1);
      });
  };
  for (const registers of parts) add(registers);
  return bytes;
}
