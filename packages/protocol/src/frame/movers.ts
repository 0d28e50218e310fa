import { MAX_MOVERS } from '../limits.ts';
import { MAX_MOVER_HANDLE } from '../pose/mover-handle.ts';
import { list, nullable } from '../wire/compound.ts';
import type { FieldValue } from '../wire/field.ts';
import { objectId, session } from '../wire/ids.ts';
import { record } from '../wire/record.ts';
import { integer } from '../wire/scalars.ts';
import { type FrameOf, frameKind } from './frame.ts';
import { partSet } from './mover-up.ts';

const MAX_MOVERS_FRAME_BYTES = 131_072;

/** Which movers there are. */
export type Movers = FrameOf<typeof movers>;
/** One of them. */
export type MoverEntry = FieldValue<typeof moverEntry>;

const moverEntry = record('What moves.', {
  handle: handle('What it is called in frames of poses; given once in a run.'),
  session: session('The socket that moves it.'),
  object: nullable(objectId('The object that is moved under a lease; null for an avatar.')),
  parts: partSet('What it has beside its body.'),
});

export const movers = frameKind(
  'movers',
  {
    byte: 0x53,
    direction: 'to-client',
    maxBytes: MAX_MOVERS_FRAME_BYTES,
    description: "Which movers are there from now on, this client's own included, and which are no more.",
  },
  {
    appeared: list('New ones, before any pose of them.', moverEntry, MAX_MOVERS),
    left: list('Those that are gone.', handle('A mover.'), MAX_MOVERS),
  },
);

function handle(description: string) {
  return integer(description, { minimum: 1, maximum: MAX_MOVER_HANDLE });
}
