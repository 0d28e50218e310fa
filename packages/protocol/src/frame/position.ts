import type { FieldValue } from '../wire/field.ts';
import { runId } from '../wire/ids.ts';
import { record } from '../wire/record.ts';
import { integer } from '../wire/scalars.ts';

/** A place in what one run of a relay said: numbers of two runs do not compare. */
export type Position = FieldValue<ReturnType<typeof position>>;

export function position(description: string) {
  return record(description, {
    run: runId('The run that counted.'),
    seq: sequence('The last patch that counts.'),
  });
}

/** Counts what a relay hands on, from 1 in each run; 0 is before all of it. */
export function sequence(description: string) {
  return integer(description);
}
