import { isPersonalObjectOf, writerHashOf } from '../carrier/writer-key.ts';
import type { Change, EditAccess } from '../edit/access.ts';
import { checkAccess } from '../edit/compose.ts';
import { WeftError } from '../errors.ts';
import { isPersonalObjectId, type ObjectId } from '../ids.ts';
import type { Registers } from '../scene/facts.ts';

/**
 * Whether somebody may write these properties of an object on a lane: what authors ask, and that a personal object is its
 * owner's alone.
 *
 * @param registers as they are before
 * @throws WeftError `read-only`, `forbidden`
 */
export function checkPermission(
  access: EditAccess,
  id: ObjectId,
  registers: Registers,
  changes: readonly Change[],
): void {
  if (!isPersonalObjectId(id)) {
    checkAccess(access, id, registers, changes);
    return;
  }
  if (isPersonalObjectOf(writerHashOf(access.userId), id)) return;
  throw new WeftError('forbidden', {
    what: `change ${id}`,
    expected: 'its owner, since it is a personal object',
    got: access.userId,
    hint: 'Make an object of the world instead, or leave it to its owner.',
    path: id,
  });
}
