import { sha256 } from '@noble/hashes/sha2.js';
import type { ObjectId, Path } from '../ids.ts';
import type { Register } from '../register/register.ts';
import type { Time } from '../stamp/stamp.ts';
import { canonicalJson } from '../value/canonical.ts';
import { compareUtf8 } from '../value/utf8.ts';
import type { Value } from '../value/value.ts';

/** What is to be hashed: a live view. */
export interface HashedRegisters {
  /** All objects that hold a register or a purge. */
  ids(): Iterable<ObjectId>;
  get(id: ObjectId): ReadonlyMap<Path, Register> | undefined;
  purgeOf(id: ObjectId): Time | null;
}

const BITS = 128;
const DIGITS = BITS / 4;

/**
 * A hash of a set of registers and purges that does not depend on their order: the sum of a hash of each object. Lazy: it
 * costs nothing until it is asked for, and then what changed since.
 */
export class SetHash {
  readonly #registers: HashedRegisters;
  readonly #hashes = new Map<ObjectId, bigint>();
  /** `null` before it was first asked for: all of them. */
  #changed: Set<ObjectId> | null = null;
  #sum = 0n;

  constructor(registers: HashedRegisters) {
    this.#registers = registers;
  }

  /** These objects may hold something else than before. */
  touch(ids: Iterable<ObjectId>): void {
    if (this.#changed === null) return;
    for (const id of ids) this.#changed.add(id);
  }

  /** 32 hexadecimal digits. */
  value(): string {
    for (const id of this.#changed ?? this.#registers.ids()) this.#update(id);
    this.#changed = new Set();
    return this.#sum.toString(16).padStart(DIGITS, '0');
  }

  #update(id: ObjectId): void {
    const before = this.#hashes.get(id) ?? 0n;
    const after = objectHash(id, this.#registers.get(id), this.#registers.purgeOf(id));
    if (after === 0n) this.#hashes.delete(id);
    else this.#hashes.set(id, after);
    this.#sum = BigInt.asUintN(BITS, this.#sum - before + after);
  }
}

/** Of an object of which nothing is said: 0. */
function objectHash(
  id: ObjectId,
  registers: ReadonlyMap<Path, Register> | undefined,
  purge: Time | null,
): bigint {
  if (registers === undefined && purge === null) return 0n;
  const said = [...(registers ?? [])]
    .sort(([a], [b]) => compareUtf8(a, b))
    .map(([path, { value, stamp }]): Value => [path, stamp.time, stamp.actor, value]);
  const digest = sha256(new TextEncoder().encode(canonicalJson([id, purge, said])));
  let hash = 0n;
  for (const byte of digest.subarray(0, BITS / 8)) hash = (hash << 8n) | BigInt(byte);
  return hash;
}
