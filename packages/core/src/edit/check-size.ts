import { slotPlaceOf } from '../document/slot-path.ts';
import { WeftError } from '../errors.ts';
import { encodeObjectEvent } from '../event/encode.ts';
import { MAX_OBJECT_COMPONENTS, MAX_OBJECT_EVENT_BYTES } from '../event/limits.ts';
import { mostEventBytes } from '../event/most-event-bytes.ts';
import type { ActorId, ObjectId, UserId } from '../ids.ts';
import type { ActorClaims } from '../register/actors.ts';
import { eventParts } from '../replica/writable.ts';
import type { Registers } from '../scene/facts.ts';
import type { EditSource } from './source.ts';

/** What an object would hold. */
export interface Written {
  /** The registers that it has. */
  readonly held: Registers;
  /** Those that come on top. */
  readonly written: Registers;
  /** Who wrote them. */
  readonly claims: ActorClaims;
}

/**
 * The contributions to a document do not count: an object with a long one has no event of its own, and stays to be moved
 * and named like any other.
 *
 * @throws WeftError `limit` where an event cannot hold the registers and the claims of who wrote them
 */
export function checkSize(
  source: Pick<EditSource, 'usersOf' | 'purgeOf'>,
  id: ObjectId,
  { held, written, claims }: Written,
): void {
  const usersOf = (actor: ActorId): ReadonlySet<UserId> => claims.get(actor) ?? source.usersOf(actor);
  if (held.size + written.size <= MAX_OBJECT_COMPONENTS) {
    // Nearly always there is room, and an event need not be written to know it.
    if (mostEventBytes([held, written], usersOf) <= MAX_OBJECT_EVENT_BYTES) return;
  }
  const registers = new Map([...held, ...written].filter(([path]) => slotPlaceOf(path) === null));
  if (registers.size === 0) return;
  // An object of a file was judged by the largest one.
  if (
    registers.size <= MAX_OBJECT_COMPONENTS &&
    mostEventBytes([registers], usersOf) <= MAX_OBJECT_EVENT_BYTES
  )
    return;
  try {
    encodeObjectEvent(eventParts(registers, usersOf, source.purgeOf(id)));
  } catch (error) {
    if (!(error instanceof WeftError)) throw error;
    const { code, expected, got, hint } = error;
    throw new WeftError(code, { what: `change ${id}`, expected, got, hint, path: id, cause: error });
  }
}
