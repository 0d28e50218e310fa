import { compareStamps, type Stamp } from '../stamp/stamp.ts';
import { compareValues, isSameValue } from '../value/canonical.ts';
import type { Value } from '../value/value.ts';

/** One property of one object: the unit of merging. `null` means that the property was removed. */
export interface Register {
  readonly value: Value;
  readonly stamp: Stamp;
}

/** The greater register wins: later time, then greater actor, then greater canonical value. */
export function compareRegisters(a: Register, b: Register): number {
  if (a === b) return 0;
  return compareStamps(a.stamp, b.stamp) || compareValues(a.value, b.value);
}

/** The winner of two registers; the first where they are equal. */
export function newest(a: Register, b: Register): Register {
  return compareRegisters(b, a) > 0 ? b : a;
}

/** Whether there is a register and it is just this one. */
export function isSameRegister(a: Register | undefined, b: Register): boolean {
  if (a === undefined || a === b) return a !== undefined;
  return compareStamps(a.stamp, b.stamp) === 0 && isSameValue(a.value, b.value);
}
