import { MAX_MESSAGE_CHARACTERS, MAX_REJECT_PROBLEMS } from '../limits.ts';
import { list, nullable } from '../wire/compound.ts';
import type { FieldValue } from '../wire/field.ts';
import { actorId, objectId, path, time } from '../wire/ids.ts';
import { record } from '../wire/record.ts';
import { integer, text, value } from '../wire/scalars.ts';
import { type FrameOf, frameKind } from './frame.ts';

const MAX_CODE_CHARACTERS = 32;
// Each problem may carry a winner of 4 KiB of JSON, in which numbers are at most four times as long on the wire.
const MAX_REJECT_FRAME_BYTES = 1_048_576;

/** One reason why a patch was refused. */
export type RejectProblem = FieldValue<typeof rejectProblem>;

const winner = record('The register that stands instead.', {
  value: value('What it holds.'),
  time: time('When it was written.'),
  actor: actorId('By whom.'),
});

const rejectProblem = record('One reason.', {
  id: objectId('The object.'),
  path: nullable(path('The property; null where the object as a whole is meant.')),
  code: text('Why, for programs.', MAX_CODE_CHARACTERS, 1),
  message: text('Why, for people.', MAX_MESSAGE_CHARACTERS),
  winner: nullable(winner),
});

/** A patch of this client was refused, all of it. */
export type Reject = FrameOf<typeof reject>;

export const reject = frameKind(
  'reject',
  {
    byte: 0x45,
    direction: 'to-client',
    maxBytes: MAX_REJECT_FRAME_BYTES,
    description: 'A patch of this client was refused, all of it.',
  },
  {
    n: integer('The patch, as its sender counted.', { minimum: 1 }),
    problems: list('Why; not every reason need be told.', rejectProblem, MAX_REJECT_PROBLEMS),
  },
);
