import type { EditAccess } from '../edit/access.ts';
import { changesOf } from '../edit/compose.ts';
import type { EditSource } from '../edit/source.ts';
import { WeftError } from '../errors.ts';
import type { ObjectId, Path } from '../ids.ts';
import type { Patch } from '../register/patch.ts';
import type { Value } from '../value/value.ts';
import { type Contribution, contributionWrites } from './contribution.ts';
import { MAX_CONTRIBUTION_BYTES } from './limits.ts';
import { EPOCH_PATH } from './slot-path.ts';

/**
 * The patch that puts a contribution into a slot of a document, in the document's epoch: an edit like any other, but for
 * undo, which the document has of its own.
 *
 * @throws WeftError `limit` past 144,000 bytes, and what `composeEdit` throws for roles, owners, locks and rules
 */
export function composeContribution(
  source: EditSource,
  access: EditAccess,
  object: ObjectId,
  contribution: Pick<Contribution, 'slot' | 'update'>,
): Patch {
  const { length } = contribution.update;
  if (length > MAX_CONTRIBUTION_BYTES) throw tooLarge(object, length);
  const registers = source.registers(object) ?? new Map();
  return compose(source, access, object, contributionWrites(registers, contribution));
}

/**
 * The patch that begins a new epoch of a document: what was contributed before counts no more.
 *
 * @param epoch 1 to 24 of A-Z a-z 0-9 _ -, never used before
 * @throws as `composeContribution`
 */
export function composeEpoch(source: EditSource, access: EditAccess, object: ObjectId, epoch: string): Patch {
  return compose(source, access, object, new Map([[EPOCH_PATH, epoch]]));
}

function compose(
  source: EditSource,
  access: EditAccess,
  object: ObjectId,
  writes: ReadonlyMap<Path, Value>,
): Patch {
  const { patch } = changesOf(new Map([[object, writes]]), source, access);
  if (patch.objects.size > 0) source.check(patch, access);
  return patch;
}

function tooLarge(object: ObjectId, bytes: number): WeftError {
  return new WeftError('limit', {
    what: `save the document of ${object}`,
    expected: `at most ${MAX_CONTRIBUTION_BYTES} bytes`,
    got: `${bytes} bytes`,
    hint: 'Keep large content in an asset, or begin the document anew with what is still needed.',
    path: object,
  });
}
