import type { ObjectId, Patch, Path, RestoreOptions } from '@weft/core';

/** What to restore, and from where. */
export interface RestoreRequest {
  /** What was: `await world.at(time)`, a file that was opened, or an earlier `toPatch`. */
  readonly from: Patch | { toPatch(): Patch; readonly complete?: boolean };
  /** The objects to restore; default all that were visible then or are visible now. */
  readonly objects?: readonly ObjectId[];
  /** The properties to restore; default all. */
  readonly paths?: readonly Path[];
  /** What undo calls it; default `restore`. */
  readonly name?: string;
}

/** The same, as composing takes it. */
export function restoreOptions({ from, objects, paths }: RestoreRequest): RestoreOptions {
  const isPatch = !('toPatch' in from);
  return {
    from: isPatch ? from : from.toPatch(),
    complete: isPatch || from.complete !== false,
    ...(objects === undefined ? {} : { objects }),
    ...(paths === undefined ? {} : { paths }),
  };
}
