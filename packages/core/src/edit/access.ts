import { isPersonalObjectOf, writerHashOf } from '../carrier/writer-key.ts';
import type { WeftErrorDetails } from '../errors.ts';
import { isPersonalObjectId, type ObjectId, type Path, parsePath, type UserId } from '../ids.ts';
import { LOCKED_PATH, ORDER_PATH, OWNER_PATH } from '../scene/facts.ts';
import type { Value } from '../value/value.ts';

const GRABBABLE_PATH = parsePath('interact.grabbable');
/** What visitors may write of an object that is grabbable: where it is, and how it is turned. */
const GRAB_PATHS: ReadonlySet<Path> = new Set(['transform.position', 'transform.rotation'].map(parsePath));

/** What a Matrix power level lets one do in a world, least first. Room creators of version 12 rooms are above all. */
export const ROLE_LEVELS = { visitor: 0, builder: 25, steward: 50, owner: 100 } as const;

export type Role = keyof typeof ROLE_LEVELS;

/** Who edits, and with which power level (infinite for the creators of a version 12 room). */
export interface EditAccess {
  readonly userId: UserId;
  readonly level: number;
}

/** Why an edit is not allowed. */
export interface Refusal extends Pick<WeftErrorDetails, 'expected' | 'got' | 'hint'> {
  readonly code: 'read-only' | 'forbidden';
  readonly by: 'steward' | 'owner' | 'developer';
}

/** The properties of an object as written; `SceneObject` is one. */
export interface WrittenObject {
  get(path: Path): Value | undefined;
}

export function roleOf(level: number): Role {
  if (level >= ROLE_LEVELS.owner) return 'owner';
  if (level >= ROLE_LEVELS.steward) return 'steward';
  return level >= ROLE_LEVELS.builder ? 'builder' : 'visitor';
}

/**
 * Whether somebody may write these properties of an object: the one rule that authors and relays apply at admission.
 * Builders may, unless the object is locked or belongs to somebody else; stewards always may, but for what is personal:
 * no carrier takes that from anybody but its user. `node.order` is not protected: where an object stands among its
 * siblings is its parent's affair. Visitors may put elsewhere, and turn, what was marked `interact.grabbable` before they
 * touched it, unless it is locked or somebody else's; the room takes nothing of theirs, so a relay has to bring it there.
 *
 * It binds honest clients: the reduction shows what the homeserver accepted, whoever wrote it.
 *
 * @param object as it is before the edit; `null` for a new one
 */
export function canEdit(
  access: EditAccess,
  id: ObjectId,
  object: WrittenObject | null,
  paths: Iterable<Path>,
): Refusal | null {
  if (!(access.level >= ROLE_LEVELS.builder) && !isGrab(access, id, object, paths)) return readOnly(access);
  if (isPersonalObjectId(id) && !isPersonalObjectOf(writerHashOf(access.userId), id)) return personal(access);
  if (access.level >= ROLE_LEVELS.steward || object === null) return null;
  const owner = object.get(OWNER_PATH);
  const hasOwner = typeof owner === 'string' && owner !== '';
  const isLocked = object.get(LOCKED_PATH) === true;
  if (owner === access.userId || (!hasOwner && !isLocked)) return null;
  for (const path of paths) if (path !== ORDER_PATH) return hasOwner ? owned(access, owner) : locked(access);
  return null;
}

function isGrab(
  { level }: EditAccess,
  id: ObjectId,
  object: WrittenObject | null,
  paths: Iterable<Path>,
): boolean {
  if (!(level >= ROLE_LEVELS.visitor) || isPersonalObjectId(id)) return false;
  if (object?.get(GRABBABLE_PATH) !== true) return false;
  for (const path of paths) if (!GRAB_PATHS.has(path)) return false;
  return true;
}

function readOnly({ userId, level }: EditAccess): Refusal {
  return {
    code: 'read-only',
    expected: `a power level of at least ${ROLE_LEVELS.builder} (builder), or to move what is grabbable`,
    got: `${level} for ${userId}`,
    hint: 'Ask an owner of the world to make you a builder.',
    by: 'owner',
  };
}

function personal({ userId }: EditAccess): Refusal {
  return {
    code: 'forbidden',
    expected: 'the user whose personal object it is',
    got: userId,
    hint: 'Leave it as it is: nobody else can change it.',
    by: 'developer',
  };
}

function owned({ userId }: EditAccess, owner: string): Refusal {
  return {
    code: 'forbidden',
    expected: `its owner ${owner}, or a steward`,
    got: userId,
    hint: 'Ask its owner or a steward to change it or to give it away.',
    by: 'steward',
  };
}

function locked({ userId }: EditAccess): Refusal {
  return {
    code: 'forbidden',
    expected: 'a steward, since the object is locked and has no owner',
    got: userId,
    hint: 'Ask a steward to unlock it.',
    by: 'steward',
  };
}
