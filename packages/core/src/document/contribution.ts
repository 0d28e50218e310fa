import { sha256 } from '@noble/hashes/sha2.js';
import { fromBase64Url, toBase64Url } from '../base64url.ts';
import { readProperty } from '../components/validate.ts';
import type { Path } from '../ids.ts';
import { joinBytes } from '../join-bytes.ts';
import type { Register } from '../register/register.ts';
import type { Registers } from '../scene/facts.ts';
import type { Stamp } from '../stamp/stamp.ts';
import type { Value } from '../value/value.ts';
import { MAX_DOCUMENT_SLOTS, MAX_SLOT_PARTS, SLOT_PART_BYTES } from './limits.ts';
import { EPOCH_PATH, slotPath, slotPlaceOf } from './slot-path.ts';

/** What one slot of a document holds: an update of the document, whole. */
export interface Contribution {
  readonly slot: number;
  /** When it was written last, and by whom. */
  readonly stamp: Stamp;
  /** A Yjs update in its first encoding; not looked at here. */
  readonly update: Uint8Array;
}

const TAG_CHARACTERS = 8;

/** One part of a contribution as a value. */
interface Part {
  readonly epoch: string;
  /** How many parts there are. */
  readonly parts: number;
  /** The same in all parts of one contribution, and in no other: the beginning of the update's hash. */
  readonly tag: string;
  /** In base64url. */
  readonly update: string;
}

/** The epoch of a document: `first` until somebody begins another. */
export function documentEpoch(registers: Registers): string {
  return readProperty('document', 'epoch', registers.get(EPOCH_PATH)?.value);
}

/**
 * The contributions to a document in the order of their slots, which is the order to merge them in: those of its epoch
 * whose parts are all there and make up what their tag names. A slot whose parts were torn apart on their way counts as
 * empty until the others arrive.
 */
export function contributionsOf(registers: Registers): readonly Contribution[] {
  const epoch = documentEpoch(registers);
  const contributions: Contribution[] = [];
  for (let slot = 0; slot < MAX_DOCUMENT_SLOTS; slot++) {
    const first = registers.get(slotPath({ slot, part: 0 }));
    const update = first === undefined ? null : readSlot(registers, slot, first, epoch);
    if (first !== undefined && update !== null) contributions.push({ slot, stamp: first.stamp, update });
  }
  return contributions;
}

/** When a slot was last written, whatever it holds; `null` where it never was. */
export function slotStamp(registers: Registers, slot: number): Stamp | null {
  return registers.get(slotPath({ slot, part: 0 }))?.stamp ?? null;
}

/**
 * The values that put a contribution into a slot: its parts, and `null` for those that the slot held beyond them.
 *
 * @param update at most 144,000 bytes, and not empty
 */
export function contributionWrites(
  registers: Registers,
  { slot, update }: Pick<Contribution, 'slot' | 'update'>,
): ReadonlyMap<Path, Value> {
  const epoch = documentEpoch(registers);
  const parts = Math.ceil(update.length / SLOT_PART_BYTES);
  const tag = tagOf(update);
  const writes = new Map<Path, Value>();
  for (let part = 0; part < parts; part++) {
    const piece = update.subarray(part * SLOT_PART_BYTES, (part + 1) * SLOT_PART_BYTES);
    writes.set(slotPath({ slot, part }), { epoch, parts, tag, update: toBase64Url(piece) });
  }
  for (const [path, { value }] of registers) {
    const place = slotPlaceOf(path);
    if (place?.slot === slot && place.part >= parts && value !== null) writes.set(path, null);
  }
  return writes;
}

function readSlot(registers: Registers, slot: number, first: Register, epoch: string): Uint8Array | null {
  const { parts, tag } = readPart(first.value, epoch) ?? { parts: 0, tag: '' };
  const pieces: Uint8Array[] = [];
  for (let part = 0; part < parts; part++) {
    const piece = readPart(registers.get(slotPath({ slot, part }))?.value, epoch);
    const bytes = piece?.parts === parts && piece.tag === tag ? fromBase64Url(piece.update) : undefined;
    if (bytes === undefined || bytes.length > SLOT_PART_BYTES) return null;
    pieces.push(bytes);
  }
  const update = joinBytes(pieces);
  return update.length > 0 && tagOf(update) === tag ? update : null;
}

function readPart(value: Value | undefined, wanted: string): Part | null {
  if (typeof value !== 'object' || value === null || !('epoch' in value)) return null;
  const { epoch, parts, tag, update } = value;
  if (epoch !== wanted || typeof tag !== 'string' || typeof update !== 'string') return null;
  const isCount =
    typeof parts === 'number' && Number.isInteger(parts) && parts >= 1 && parts <= MAX_SLOT_PARTS;
  return isCount ? { epoch, parts, tag, update } : null;
}

function tagOf(update: Uint8Array): string {
  return toBase64Url(sha256(update)).slice(0, TAG_CHARACTERS);
}
