import { type EventContent, isEventContent } from '@weft/core';
import { MAX_DEVICE_CHARACTERS } from '../limits.ts';
import { isBoundedText } from '../text.ts';
import { isSessionKey } from '../ticket/session-key.ts';
import { MAX_MEMBER_ID_CHARACTERS } from '../ticket/ticket-request.ts';
import type { LaneMember } from './lane-member.ts';
import { hasPeerTransport, PEER_TRANSPORT, peerTransport } from './peer-transport.ts';
import { RELAY_TRANSPORT, type RelayTransport, readRelayTransports } from './relay-transport.ts';
import { RTC_APPLICATION, RTC_SLOT_ID } from './slot.ts';

/** The sticky events of members, by the name that was registered first. */
export const MEMBER_EVENTS = ['org.matrix.msc4143.rtc.member', 'm.rtc.member'] as const;

/** How long a member event sticks, in milliseconds: what MSC4143 recommends. */
export const MEMBER_STICKY_MS = 3_600_000;

const MAX_MEMBER_BYTES = 16_384;

/** Of the events of one sender, the newest for each of these keys counts. */
export function memberStickyKey({ memberId }: Pick<LaneMember, 'memberId'>): string {
  return memberId;
}

/**
 * The content of a member that is on the lane. It says the same twice, as the draft of September 2026 has it and as deployed
 * libraries read it, so that one event serves both.
 */
export function memberContent({ memberId, device, key, transports, peer }: LaneMember): EventContent {
  const published = [
    ...transports.map(({ type, url, user_id }) => ({ type, url, user_id })),
    ...(peer ? [peerTransport()] : []),
  ];
  return {
    slot_id: RTC_SLOT_ID,
    member: { id: memberId, membership: 'join', ...(device === null ? {} : { device_id: device }) },
    application: { type: RTC_APPLICATION, ...(key === null ? {} : { session_key: key }) },
    transports: { published, can_subscribe: peer ? [RELAY_TRANSPORT, PEER_TRANSPORT] : [RELAY_TRANSPORT] },
    rtc_transports: published,
    versions: [],
    sticky_key: memberId,
    msc4354_sticky_key: memberId,
  };
}

/** The content by which a member leaves. */
export function memberLeftContent(memberId: string, reason: 'leave' | 'delayed_leave'): EventContent {
  return {
    slot_id: RTC_SLOT_ID,
    member: { id: memberId, membership: 'leave' },
    leave_reason: { code: reason },
    sticky_key: memberId,
    msc4354_sticky_key: memberId,
  };
}

/**
 * The member of Weft's slot that a sticky event announces: of the draft, or of the generation before it. `null` for members
 * of other applications, for who left, and for what is malformed. Never throws.
 */
export function readMember(content: unknown): LaneMember | null {
  if (!isEventContent(content, MAX_MEMBER_BYTES) || content.slot_id !== RTC_SLOT_ID) return null;
  const member = recordOf(content.member);
  const application = recordOf(content.application);
  if (member === null || application?.type !== RTC_APPLICATION) return null;
  const { id: memberId, membership = 'join', device_id: device } = member;
  if (membership !== 'join' || !isBoundedText(memberId, MAX_MEMBER_ID_CHARACTERS)) return null;
  return {
    memberId,
    device: isBoundedText(device, MAX_DEVICE_CHARACTERS) ? device : null,
    key: isSessionKey(application.session_key) ? application.session_key : null,
    transports: publishedBy(content),
    peer:
      hasPeerTransport(recordOf(content.transports)?.published) || hasPeerTransport(content.rtc_transports),
  };
}

function publishedBy(content: EventContent): readonly RelayTransport[] {
  const relays = readRelayTransports(recordOf(content.transports)?.published);
  return relays.length > 0 ? relays : readRelayTransports(content.rtc_transports);
}

function recordOf(value: unknown): { readonly [name: string]: unknown } | null {
  return isEventContent(value, MAX_MEMBER_BYTES) ? value : null;
}
