import { sha256 } from '@noble/hashes/sha2.js';
import { toBase64Url } from '../base64url.ts';
import { WeftError } from '../errors.ts';
import type { Branded, ObjectId, UserId } from '../ids.ts';

/** The first 22 characters of base64url(sha256(user id)): who owns a bundle, a layer or a personal object. */
export type WriterHash = Branded<string, 'WriterHash'>;
/** The state key of a bundle or a layer: `<writer hash>.<slot>`. */
export type WriterKey = Branded<string, 'WriterKey'>;

export interface WriterSlot {
  readonly writer: WriterHash;
  readonly slot: number;
}

const HASH_CHARACTERS = 22;
const WRITER_KEY = /^([A-Za-z0-9_-]{22})\.([0-9])$/;

export function writerHashOf(user: UserId): WriterHash {
  return toBase64Url(sha256(new TextEncoder().encode(user))).slice(0, HASH_CHARACTERS) as WriterHash;
}

/** What a state key says, as far as its slot is one of so many; `null` where it is no such key. */
export function parseWriterKey(text: unknown, slots: number): WriterSlot | null {
  const [, writer, digit] = (typeof text === 'string' ? WRITER_KEY.exec(text) : null) ?? [];
  const slot = Number(digit);
  return writer === undefined || slot >= slots ? null : { writer: writer as WriterHash, slot };
}

/** @throws WeftError `limit` unless the slot is an integer from 0, less than `slots` */
export function writerKey(user: UserId, slot: number, slots: number): WriterKey {
  if (Number.isInteger(slot) && slot >= 0 && slot < slots)
    return `${writerHashOf(user)}.${slot}` as WriterKey;
  throw new WeftError('limit', {
    what: 'name a state key of a writer',
    expected: `a slot from 0 to ${slots - 1}`,
    got: String(slot),
    hint: 'Reuse a slot whose content is carried elsewhere.',
    by: 'developer',
  });
}

/** Whether a personal object is this writer's own. */
export function isPersonalObjectOf(writer: WriterHash, id: ObjectId): boolean {
  return id.startsWith(`u_${writer}_`);
}
