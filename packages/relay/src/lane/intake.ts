import {
  type ActorId,
  checkSize,
  compareRegisters,
  entriesOf,
  isObjectId,
  MAX_CLOCK_LEAD_MS,
  msOf,
  type ObjectId,
  type ObjectPatch,
  type Patch,
  type Path,
  type Register,
  type Registers,
  type Replica,
  type Time,
  timeFromMs,
  type UserId,
  WeftError,
  type WeftErrorDetails,
} from '@weft/core';
import { MAX_MESSAGE_CHARACTERS, MAX_REJECT_PROBLEMS, type RejectProblem } from '@weft/protocol';
import type { Author } from './author.ts';
import type { Lease } from './leases.ts';
import { checkPermission } from './permission.ts';
import { checkPlace } from './tree-check.ts';

const TRANSFORM_PREFIX = 'transform.';
const NO_REGISTERS: Registers = new Map<Path, Register>();

/** One reason why a patch is refused. */
export interface IntakeRefusal {
  readonly id: ObjectId;
  /** The property; `null` where the object as a whole is meant. */
  readonly path: Path | null;
  readonly error: WeftError;
}

export interface IntakeOptions {
  readonly replica: Replica;
  readonly now: () => number;
  readonly leaseOf: (id: ObjectId) => Lease | null;
}

/** Judges what comes in, as its author's own client should have: all of a patch or none. Joins nothing. */
export class Intake {
  readonly #replica: Replica;
  readonly #now: () => number;
  readonly #leaseOf: (id: ObjectId) => Lease | null;

  constructor({ replica, now, leaseOf }: IntakeOptions) {
    this.#replica = replica;
    this.#now = now;
    this.#leaseOf = leaseOf;
  }

  /** Why a patch is refused, at most 32 reasons; empty where it is not. Costs what is written, and what rules ask. */
  refusals(patch: Patch, author: Author): readonly IntakeRefusal[] {
    const found: IntakeRefusal[] = [];
    const attempt = (id: ObjectId, path: Path | null, check: () => void): void => {
      if (found.length === MAX_REJECT_PROBLEMS) return;
      try {
        check();
      } catch (error) {
        if (!(error instanceof WeftError)) throw error;
        found.push({ id, path, error });
      }
    };
    const first = patch.objects.keys().next().value;
    if (first === undefined) return found;
    attempt(first, null, () => checkClaims(patch, author));
    const latest = timeFromMs(this.#now() + MAX_CLOCK_LEAD_MS);
    for (const { id, path, register } of entriesOf(patch))
      attempt(id, path, () => checkStamp(register, author, latest));
    for (const [id, object] of patch.objects)
      attempt(id, null, () => this.#checkObject(id, object, patch, author));
    // The rules look at the whole patch, which has to make sense by itself first.
    if (found.length === 0) attempt(first, null, () => this.#replica.check(patch, author.access));
    return found.map((refusal) => ({ ...refusal, id: objectOf(refusal, patch) }));
  }

  /** What of refusals goes to the author: each register with what stands instead, as far as there is room. */
  problemsOf(refusals: readonly IntakeRefusal[], patch: Patch): RejectProblem[] {
    const problems: RejectProblem[] = [];
    for (const refusal of refusals) {
      const { id, path } = refusal;
      const paths = path === null ? (patch.objects.get(id)?.registers.keys() ?? []) : [path];
      for (const each of paths) {
        if (problems.length === MAX_REJECT_PROBLEMS) return problems;
        problems.push(this.#problemOf(refusal, each));
      }
    }
    return problems;
  }

  /** Whether everything a patch says is here already, so that nobody need be told. */
  isKnown(patch: Patch): boolean {
    for (const { id, path, register } of entriesOf(patch)) {
      const held = this.#replica.registers(id)?.get(path);
      const isHeld = held !== undefined && isSame(held, register);
      if (!isHeld && !this.#replica.base.dominates(id, path, register)) return false;
    }
    return true;
  }

  #problemOf({ id, error }: IntakeRefusal, path: Path): RejectProblem {
    const winner = this.#replica.registers(id)?.get(path);
    return {
      id,
      path,
      code: error.code,
      // A cut may go through a pair of surrogates.
      message: error.message.slice(0, MAX_MESSAGE_CHARACTERS).toWellFormed(),
      winner:
        winner === undefined
          ? null
          : { value: winner.value, time: winner.stamp.time, actor: winner.stamp.actor },
    };
  }

  #checkObject(id: ObjectId, { registers }: ObjectPatch, patch: Patch, author: Author): void {
    const held = this.#replica.registers(id) ?? NO_REGISTERS;
    const paths = [...registers.keys()];
    checkPermission(author.access, id, held, paths);
    const lease = this.#leaseOf(id);
    if (lease !== null && lease.holder !== author.session && paths.some(isTransform)) throw leased(id);
    checkSize(this.#replica, id, new Map([...held, ...registers]), claimsOf(registers, author));
    checkPlace(id, patch, (at) => this.#replica.registers(at));
  }
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

function checkStamp({ stamp }: Register, author: Author, latest: Time): void {
  if (!author.mayBe(stamp.actor))
    throw forbidden({ what: 'write', expected: 'a stamp of an own actor', got: stamp.actor });
  if (stamp.time <= latest) return;
  throw new WeftError('limit', {
    what: 'write',
    expected: `a stamp at most ${MAX_CLOCK_LEAD_MS / 1000} s ahead of the relay's clock`,
    got: `one ${msOf(stamp.time) - msOf(latest)} ms later`,
    hint: 'Set the clock of this device, and write it again.',
  });
}

function claimsOf(
  registers: Registers,
  { access }: Author,
): readonly (readonly [ActorId, ReadonlySet<UserId>])[] {
  const users = new Set([access.userId]);
  return Array.from(
    new Set(Array.from(registers.values(), ({ stamp }) => stamp.actor)),
    (actor) => [actor, users] as const,
  );
}

function isTransform(path: Path): boolean {
  return path.startsWith(TRANSFORM_PREFIX);
}

function isSame(a: Register, b: Register): boolean {
  return compareRegisters(a, b) === 0;
}

function leased(id: ObjectId): WeftError {
  return forbidden({
    what: `move ${id}`,
    expected: 'whoever holds its lease',
    got: 'somebody else',
    hint: 'Wait until they let go of it.',
    path: id,
  });
}

function forbidden(details: Omit<WeftErrorDetails, 'hint'> & { readonly hint?: string }): WeftError {
  return new WeftError('forbidden', { hint: 'Write as yourself.', ...details });
}

/** A rule names the object that it is about, which may be another than the first. */
function objectOf({ id, error }: IntakeRefusal, patch: Patch): ObjectId {
  return isObjectId(error.path) && patch.objects.has(error.path) ? error.path : id;
}
