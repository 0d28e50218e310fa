import type { UserId } from '@weft/core';
import {
  type LaneMember,
  MEMBER_EVENTS,
  MEMBER_STATE_EVENT,
  MEMBER_STICKY_MS,
  memberContent,
  memberLeftContent,
  memberStateContent,
  memberStateKey,
} from '@weft/protocol';
import { HomeserverError } from '../errors.ts';
import type { Homeserver } from '../homeserver.ts';
import type { RoomId } from '../ids.ts';

/** How a member is written to the room, of those ways that the homeserver has. */
export interface MemberWay {
  publish(member: LaneMember): Promise<void>;
  withdraw(memberId: string): Promise<void>;
  /** Has the homeserver write later that the member left; answers what names it. */
  prepareLeave(memberId: string, delayMs: number): Promise<string>;
}

type MemberHomeserver = Pick<Homeserver, 'userId' | 'deviceId' | 'rtc' | 'sendState'>;

const [MEMBER_EVENT] = MEMBER_EVENTS;

/** Sticky messages (MSC4354): gone by themselves, and never a part of the room's state. */
export function stickyWay({ rtc }: Pick<Homeserver, 'rtc'>, room: RoomId): MemberWay {
  const left = (memberId: string, reason: 'leave' | 'delayed_leave') => ({
    type: MEMBER_EVENT,
    content: memberLeftContent(memberId, reason),
  });
  return {
    async publish(member) {
      await rtc.sendSticky(room, { type: MEMBER_EVENT, content: memberContent(member) }, MEMBER_STICKY_MS);
    },
    async withdraw(memberId) {
      await rtc.sendSticky(room, left(memberId, 'leave'), MEMBER_STICKY_MS);
    },
    prepareLeave: (memberId, delayMs) =>
      rtc.delaySticky(room, left(memberId, 'delayed_leave'), { delayMs, durationMs: MEMBER_STICKY_MS }),
  };
}

/** State of the older generation, one event a device: what every homeserver has. */
export function stateWay(homeserver: MemberHomeserver, room: RoomId, serverNow: () => number): MemberWay {
  const { userId, rtc } = homeserver;
  const left = () => ({
    type: MEMBER_STATE_EVENT,
    stateKey: keyOf(homeserver.deviceId, userId),
    content: {},
  });
  return {
    async publish(member) {
      await homeserver.sendState(room, {
        ...left(),
        content: memberStateContent(member, Math.floor(serverNow())),
      });
    },
    async withdraw() {
      await homeserver.sendState(room, left());
    },
    prepareLeave: (_memberId, delayMs) => rtc.delayState(room, left(), delayMs),
  };
}

function keyOf(device: string | null, user: UserId): string {
  const key = device === null ? null : memberStateKey(user, device);
  if (key !== null) return key;
  throw new HomeserverError('unsupported', {
    what: 'say that this client is on a lane',
    got: device === null ? 'this sign-in has no device' : 'user and device are too long for a state key',
    hint: 'The lane works without; others do not see that this client is on it.',
  });
}
