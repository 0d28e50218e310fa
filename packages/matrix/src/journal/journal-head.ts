import { type ActorId, isActorId, isTime, isUserId, type Time, type UserId } from '@weft/core';
import { isRoomId, type RoomId } from '../ids.ts';
import { integerMember, member, stringMember } from '../json.ts';
import { parseJson } from './state-record.ts';

/** Written with every change: whose journal it is, how far it goes, and of what it consists. */
export interface JournalHead {
  readonly user: UserId;
  readonly room: RoomId;
  /** Where to follow the room on from; `null` where the connection had no such place. */
  readonly token: string | null;
  /** When the whole state of the room was read last, in milliseconds since 1970. */
  readonly readMs: number | null;
  /** Stamps up to this time may have been issued. */
  readonly clock: Time | null;
  /** The running clients of this device that wrote here, the newest last. */
  readonly actors: readonly ActorId[];
  /** How many state records there are. */
  readonly stateCount: number;
  /** The blobs whose files are here, by sha256. */
  readonly blobs: readonly string[];
  readonly floor: string | null;
  readonly past: readonly string[];
  readonly remains: readonly string[];
  readonly pending: readonly string[];
  /** The number of the next record. */
  readonly next: number;
}

export const HEAD_KEY = 'head';

/** What the head of a journal says in which nothing was kept yet. */
export const EMPTY_HEAD = {
  token: null,
  readMs: null,
  clock: null,
  actors: [],
  stateCount: 0,
  blobs: [],
  floor: null,
  past: [],
  remains: [],
  pending: [],
  next: 1,
} as const;

/** Own actors that are remembered; what older ones wrote was saved long ago. */
export const MAX_OWN_ACTORS = 64;

const VERSION = 1;

export function encodeHead(head: JournalHead): Uint8Array {
  return new TextEncoder().encode(JSON.stringify({ v: VERSION, ...head }));
}

/** `null` where it is no head of this version. */
export function decodeHead(bytes: Uint8Array): JournalHead | null {
  const raw = parseJson(bytes);
  const [user, room] = [member(raw, 'user'), member(raw, 'room')];
  const [clock, floor, token] = [member(raw, 'clock'), member(raw, 'floor'), member(raw, 'token')];
  const actors = listOf(member(raw, 'actors'), isActorId);
  const past = listOf(member(raw, 'past'), isText);
  // A head of before they were kept lists none.
  const remains = listOf(member(raw, 'remains') ?? [], isText);
  const pending = listOf(member(raw, 'pending'), isText);
  const blobs = listOf(member(raw, 'blobs'), isText);
  const [stateCount, next] = [integerMember(raw, 'stateCount'), integerMember(raw, 'next')];
  if (integerMember(raw, 'v') !== VERSION || !isUserId(user) || !isRoomId(room)) return null;
  if (
    blobs === null ||
    actors === null ||
    past === null ||
    remains === null ||
    pending === null ||
    stateCount === null ||
    next === null
  )
    return null;
  if (clock !== null && !isTime(clock)) return null;
  return {
    ...{ user, room, clock, actors, past, remains, pending, blobs, stateCount, next },
    token: token === null ? null : stringMember(raw, 'token'),
    readMs: integerMember(raw, 'readMs'),
    floor: floor === null ? null : stringMember(raw, 'floor'),
  };
}

function listOf<T>(value: unknown, is: (item: unknown) => item is T): readonly T[] | null {
  return Array.isArray(value) && value.every(is) ? value : null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
