import { type ObjectId, type Patch, Replica } from '@weft/core';

/** What a client holds against what a newcomer would read of the room at the same moment. */
export interface Verification {
  /** Whether both are the same, register by register. */
  readonly isEqual: boolean;
  /** The set hash of all that this client ever had from the room: 32 hexadecimal digits. */
  readonly hash: string;
  /** The set hash of what a newcomer would read. */
  readonly roomHash: string;
  /** Objects of which the room lost something that this client holds. */
  readonly lost: readonly ObjectId[];
  /** Objects of which this client lacks something that the room holds: never, unless something is broken. */
  readonly lacking: readonly ObjectId[];
}

/**
 * Reads the room's carriers into a replica of its own and compares. Where the hashes are equal nothing else is looked at.
 * Costs the whole world.
 *
 * @param carried what the current carriers say
 * @param now milliseconds of the corrected clock
 */
export function verify(
  replica: Pick<Replica, 'base' | 'setHash' | 'clock'>,
  carried: Iterable<Patch>,
  now: () => number,
): Verification {
  const newcomer = new Replica({ actor: replica.clock.actor, now });
  newcomer.receiveAll(carried, 'matrix');
  const hash = replica.setHash();
  const roomHash = newcomer.setHash();
  if (hash === roomHash) return { isEqual: true, hash, roomHash, lost: [], lacking: [] };
  const lost = lackedBy(newcomer, replica);
  const lacking = lackedBy(replica, newcomer);
  return { isEqual: false, hash, roomHash, lost, lacking };
}

/** The objects of which one replica does not hold all that the other does. */
function lackedBy(one: Pick<Replica, 'base'>, other: Pick<Replica, 'base'>): ObjectId[] {
  const lacked: ObjectId[] = [];
  for (const id of other.base.ids()) {
    const held = [...(other.base.get(id) ?? [])];
    if (!held.every(([path, register]) => one.base.dominates(id, path, register))) lacked.push(id);
  }
  return lacked;
}
