import { type EventContent, isEventContent, type UserId } from '@weft/core';
import { MAX_DEVICE_CHARACTERS } from '../limits.ts';
import { isBoundedText } from '../text.ts';
import { isSessionKey } from '../ticket/session-key.ts';
import { MAX_MEMBER_ID_CHARACTERS } from '../ticket/ticket-request.ts';
import type { LaneMember } from './lane-member.ts';
import { hasPeerTransport, PEER_TRANSPORT, peerTransport } from './peer-transport.ts';
import { RELAY_TRANSPORT, readRelayTransports } from './relay-transport.ts';
import { RTC_APPLICATION, RTC_CALL_ID } from './slot.ts';

/** The state event of members where a homeserver has no sticky events: the older generation that libraries still write. */
export const MEMBER_STATE_EVENT = 'org.matrix.msc3401.call.member';

/** How long such an event counts, in milliseconds after it was sent; a client that stays writes it again. */
export const MEMBER_STATE_LIFE_MS = 3_600_000;
/** The longest life that is believed, in milliseconds. */
export const MAX_MEMBER_STATE_LIFE_MS = 14_400_000;

const MAX_MEMBER_BYTES = 16_384;
const MAX_STATE_KEY_BYTES = 255;

/** Members of one device that are told apart in state: windows that share a sign-in. State keys stay for ever. */
export const MAX_MEMBER_PLACES = 8;

/**
 * The state key of a member: it names the application, so that two of one device do not overwrite each other; the underscore
 * in front lets servers take it that reserve keys which begin with a user. `null` where it would be too long for one.
 *
 * @param place 0 to 7: a further member of the same device takes the first that is free
 */
export function memberStateKey(user: UserId, device: string, place = 0): string | null {
  const key = `_${user}_${device}_${RTC_APPLICATION}#${RTC_CALL_ID}${place === 0 ? '' : `_${place}`}`;
  return new TextEncoder().encode(key).length <= MAX_STATE_KEY_BYTES ? key : null;
}

/** The content of a member that is on the lane. Who leaves writes an empty one. */
export function memberStateContent(
  { memberId, device, key, transports, peer }: LaneMember,
  createdMs: number,
): EventContent {
  return {
    application: RTC_APPLICATION,
    call_id: RTC_CALL_ID,
    scope: 'm.room',
    device_id: device ?? '',
    membershipID: memberId,
    created_ts: createdMs,
    expires: MEMBER_STATE_LIFE_MS,
    foci_preferred: [
      ...transports.map(({ type, url, user_id }) => ({ type, url, user_id })),
      ...(peer ? [peerTransport()] : []),
    ],
    focus_active: {
      type: transports.length === 0 && peer ? PEER_TRANSPORT : RELAY_TRANSPORT,
      focus_selection: 'multi_sfu',
    },
    ...(key === null ? {} : { session_key: key }),
  };
}

/** A member that a state event announces, and until when. */
export interface StateMember extends LaneMember {
  /** Milliseconds since 1970, by the homeserver's clock. */
  readonly expiresAtMs: number;
}

/**
 * The member of Weft that a state event announces; `null` for members of other applications, for who left, and for what is
 * malformed. Never throws.
 *
 * @param sentMs the event's `origin_server_ts`: an event that claims to be older counts from there, none from later
 */
export function readMemberState(content: unknown, sentMs: number): StateMember | null {
  if (!isEventContent(content, MAX_MEMBER_BYTES)) return null;
  const { application, call_id: callId, device_id: device, membershipID: membershipId } = content;
  if (
    application !== RTC_APPLICATION ||
    callId !== RTC_CALL_ID ||
    !isBoundedText(device, MAX_DEVICE_CHARACTERS)
  )
    return null;
  const { created_ts: createdMs, expires, session_key: key } = content;
  const beginMs = isMs(createdMs) && createdMs < sentMs ? createdMs : sentMs;
  const lifeMs = isMs(expires) ? Math.min(expires, MAX_MEMBER_STATE_LIFE_MS) : MAX_MEMBER_STATE_LIFE_MS;
  return {
    // Older writers name no member: the device is as good, since it has one such event.
    memberId: isBoundedText(membershipId, MAX_MEMBER_ID_CHARACTERS)
      ? membershipId
      : device.slice(0, MAX_MEMBER_ID_CHARACTERS),
    device,
    key: isSessionKey(key) ? key : null,
    transports: readRelayTransports(content.foci_preferred),
    peer: hasPeerTransport(content.foci_preferred),
    expiresAtMs: beginMs + lifeMs,
  };
}

function isMs(input: unknown): input is number {
  return typeof input === 'number' && Number.isSafeInteger(input) && input >= 0;
}
