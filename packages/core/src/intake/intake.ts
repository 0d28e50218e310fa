import { type Change, changesIn } from '../edit/access.ts';
import { checkSize } from '../edit/check-size.ts';
import { WeftError, type WeftErrorDetails } from '../errors.ts';
import { type ActorId, isObjectId, type ObjectId, type Path, type UserId } from '../ids.ts';
import type { ActorClaims } from '../register/actors.ts';
import { isPurged, type Patch } from '../register/patch.ts';
import { isSameRegister, type Register } from '../register/register.ts';
import type { Replica } from '../replica/replica.ts';
import type { Registers } from '../scene/facts.ts';
import { MAX_CLOCK_LEAD_MS } from '../stamp/clock.ts';
import { msOf, type Stamp, type Time, timeFromMs } from '../stamp/stamp.ts';
import type { Author } from './author.ts';
import { checkPermission } from './check-permission.ts';
import { checkPlace } from './check-place.ts';
import { passes } from './passes.ts';

/** Reasons that are given for one patch. */
export const MAX_REFUSALS = 32;

const NO_REFUSALS: readonly IntakeRefusal[] = [];
const NO_REGISTERS: Registers = new Map<Path, Register>();

/** One reason why a patch is refused. */
export interface IntakeRefusal {
  readonly id: ObjectId;
  /** The property; `null` where the object as a whole is meant. */
  readonly path: Path | null;
  readonly error: WeftError;
}

export interface IntakeOptions<A extends Author> {
  readonly replica: Replica;
  /** The corrected clock. */
  readonly now: () => number;
  /** What else has to hold before somebody changes an object so. Throws a WeftError where it does not. Default: nothing. */
  readonly alsoCheck?: (id: ObjectId, changes: readonly Change[], author: A) => void;
}

/**
 * Judges what comes in on a lane, as its author's own client should have: all of a patch or none. Joins nothing. A relay asks
 * it of sockets and services, a client of its peers: what one takes the other does.
 */
export class Intake<A extends Author = Author> {
  readonly #replica: Replica;
  readonly #now: () => number;
  readonly #alsoCheck: (id: ObjectId, changes: readonly Change[], author: A) => void;

  constructor({ replica, now, alsoCheck = () => undefined }: IntakeOptions<A>) {
    this.#replica = replica;
    this.#now = now;
    this.#alsoCheck = alsoCheck;
  }

  /** Why a patch is refused, at most 32 reasons; empty where it is not. Costs what is written, and what rules ask. */
  refusals(patch: Patch, author: A): readonly IntakeRefusal[] {
    // Nearly all that comes passes: only where it does not are the reasons gathered, which takes more.
    if (passes(() => this.#judge(patch, author, null))) return NO_REFUSALS;
    const found: IntakeRefusal[] = [];
    this.#judge(patch, author, found);
    return found.map((refusal) => ({ ...refusal, id: objectOf(refusal, patch) }));
  }

  /** @param found where to put the reasons; `null` to throw the first */
  #judge(patch: Patch, author: A, found: IntakeRefusal[] | null): void {
    const { objects } = patch;
    const first = objects.keys().next().value;
    if (first === undefined) return;
    attempt(found, first, null, () => checkClaims(patch, author));
    const latest = timeFromMs(this.#now() + MAX_CLOCK_LEAD_MS);
    let last: Stamp | null = null;
    for (const [id, { registers }] of objects)
      for (const [path, { stamp }] of registers) {
        // Most registers share the stamp of their neighbour.
        if (stamp === last && isFine(found)) continue;
        last = stamp;
        attempt(found, id, path, () => checkStamp(stamp, author, latest));
      }
    const claims = claimsOf(patch, author);
    for (const [id, { registers }] of objects)
      attempt(found, id, null, () => this.#checkObject(id, registers, { patch, author, claims }));
    // The rules look at the whole patch, which has to make sense by itself first.
    if (isFine(found)) attempt(found, first, null, () => this.#replica.check(patch, author.access));
  }

  /** Whether everything a patch says is here already, so that nobody need be told. */
  isKnown(patch: Patch): boolean {
    const { base } = this.#replica;
    for (const [id, { registers }] of patch.objects) {
      const held = this.#replica.registers(id);
      const purge = base.purgeOf(id);
      for (const [path, register] of registers) {
        const shown = held?.get(path);
        // As a rule it is later than all that is here, and not purged: more need not be asked.
        const isLatest = shown !== undefined && register.stamp.time > shown.stamp.time;
        if (isLatest && !isPurged(register, purge)) return false;
        if (!isSameRegister(shown, register) && !base.dominates(id, path, register)) return false;
      }
    }
    return true;
  }

  #checkObject(
    id: ObjectId,
    written: Registers,
    { patch, author, claims }: { readonly patch: Patch; readonly author: A; readonly claims: ActorClaims },
  ): void {
    const held = this.#replica.registers(id) ?? NO_REGISTERS;
    const changes = changesIn(written);
    checkPermission(author.access, id, held, changes);
    this.#alsoCheck(id, changes, author);
    checkSize(this.#replica, id, { held, written, claims });
    checkPlace(id, patch, (at) => this.#replica.registers(at));
  }
}

function attempt(found: IntakeRefusal[] | null, id: ObjectId, path: Path | null, check: () => void): void {
  if (found === null) {
    check();
    return;
  }
  if (found.length === MAX_REFUSALS) return;
  try {
    check();
  } catch (error) {
    if (!(error instanceof WeftError)) throw error;
    found.push({ id, path, error });
  }
}

function isFine(found: readonly IntakeRefusal[] | null): boolean {
  return found === null || found.length === 0;
}

/** Everybody under whose stamps it was written, as its author. */
function claimsOf({ objects }: Patch, { access: { userId } }: Author): ActorClaims {
  const claims = new Map<ActorId, ReadonlySet<UserId>>();
  const users = new Set([userId]);
  let last: Stamp | null = null;
  for (const { registers } of objects.values())
    for (const { stamp } of registers.values()) {
      if (stamp === last) continue;
      last = stamp;
      claims.set(stamp.actor, users);
    }
  return claims;
}

/** A patch may say of its own actors whose they are, and nothing else. */
function checkClaims({ actors }: Patch, author: Author): void {
  for (const [actor, users] of actors)
    if (!author.mayBe(actor) || users.size !== 1 || !users.has(author.access.userId))
      throw forbidden({
        what: `say who ${actor} is`,
        expected: `claims of own actors, as ${author.access.userId}`,
        got: [...users].join(', '),
      });
}

function checkStamp(stamp: Stamp, author: Author, latest: Time): void {
  if (!author.mayBe(stamp.actor))
    throw forbidden({ what: 'write', expected: 'a stamp of an own actor', got: stamp.actor });
  if (stamp.time <= latest) return;
  throw new WeftError('limit', {
    what: 'write',
    expected: `a stamp at most ${MAX_CLOCK_LEAD_MS / 1000} s ahead of the clock of whoever takes it`,
    got: `one ${msOf(stamp.time) - msOf(latest)} ms later`,
    hint: 'Set the clock of this device, and write it again.',
  });
}

function forbidden(details: Omit<WeftErrorDetails, 'hint'>): WeftError {
  return new WeftError('forbidden', { hint: 'Write as yourself.', ...details });
}

/** A rule names the object that it is about, which may be another than the first. */
function objectOf({ id, error }: IntakeRefusal, patch: Patch): ObjectId {
  return isObjectId(error.path) && patch.objects.has(error.path) ? error.path : id;
}
