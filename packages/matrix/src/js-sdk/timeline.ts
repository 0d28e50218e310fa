import { ClientPrefix, Method } from 'matrix-js-sdk';
import { HomeserverError, type HomeserverErrorCode } from '../errors.ts';
import type { TimelinePage, TimelineRequest } from '../homeserver.ts';
import { type EventId, isEventId, type RoomId } from '../ids.ts';
import { member, stringMember } from '../json.ts';
import { parseRoomEvent, type RoomEvent } from '../room-event.ts';
import type { Ask } from './call.ts';

/** Longer than any that a homeserver makes; it is sent back as it came. */
const MAX_TOKEN_CHARACTERS = 4096;
/** A page of `/messages` that a homeserver does not cut shorter by itself. */
const MAX_PAGE_EVENTS = 1000;

/** `GET /messages`. */
export async function readTimeline(
  ask: Ask,
  room: RoomId,
  { from, direction, limit, types }: TimelineRequest,
): Promise<TimelinePage> {
  const answer = await ask({
    what: `read the history of ${room}`,
    method: Method.Get,
    path: `/rooms/${encodeURIComponent(room)}/messages`,
    query: {
      dir: direction === 'backward' ? 'b' : 'f',
      limit: String(Math.min(limit, MAX_PAGE_EVENTS)),
      ...(from === null ? {} : { from }),
      ...(types === undefined ? {} : { filter: JSON.stringify({ types }) }),
    },
  });
  const chunk = member(answer, 'chunk');
  const events: RoomEvent[] = [];
  const malformed: string[] = [];
  for (const raw of Array.isArray(chunk) ? chunk : []) {
    const event = parseRoomEvent(raw);
    if (event === null) malformed.push('an event of the history that is none');
    else if (types === undefined || types.includes(event.type)) events.push(event);
  }
  return { events, malformed, end: tokenOf(answer) };
}

/** `GET /event/{eventId}`. */
export async function readEvent(ask: Ask, room: RoomId, event: EventId): Promise<RoomEvent | null> {
  const call = {
    what: `read ${event}`,
    method: Method.Get,
    path: `/rooms/${encodeURIComponent(room)}/event/${encodeURIComponent(event)}`,
  };
  const found = parseRoomEvent(await unless(['not-found', 'forbidden'], ask(call)));
  return found?.id === event ? found : null;
}

/** `GET /timestamp_to_event`, then `/context` for a token beside that event. */
export async function timelineTokenAt(ask: Ask, room: RoomId, atMs: number): Promise<string | null> {
  const what = `find a moment in ${room}`;
  const found = await unless(
    ['not-found', 'unsupported', 'not-a-homeserver'],
    ask({
      what,
      method: Method.Get,
      prefix: ClientPrefix.V1,
      path: `/rooms/${encodeURIComponent(room)}/timestamp_to_event`,
      query: { ts: String(Math.floor(atMs)), dir: 'f' },
    }),
  );
  const event = member(found, 'event_id');
  if (!isEventId(event)) return null;
  const context = await unless(
    ['not-found', 'forbidden', 'unsupported'],
    ask({
      what,
      method: Method.Get,
      path: `/rooms/${encodeURIComponent(room)}/context/${encodeURIComponent(event)}`,
      // The token behind the event is all that is wanted; none at all is more than some servers take.
      query: { limit: '1', filter: JSON.stringify({ types: [], lazy_load_members: true }) },
    }),
  );
  return tokenOf(context);
}

function tokenOf(answer: unknown): string | null {
  const token = stringMember(answer, 'end');
  return token === null || token === '' || token.length > MAX_TOKEN_CHARACTERS ? null : token;
}

/** An answer; `null` where it is one of these refusals. */
export async function unless(
  codes: readonly HomeserverErrorCode[],
  asked: Promise<unknown>,
): Promise<unknown> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof HomeserverError && codes.includes(error.code)) return null;
    throw error;
  }
}
