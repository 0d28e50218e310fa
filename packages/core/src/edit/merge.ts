import { WeftError } from '../errors.ts';
import { type ActorId, isPersonalObjectId, type ObjectId, type Path, type UserId } from '../ids.ts';
import { entriesOf, isPurged, type ObjectPatch, type Patch, patchOf } from '../register/patch.ts';
import { newest, type Register } from '../register/register.ts';
import type { Registers } from '../scene/facts.ts';
import type { Time } from '../stamp/stamp.ts';
import { changesIn, type EditAccess } from './access.ts';
import { checkSize } from './check-size.ts';
import { checkAccess, MAX_EDIT_OBJECTS, tooManyObjects } from './compose.ts';
import type { EditSource } from './source.ts';

/** What a patch of a file is merged into: `Replica` is one. */
export interface MergeTarget extends EditSource {
  /** The part of a patch that is not ahead of time. */
  admissible(patch: Patch): Patch;
}

/** A merge that is ready to be written. */
export interface ComposedMerge {
  /** The registers that are news here, under their own stamps, with the claims of their authors; no purges. */
  readonly patch: Patch;
  /** Objects left out since only their owner's own carrier may hold them. */
  readonly personal: readonly ObjectId[];
}

/**
 * What joining the registers of a file would write; writes nothing. All of it or none. Registers keep their stamps, so
 * that copies edited apart merge to the same world in either order; purges stay in the file, since only a room purges.
 * The user answers for all that is new, as for an edit of their own.
 *
 * @throws WeftError `bad-file` for stamps of the future, `read-only` and `forbidden` where `canEdit` refuses, `limit`
 *   past 5000 objects that change or 8 KiB for one of them, `rule` and `schema` as for any edit
 */
export function composeMerge(target: MergeTarget, access: EditAccess, file: Patch): ComposedMerge {
  const registers = patchOf({ registers: entriesOf(file) });
  if (target.admissible(registers) !== registers) throw ahead();
  const news = new Map<ObjectId, ObjectPatch>();
  const personal: ObjectId[] = [];
  const claims = new Map<ActorId, ReadonlySet<UserId>>();
  for (const [id, object] of registers.objects) {
    const held: Registers = target.registers(id) ?? new Map<Path, Register>();
    const fresh = freshOf(object.registers, held, target.purgeOf(id));
    if (fresh.size === 0) continue;
    if (isPersonalObjectId(id)) {
      personal.push(id);
      continue;
    }
    if (news.size === MAX_EDIT_OBJECTS) throw tooManyObjects(registers.objects.size);
    checkAccess(access, id, held, changesIn(fresh));
    const claimed = claimsOf(fresh, file);
    checkSize(target, id, { held, written: fresh, claims: claimed });
    for (const [actor, users] of claimed) claims.set(actor, users);
    news.set(id, { registers: fresh, purge: null });
  }
  const patch = patchOf({ registers: entriesOf({ objects: news, actors: new Map() }), actors: claims });
  if (news.size > 0) target.check(patch, access);
  return { patch, personal };
}

/** What wins against what is held. */
function freshOf(offered: Registers, held: Registers, purge: Time | null): Map<Path, Register> {
  const fresh = new Map<Path, Register>();
  for (const [path, register] of offered) {
    const known = held.get(path);
    if (isPurged(register, purge) || (known !== undefined && newest(known, register) === known)) continue;
    fresh.set(path, register);
  }
  return fresh;
}

function claimsOf(registers: Registers, { actors }: Patch): Map<ActorId, ReadonlySet<UserId>> {
  const claims = new Map<ActorId, ReadonlySet<UserId>>();
  for (const { stamp } of registers.values()) {
    const users = actors.get(stamp.actor);
    if (users !== undefined) claims.set(stamp.actor, users);
  }
  return claims;
}

function ahead(): WeftError {
  return new WeftError('bad-file', {
    what: 'merge a file',
    expected: 'values that were written before now',
    got: 'some that are stamped more than ten minutes ahead of the homeserver',
    hint: 'A clock was wrong where it was written. Import it as a copy, which stamps everything anew.',
  });
}
