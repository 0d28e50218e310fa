import { type EventContent, isEventContent } from '@weft/core';
import { MAX_DEVICE_CHARACTERS } from '../limits.ts';
import { isBoundedText } from '../text.ts';
import { isNonce } from './nonce.ts';
import { isSessionKey } from './session-key.ts';

/** The to-device event by which a client asks a relay to let it in. */
export const TICKET_REQUEST_EVENT = 'world.weft.ticket_request';

/** The largest content of a message about tickets, in bytes of canonical JSON. */
export const MAX_TICKET_CONTENT_BYTES = 4_096;
export const MAX_MEMBER_ID_CHARACTERS = 64;
const MAX_ROOM_CHARACTERS = 255;

/** For what a ticket is asked: a socket of the lane, or a program that calls the relay's services. */
export type TicketPurpose = 'lane' | 'service';

/** What a client asks of a relay. Who asks, the homeservers vouch for. */
export interface TicketRequestMessage {
  /** The id of the room that is the world. */
  readonly room: string;
  /** Names the client among those on the lane: random, new for each run. */
  readonly memberId: string;
  readonly nonce: string;
  /** Where the answer goes; claimed, and used for nothing else. */
  readonly device: string;
  /** The session's Ed25519 public key in base64url, by which hello is signed; `null` for services. */
  readonly key: string | null;
  readonly purpose: TicketPurpose;
}

export function ticketRequestContent(message: TicketRequestMessage): EventContent {
  const { room, memberId, nonce, device, key, purpose } = message;
  return {
    room_id: room,
    member_id: memberId,
    nonce,
    device_id: device,
    purpose,
    ...(key === null ? {} : { key }),
  };
}

/** What a content asks; `null` where it is malformed. Never throws. */
export function readTicketRequest(content: unknown): TicketRequestMessage | null {
  if (!isEventContent(content, MAX_TICKET_CONTENT_BYTES)) return null;
  const { room_id: room, member_id: memberId, nonce, device_id: device, key = null, purpose } = content;
  if (!isBoundedText(room, MAX_ROOM_CHARACTERS) || !room.startsWith('!')) return null;
  if (!isBoundedText(memberId, MAX_MEMBER_ID_CHARACTERS) || !isNonce(nonce)) return null;
  if (!isBoundedText(device, MAX_DEVICE_CHARACTERS)) return null;
  if (purpose === 'service') return { room, memberId, nonce, device, key: null, purpose };
  return purpose === 'lane' && isSessionKey(key) ? { room, memberId, nonce, device, key, purpose } : null;
}
