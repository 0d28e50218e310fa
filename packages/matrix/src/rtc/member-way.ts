import {
  type LaneMember,
  MAX_MEMBER_PLACES,
  MEMBER_EVENTS,
  MEMBER_STATE_EVENT,
  MEMBER_STICKY_MS,
  memberContent,
  memberLeftContent,
  memberStateContent,
  memberStateKey,
  readMemberState,
} from '@weft/protocol';
import { HomeserverError } from '../errors.ts';
import type { Homeserver } from '../homeserver.ts';
import type { EventId, RoomId } from '../ids.ts';
import type { RoomEvent } from '../room-event.ts';

/** How a member is written to the room, of those ways that the homeserver has. */
export interface MemberWay {
  /** Whether the room keeps it for homeservers that come later. */
  readonly isKept: boolean;
  publish(member: LaneMember): Promise<void>;
  withdraw(memberId: string): Promise<void>;
  /** Has the homeserver write later that the member left; answers what names it. */
  prepareLeave(memberId: string, delayMs: number): Promise<string>;
  /** Whether another member took the place of the one that was published. */
  isOverwritten(): boolean;
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
    isKept: false,
    async publish(member) {
      await rtc.sendSticky(room, { type: MEMBER_EVENT, content: memberContent(member) }, MEMBER_STICKY_MS);
    },
    async withdraw(memberId) {
      await rtc.sendSticky(room, left(memberId, 'leave'), MEMBER_STICKY_MS);
    },
    prepareLeave: (memberId, delayMs) =>
      rtc.delaySticky(room, left(memberId, 'delayed_leave'), { delayMs, durationMs: MEMBER_STICKY_MS }),
    isOverwritten: () => false,
  };
}

export interface StateWayOptions {
  readonly homeserver: MemberHomeserver;
  readonly room: RoomId;
  readonly serverNow: () => number;
  /** The members that the room's state holds, of everybody. */
  readonly stated: () => readonly RoomEvent[];
}

/** What was written where, and what was seen there before. */
interface Written {
  readonly memberId: string;
  readonly key: string;
  readonly event: EventId;
  readonly before: EventId | null;
}

/**
 * State of the older generation: what every homeserver has. Windows that share a sign-in have one device, and each takes a
 * place of its own; who finds that another one took the same publishes anew in a free one.
 */
export function stateWay({ homeserver, room, serverNow, stated }: StateWayOptions): MemberWay {
  const { userId, deviceId, rtc } = homeserver;
  let written: Written | null = null;
  const at = (key: string) =>
    stated().find(({ stateKey, sender }) => stateKey === key && sender === userId) ?? null;
  const isForeign = (key: string, memberId: string): boolean => {
    const event = at(key);
    const member = event === null ? null : readMemberState(event.content, event.atMs);
    return member !== null && member.memberId !== memberId && member.expiresAtMs > serverNow();
  };
  const isOverwritten = (): boolean => {
    if (written === null) return false;
    const event = at(written.key);
    const isNews = event !== null && event.id !== written.event && event.id !== written.before;
    return isNews && isForeign(written.key, written.memberId);
  };
  const placeOf = (memberId: string): string => {
    if (written !== null && !isOverwritten()) return written.key;
    const keys = keysOf(deviceId, userId);
    return keys.find((key) => key !== written?.key && !isForeign(key, memberId)) ?? firstOf(keys, deviceId);
  };
  const left = (key: string) => ({ type: MEMBER_STATE_EVENT, stateKey: key, content: {} });
  const keyOf = (memberId: string): string => written?.key ?? placeOf(memberId);
  return {
    isKept: true,
    async publish(member) {
      const key = placeOf(member.memberId);
      const before = at(key)?.id ?? null;
      const content = memberStateContent(member, Math.floor(serverNow()));
      const event = await homeserver.sendState(room, { ...left(key), content });
      written = { memberId: member.memberId, key, event, before };
    },
    async withdraw(memberId) {
      if (!isOverwritten()) await homeserver.sendState(room, left(keyOf(memberId)));
      written = null;
    },
    prepareLeave: (memberId, delayMs) => rtc.delayState(room, left(keyOf(memberId)), delayMs),
    isOverwritten,
  };
}

function keysOf(device: string | null, user: MemberHomeserver['userId']): readonly string[] {
  if (device === null) return [];
  const places = Array.from({ length: MAX_MEMBER_PLACES }, (_, place) => memberStateKey(user, device, place));
  return places.flatMap((key) => key ?? []);
}

function firstOf([key]: readonly string[], device: string | null): string {
  if (key !== undefined) return key;
  throw new HomeserverError('unsupported', {
    what: 'say that this client is on a lane',
    got: device === null ? 'this sign-in has no device' : 'user and device are too long for a state key',
    hint: 'The lane works without; others do not see that this client is on it.',
  });
}
