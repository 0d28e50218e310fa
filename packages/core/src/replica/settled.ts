import type { ObjectId, Path } from '../ids.ts';
import { isPurged, type RegisterEntry } from '../register/patch.ts';
import { compareRegisters, type Register } from '../register/register.ts';
import type { Time } from '../stamp/stamp.ts';

/** A register that left `pending` because the room's state dominates it. */
export interface Settled extends RegisterEntry {
  /** `durable`: it is the winner; `superseded`: somebody's newer register is; `purged`: the object was purged since. */
  readonly outcome: 'durable' | 'superseded' | 'purged';
  /** The register that holds now; `null` where there is none. */
  readonly winner: Register | null;
}

/** The join of the room's current state, as far as it is not ahead of time (`Replica.admissible`). */
export interface RoomState {
  dominates(id: ObjectId, path: Path, register: Register): boolean;
}

/** What became of a register that the base dominates. */
export function outcomeOf(
  register: Register,
  winner: Register | null,
  purge: Time | null,
): Settled['outcome'] {
  if (isPurged(register, purge)) return 'purged';
  return winner !== null && compareRegisters(winner, register) > 0 ? 'superseded' : 'durable';
}
