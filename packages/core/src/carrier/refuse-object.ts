import { WeftError } from '../errors.ts';
import type { ObjectId } from '../ids.ts';

/** The error for an object that no reader would accept from this carrier. */
export function refuseObject(carrier: string, id: ObjectId): WeftError {
  return new WeftError('invalid-value', {
    what: `write ${id} to ${carrier}`,
    expected:
      'a personal object in the personal event of its owner, any other in a bundle or an object event',
    got: id,
    hint: 'Choose the carrier by the id.',
    by: 'developer',
  });
}
