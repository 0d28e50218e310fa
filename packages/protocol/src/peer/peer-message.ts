import { type EventContent, fromBase64Url, isEventContent, toBase64Url } from '@weft/core';
import type { WirePatch } from '../patch/wire-patch.ts';
import { isBoundedText } from '../text.ts';
import { MAX_MEMBER_ID_CHARACTERS } from '../ticket/ticket-request.ts';

/** The to-device event by which members tell each other of edits where there is no relay. */
export const PEER_EVENT = 'world.weft.peer';

/** The largest patch of a peer's message, in bytes: with its base64 and its envelope it fits what servers pass on. */
export const MAX_PEER_PATCH_BYTES = 36_864;
/** Devices that edit together without a relay; beyond that edits travel with the room alone. */
export const MAX_PEER_DEVICES = 8;
const MAX_PEER_CONTENT_BYTES = 61_440;
const MAX_ROOM_CHARACTERS = 255;

/** `hello` asks for what the room does not hold yet; `patch` and `retract` are edits made and taken back; `bye` leaves. */
export type PeerMessageKind = 'hello' | 'patch' | 'retract' | 'bye';

/** What one member tells another. Who tells it, the homeservers vouch for. */
export interface PeerMessage {
  readonly kind: PeerMessageKind;
  /** The id of the room that is the world. */
  readonly room: string;
  /** The member that tells it, as its member event has it. */
  readonly memberId: string;
  /** Grows by one with each message of this member to that one: a gap is noticed. */
  readonly n: number;
  /** With `patch` and `retract`; `null` otherwise. */
  readonly patch: WirePatch | null;
}

/** @param message with a patch of at most 36 KiB */
export function peerContent({ kind, room, memberId, n, patch }: PeerMessage): EventContent {
  return {
    kind,
    room_id: room,
    member_id: memberId,
    n,
    ...(patch === null ? {} : { patch: toBase64Url(patch) }),
  };
}

/** What a content tells; `null` where it is malformed. The patch is checked by `decodeWirePatch`. Never throws. */
export function readPeerMessage(content: unknown): PeerMessage | null {
  if (!isEventContent(content, MAX_PEER_CONTENT_BYTES)) return null;
  const { kind, room_id: room, member_id: memberId, n, patch } = content;
  if (!isBoundedText(room, MAX_ROOM_CHARACTERS) || !room.startsWith('!')) return null;
  if (!isBoundedText(memberId, MAX_MEMBER_ID_CHARACTERS)) return null;
  if (typeof n !== 'number' || !Number.isSafeInteger(n) || n < 1) return null;
  if (kind === 'hello' || kind === 'bye') return { kind, room, memberId, n, patch: null };
  if ((kind !== 'patch' && kind !== 'retract') || typeof patch !== 'string') return null;
  const bytes = fromBase64Url(patch);
  if (bytes === undefined || bytes.length === 0 || bytes.length > MAX_PEER_PATCH_BYTES) return null;
  return { kind, room, memberId, n, patch: bytes };
}
