import {
  accessRefusal,
  changesIn,
  type ObjectId,
  type ObjectRegisters,
  type Replica,
  type UserId,
} from '@weft/core';
import type { Standing } from './standing.ts';

/** What is dirty, by who brings it to the room. */
export interface DirtyParts {
  /** This client, or it is refused there. */
  readonly own: ObjectRegisters;
  /**
   * A relay: the room takes nothing from this user, whose role allows it all the same, as visitors may move what is
   * grabbable, and sit down.
   */
  readonly carried: ObjectRegisters;
}

const NOTHING: ObjectRegisters = new Map();

export function partDirty(
  replica: Pick<Replica, 'dirty' | 'registers'>,
  standing: Standing,
  userId: UserId,
): DirtyParts {
  const dirty = replica.dirty();
  const { readOnly, membership, encrypted, replacement, level } = standing;
  const isCarrying = readOnly !== null && membership === 'join' && !encrypted && replacement === null;
  if (!isCarrying || dirty.size === 0) return { own: dirty, carried: NOTHING };
  const own = new Map<ObjectId, NonNullable<ReturnType<ObjectRegisters['get']>>>();
  const carried = new Map(own);
  for (const [id, registers] of dirty) {
    const shown = replica.registers(id) ?? new Map();
    const refusal = accessRefusal({ userId, level }, id, shown, changesIn(registers));
    (refusal === null ? carried : own).set(id, registers);
  }
  return { own, carried };
}
