import { LANE_VERSION, MAX_FRAME_BYTES, MAX_PEOPLE } from '../limits.ts';
import { list, nullable } from '../wire/compound.ts';
import type { FieldValue } from '../wire/field.ts';
import { runId, session } from '../wire/ids.ts';
import { record } from '../wire/record.ts';
import { choice, constant, integer } from '../wire/scalars.ts';
import { type FrameOf, frameKind } from './frame.ts';
import { personEntry, powerLevel } from './person-entry.ts';
import { sequence } from './position.ts';

/** What a relay takes of one client. */
export type LaneLimits = FieldValue<typeof laneLimits>;

const laneLimits = record('What the relay takes of one client.', {
  frameBytes: integer('The largest frame.', { minimum: 1 }),
  patchBytes: integer('The largest patch.', { minimum: 1 }),
  patchObjects: integer('Objects of one patch.', { minimum: 1 }),
  framesPerSecond: integer('Frames in a second, for long.', { minimum: 1 }),
  frameBurst: integer('Frames at once.', { minimum: 1 }),
  bytesPerSecond: integer('Bytes in a second, for long.', { minimum: 1 }),
});

/** The answer to hello. */
export type Welcome = FrameOf<typeof welcome>;

export const welcome = frameKind(
  'welcome',
  {
    byte: 0x41,
    direction: 'to-client',
    maxBytes: MAX_FRAME_BYTES,
    description: 'The answer to hello: what comes next, and who is there.',
  },
  {
    version: constant('Of the lane.', LANE_VERSION),
    run: runId('The run of the relay that counts from here.'),
    session: session('This socket.'),
    through: sequence('The client is up to date when it has this; live from the next on.'),
    missed: integer('How many patches and retractions follow, beside the snapshot, before it is up to date.'),
    resumed: nullable(
      sequence(
        'Up to where the relay vouches for what the run that hello named said: the rest was lost unless it is said again. Null where it named none, or one that is not known.',
      ),
    ),
    kind: choice(
      'What comes first: a snapshot, the patches that were missed, or only what the room does not hold.',
      ['snapshot', 'difference', 'live-only'],
    ),
    snapshotBytes: integer('Bytes of the snapshot that follows; 0 where none does.'),
    snapshotObjects: integer('Objects of that snapshot.'),
    committed: sequence('What the journal of the relay holds for good.'),
    level: powerLevel('Of the user in the room.'),
    nowMs: integer("The relay's clock, in milliseconds since 1970."),
    limits: laneLimits,
    people: list('Who is connected, this socket included.', personEntry, MAX_PEOPLE),
  },
);
