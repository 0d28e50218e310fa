import type { FieldDescription, Value } from '@weft/core';
import type { Studio } from '../state/studio.ts';

/** What every editor of a property gets. */
export interface FieldProps {
  readonly field: FieldDescription;
  /** What readers see: the default where nothing was written. */
  readonly value: Value | undefined;
  readonly disabled: boolean;
  readonly studio: Studio;
  /** @param gesture edits that share one are one undo step; `null` as the value removes the property */
  onChange(value: Value, gesture?: string): void;
}
