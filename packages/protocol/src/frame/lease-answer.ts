import { sessionOrNobody } from '../wire/ids.ts';
import { flag, integer } from '../wire/scalars.ts';
import { MAX_SMALL_FRAME_BYTES } from './clock-up.ts';
import { type FrameOf, frameKind } from './frame.ts';
import { fence } from './lease-down.ts';

/** Whether a lease was given. */
export type LeaseAnswer = FrameOf<typeof leaseAnswer>;

export const leaseAnswer = frameKind(
  'lease-answer',
  {
    byte: 0x49,
    direction: 'to-client',
    maxBytes: MAX_SMALL_FRAME_BYTES,
    description: 'Whether what was asked of a lease was done.',
  },
  {
    n: integer('What was asked, as the client counted.', { minimum: 1 }),
    ok: flag('Whether it was done.'),
    holder: sessionOrNobody('Who holds the lease now; 0 for nobody.'),
    fence: fence('Of that lease.'),
    expiresMs: integer("When it ends, by the relay's clock, in milliseconds since 1970; 0 for none."),
  },
);
