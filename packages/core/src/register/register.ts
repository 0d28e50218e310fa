import type { Stamp } from '../stamp/stamp.ts';
import type { Value } from '../value/value.ts';

/** One property of one object: the unit of merging. `null` means that the property was removed. */
export interface Register {
  readonly value: Value;
  readonly stamp: Stamp;
}
