import { objectId, session } from '../wire/ids.ts';
import { integer } from '../wire/scalars.ts';
import { type FrameOf, frameKind } from './frame.ts';
import { MAX_LEASE_FRAME_BYTES } from './lease-up.ts';

/** Hands an own lease over. */
export type LeaseHandUp = FrameOf<typeof leaseHandUp>;

export const leaseHandUp = frameKind(
  'lease-hand-up',
  {
    byte: 0x0e,
    direction: 'to-relay',
    maxBytes: MAX_LEASE_FRAME_BYTES,
    description: 'Hands the lease of an object over to another socket, so that nobody takes it in between.',
  },
  {
    n: integer('Grows by one with each patch and each lease of a socket, from 1.', { minimum: 1 }),
    object: objectId('The object.'),
    to: session('The socket that holds it from now on.'),
  },
);
