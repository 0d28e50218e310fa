import { isPersonalObjectOf, writerHashOf } from '../carrier/writer-key.ts';
import type { WeftErrorDetails } from '../errors.ts';
import { isPersonalObjectId, type ObjectId, type Path, parsePath, type UserId } from '../ids.ts';
import type { Register } from '../register/register.ts';
import { LOCKED_PATH, ORDER_PATH, OWNER_PATH } from '../scene/facts.ts';
import type { Value } from '../value/value.ts';

const GRABBABLE_PATH = parsePath('interact.grabbable');
/** What visitors may write of an object that is grabbable: where it is, and how it is turned. */
const GRAB_PATHS: ReadonlySet<Path> = new Set(['transform.position', 'transform.rotation'].map(parsePath));
/** Who sits on a seat. */
export const OCCUPANT_PATH = parsePath('seat.occupant');
/** What makes an object a seat. */
const SEAT_PATHS: readonly Path[] = [OCCUPANT_PATH, ...['seat.offset', 'seat.label'].map(parsePath)];

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

/** A property, and what is to be written there; `undefined` to ask whether anything at all may be. */
export type Change = readonly [path: Path, value: Value | undefined];

/** Registers as changes of an object. */
export function changesIn(registers: ReadonlyMap<Path, Register>): readonly Change[] {
  const changes: Change[] = [];
  registers.forEach(({ value }, path) => {
    changes.push([path, value]);
  });
  return changes;
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
 * touched it, unless it is locked or somebody else's, and everybody may sit down on a seat, and stand up from it, as
 * themselves: a lock keeps a bench where it is, not people off it. The room takes nothing of visitors, so a relay has to
 * bring it there.
 *
 * It binds honest clients: the reduction shows what the homeserver accepted, whoever wrote it.
 *
 * @param object as it is before the edit; `null` for a new one
 */
export function canEdit(
  access: EditAccess,
  id: ObjectId,
  object: WrittenObject | null,
  changes: readonly Change[],
): Refusal | null {
  if (!(access.level >= ROLE_LEVELS.builder) && !isForVisitors(access, id, object, changes))
    return readOnly(access);
  if (isPersonalObjectId(id) && !isPersonalObjectOf(writerHashOf(access.userId), id)) return personal(access);
  if (access.level >= ROLE_LEVELS.steward || object === null) return null;
  const owner = object.get(OWNER_PATH);
  const hasOwner = typeof owner === 'string' && owner !== '';
  const isLocked = object.get(LOCKED_PATH) === true;
  if (owner === access.userId || (!hasOwner && !isLocked)) return null;
  if (changes.every((change) => change[0] === ORDER_PATH || isSitting(access, object, change))) return null;
  return hasOwner ? owned(access, owner) : locked(access);
}

function isForVisitors(
  access: EditAccess,
  id: ObjectId,
  object: WrittenObject | null,
  changes: readonly Change[],
): boolean {
  if (!(access.level >= ROLE_LEVELS.visitor) || isPersonalObjectId(id) || object === null) return false;
  const isGrabbable = object.get(GRABBABLE_PATH) === true;
  return changes.every(
    (change) => (isGrabbable && GRAB_PATHS.has(change[0])) || isSitting(access, object, change),
  );
}

/** Whether somebody sits down as themselves, or frees a seat that names them, or nobody. */
function isSitting({ userId }: EditAccess, object: WrittenObject, [path, value]: Change): boolean {
  if (path !== OCCUPANT_PATH || SEAT_PATHS.every((each) => object.get(each) === undefined)) return false;
  if (value !== null) return value === undefined || value === userId;
  const occupant = object.get(OCCUPANT_PATH);
  return occupant === undefined || occupant === userId;
}

function readOnly({ userId, level }: EditAccess): Refusal {
  return {
    code: 'read-only',
    expected: `a power level of at least ${ROLE_LEVELS.builder} (builder), or to move what is grabbable, or to sit down`,
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
