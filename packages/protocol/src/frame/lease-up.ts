import { objectId } from '../wire/ids.ts';
import { choice, integer } from '../wire/scalars.ts';
import { type FrameOf, frameKind } from './frame.ts';

/** The largest frame of a lease, in bytes. */
export const MAX_LEASE_FRAME_BYTES = 512;
const MAX_PRIORITY = 255;

/** Asks to be the one who moves an object. */
export type LeaseUp = FrameOf<typeof leaseUp>;

export const leaseUp = frameKind(
  'lease-up',
  {
    byte: 0x04,
    direction: 'to-relay',
    maxBytes: MAX_LEASE_FRAME_BYTES,
    description: 'Asks for the lease of an object, for more of it, or gives it back.',
  },
  {
    n: integer('Grows by one with each patch and each lease of a socket, from 1.', { minimum: 1 }),
    object: objectId('The object.'),
    want: choice('What is asked.', ['take', 'renew', 'release']),
    priority: integer('A greater one takes the lease from a smaller.', { maximum: MAX_PRIORITY }),
  },
);
