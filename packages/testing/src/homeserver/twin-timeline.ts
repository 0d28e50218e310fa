import type { UserId } from '@weft/core';
import { parseRoomEvent, type RoomEvent, type TimelinePage, type TimelineRequest } from '@weft/matrix';
import { answer } from './faults.ts';
import { showEvent } from './show-event.ts';
import type { TwinEvent } from './twin-event.ts';
import type { TwinRoom } from './twin-room.ts';

export interface Viewer {
  readonly user: UserId;
  readonly nowMs: number;
}

/** Synapse gives no more in one page, whatever was asked. */
const MAX_PAGE_EVENTS = 1000;
const TOKEN = /^t([0-9]+)$/;

/** One page of `/messages`. A token `t<n>` lies between the first n events of the room and the rest. */
export function pageOf(room: TwinRoom, request: TimelineRequest, { user, nowMs }: Viewer): TimelinePage {
  const { direction, types } = request;
  const back = direction === 'backward';
  const limit = Math.min(request.limit, MAX_PAGE_EVENTS);
  const last = room.timeline.length;
  const isShown = visibleTo(room, user);
  let at = positionOf(request.from, back ? last : 0);
  const events: RoomEvent[] = [];
  const malformed: string[] = [];
  while (events.length + malformed.length < limit && (back ? at > 0 : at < last)) {
    const raw = room.timeline[back ? at - 1 : at];
    at += back ? -1 : 1;
    if (raw === undefined || !isShown(raw) || (types !== undefined && !types.includes(raw.type))) continue;
    const event = parseRoomEvent(showEvent(room.event(raw.event_id) ?? raw, room, nowMs));
    if (event === null) malformed.push(`event ${raw.event_id}`);
    else events.push(event);
  }
  return { events, malformed, end: (back ? at > 0 : at < last) ? `t${at}` : null };
}

/** Where the first event of this moment or later ends; `null` where there is none. */
export function tokenAt(room: TwinRoom, atMs: number): string | null {
  const at = room.timeline.findIndex((event) => event.origin_server_ts >= atMs);
  return at < 0 ? null : `t${at + 1}`;
}

/** Which events the room's history visibility of their time shows to this member. */
export function visibleTo(room: TwinRoom, user: UserId): (event: TwinEvent) => boolean {
  const hidden = new Set<TwinEvent>();
  let [isOpen, isIn] = [true, false];
  for (const event of room.timeline) {
    const { type, state_key: key, content } = event;
    if (type === 'm.room.member' && key === user) isIn = content.membership === 'join';
    if (!isOpen && !isIn) hidden.add(event);
    if (type === 'm.room.history_visibility')
      isOpen = content.history_visibility !== 'joined' && content.history_visibility !== 'invited';
  }
  return (event) => !hidden.has(event);
}

function positionOf(token: string | null, fallback: number): number {
  if (token === null) return fallback;
  const position = TOKEN.exec(token)?.[1];
  if (position === undefined)
    throw answer('read the history', 400, 'M_INVALID_PARAM', "'from' parameter is invalid");
  return Number(position);
}
