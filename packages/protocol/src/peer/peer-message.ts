import {
  type ActorId,
  type EventContent,
  fromBase64Url,
  isActorId,
  isEventContent,
  isUserId,
  toBase64Url,
  unreachable,
} from '@weft/core';
import type { WirePatch } from '../patch/wire-patch.ts';
import { isBoundedText } from '../text.ts';
import { MAX_MEMBER_ID_CHARACTERS } from '../ticket/ticket-request.ts';
import { type PeerProblem, peerProblemContent, readPeerProblems } from './peer-problem.ts';

/** The to-device event by which members tell each other of edits where there is no relay. */
export const PEER_EVENT = 'world.weft.peer';

/** The largest patch of a peer's message, in bytes: with its base64 and its envelope it fits what servers pass on. */
export const MAX_PEER_PATCH_BYTES = 36_864;
/** Devices that edit together without a relay, all of a world; beyond that edits travel with the room alone. */
export const MAX_PEER_DEVICES = 8;
const MAX_PEER_CONTENT_BYTES = 61_440;
const MAX_ROOM_CHARACTERS = 255;

/** What is said. */
export type PeerBody =
  /** Who this is, and: say what you wrote and the room does not hold. */
  | { readonly kind: 'hello'; readonly actor: ActorId }
  /** Who this is, and that it is still there; `of` is the number of the hello that it answers, `null` for none. */
  | { readonly kind: 'here'; readonly actor: ActorId; readonly of: number | null }
  /** Edits made, and own edits that the room refused. */
  | { readonly kind: 'patch' | 'retract'; readonly patch: WirePatch }
  /** What came under this number was not taken in, all of it or some. */
  | { readonly kind: 'refused'; readonly of: number; readonly problems: readonly PeerProblem[] }
  /** Leaves. */
  | { readonly kind: 'bye' };

/** What one member tells another. Who tells it, the homeservers vouch for. */
export type PeerMessage = PeerBody & {
  /** The id of the room that is the world. */
  readonly room: string;
  /** The member that tells it, as its member event has it. */
  readonly memberId: string;
  /** Grows by one with each message of this member to that device: a gap is noticed. */
  readonly n: number;
};

/** @param message with a patch of at most 36 KiB and at most 8 problems */
export function peerContent(message: PeerMessage): EventContent {
  const { kind, room, memberId, n } = message;
  return { kind, room_id: room, member_id: memberId, n, ...bodyContent(message) };
}

function bodyContent(body: PeerBody): EventContent {
  switch (body.kind) {
    case 'hello':
      return { actor: body.actor };
    case 'here':
      return { actor: body.actor, ...(body.of === null ? {} : { of: body.of }) };
    case 'patch':
    case 'retract':
      return { patch: toBase64Url(body.patch) };
    case 'refused':
      return { of: body.of, problems: body.problems.map(peerProblemContent) };
    case 'bye':
      return {};
    default:
      return unreachable(body);
  }
}

/** What a content tells; `null` where it is malformed. The patch is checked by `decodeWirePatch`. Never throws. */
export function readPeerMessage(content: unknown): PeerMessage | null {
  if (!isEventContent(content, MAX_PEER_CONTENT_BYTES)) return null;
  const { room_id: room, member_id: memberId, n } = content;
  if (!isBoundedText(room, MAX_ROOM_CHARACTERS) || !room.startsWith('!')) return null;
  if (!isBoundedText(memberId, MAX_MEMBER_ID_CHARACTERS) || !isCount(n)) return null;
  const body = readBody(content);
  return body === null ? null : { ...body, room, memberId, n };
}

function readBody({ kind, actor, patch, of, problems }: EventContent): PeerBody | null {
  switch (kind) {
    case 'bye':
      return { kind };
    case 'hello':
      return isRunning(actor) ? { kind, actor } : null;
    case 'here':
      if (!isRunning(actor) || (of !== undefined && !isCount(of))) return null;
      return { kind, actor, of: of ?? null };
    case 'patch':
    case 'retract': {
      const bytes = typeof patch === 'string' ? fromBase64Url(patch) : undefined;
      const fits = bytes !== undefined && bytes.length > 0 && bytes.length <= MAX_PEER_PATCH_BYTES;
      return fits ? { kind, patch: bytes } : null;
    }
    case 'refused': {
      const read = readPeerProblems(problems);
      return isCount(of) && read !== null ? { kind, of, problems: read } : null;
    }
    default:
      return null;
  }
}

/** An actor that is a user stands for events without stamps: nobody runs as one. */
function isRunning(input: unknown): input is ActorId {
  return isActorId(input) && !isUserId(input);
}

function isCount(input: unknown): input is number {
  return typeof input === 'number' && Number.isSafeInteger(input) && input >= 1;
}
