import { type ObjectId, type Path, propertyOf } from '../ids.ts';
import { RowRegisters } from '../register/row-registers.ts';
import { CREATED_PATH, heldPaths, peekAt, type Registers } from '../scene/facts.ts';
import { TICKS_PER_MS } from '../stamp/stamp.ts';
import { compareUtf8 } from '../value/utf8.ts';
import type { Value } from '../value/value.ts';

/** All that a rule may know of an object. Authorship is not among it. */
export interface RuleFacts {
  readonly id: ObjectId;
  readonly registers: Registers;
  /** The registers of what it hangs from; `null` at the root. */
  readonly parent: Registers | null;
  readonly parentId: ObjectId;
  /** Whether it hangs below an object, at any depth. */
  isBelow(id: ObjectId): boolean;
  /** Its origin in the world, in metres. */
  origin(): readonly [number, number, number];
}

export function writtenAt(registers: Registers, path: Path): Value {
  return peekAt(registers, path) ?? null;
}

/** The properties of one component as written, in UTF-8 order of their names. */
export function propertiesOf(registers: Registers, component: string): ReadonlyMap<string, Value> {
  const properties = new Map<string, Value>();
  for (const path of [...heldPaths(registers, `${component}.`)].sort(compareUtf8)) {
    const value = peekAt(registers, path);
    if (value !== undefined) properties.set(propertyOf(path), value);
  }
  return properties;
}

/**
 * When an object counts as made, in clock ticks: the earliest stamp among its registers, or `node.created` where that is
 * earlier. Registers stay plain last-writer-wins. To make another's object count as younger one has to overwrite every
 * register that it has, which takes the right to delete it; to make one's own count as older takes no more than a lie.
 */
export function createdTicks(registers: Registers): number {
  const created = earliestTime(registers);
  const claim = writtenAt(registers, CREATED_PATH);
  if (typeof claim !== 'number' || !Number.isSafeInteger(claim) || claim < 0) return created;
  return Math.min(created, claim * TICKS_PER_MS);
}

function earliestTime(registers: Registers): number {
  if (registers instanceof RowRegisters) return registers.earliestTime() ?? Number.POSITIVE_INFINITY;
  let earliest = Number.POSITIVE_INFINITY;
  for (const { stamp } of registers.values()) if (stamp.time < earliest) earliest = stamp.time;
  return earliest;
}
