import { objectId, sessionOrNobody } from '../wire/ids.ts';
import { integer } from '../wire/scalars.ts';
import { type FrameOf, frameKind } from './frame.ts';
import { MAX_LEASE_FRAME_BYTES } from './lease-up.ts';

/** Who moves an object from now on. */
export type LeaseDown = FrameOf<typeof leaseDown>;

export const leaseDown = frameKind(
  'lease-down',
  {
    byte: 0x48,
    direction: 'to-client',
    maxBytes: MAX_LEASE_FRAME_BYTES,
    description: 'Who holds the lease of an object from now on.',
  },
  {
    object: objectId('The object.'),
    holder: sessionOrNobody('The socket that holds it; 0 for nobody.'),
    fence: fence('Of this lease.'),
    expiresMs: integer("When it ends, by the relay's clock, in milliseconds since 1970."),
  },
);

/** Grows with every lease of an object: what comes under a smaller one is late. */
export function fence(description: string) {
  return integer(description);
}
