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
type UsersOf = (actor: ActorId) => Iterable<UserId>;

/**
 * A bound on the bytes of an object event: it never takes more, and as a rule some four times less. To learn that way that an
 * event has room costs a small part of what it costs to write it. Of an object of a file no value is looked at: what any
 * object there holds of a property counts for all.
 *
 * @param parts registers by path, in several maps where a path may be in more than one
 */
export function mostEventBytes(parts: readonly Registers[], usersOf: UsersOf): number {
  const bound = new Bound(usersOf);
  for (const registers of parts) bound.add(registers);
  return bound.bytes;
}

class Bound {
  bytes = STAMPS_BYTES;
  readonly #usersOf: UsersOf;
  #last: ActorId | null = null;
  #others: Set<ActorId> | null = null;

  constructor(usersOf: UsersOf) {
    this.#usersOf = usersOf;
  }

  add(registers: Registers): void {
    if (registers instanceof JoinedRegisters) {
      this.add(registers.under);
      this.add(registers.over);
    } else if (registers instanceof RowRegisters) {
      this.bytes += registers.mostWireBytes;
      registers.forEachStamp(({ actor }) => this.#addStamps(actor, registers.size));
    } else
      registers.forEach(({ value, stamp }, path) => {
        this.bytes += 2 * path.length + mostWireBytes(value);
        this.#addStamps(stamp.actor, 1);
      });
  }

  #addStamps(actor: ActorId, count: number): void {
    this.bytes += count * (PROPERTY_BYTES + EXCEPTION_BYTES + actor.length * ESCAPED_BYTES);
    // Most registers have the actor of their neighbour.
    if (actor === this.#last || this.#others?.has(actor) === true) return;
    if (this.#last !== null) this.#others = (this.#others ?? new Set()).add(this.#last);
    this.#last = actor;
    this.bytes += this.#mostClaimBytes(actor);
  }

  /** As the common stamp, and with its claim. */
  #mostClaimBytes(actor: ActorId): number {
    let bytes = 2 * (actor.length * ESCAPED_BYTES + 4) + 2;
    for (const user of this.#usersOf(actor)) bytes += user.length * ESCAPED_BYTES + 3;
    return bytes;
  }
}
