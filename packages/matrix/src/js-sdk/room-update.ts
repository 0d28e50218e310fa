import type { RoomUpdate } from '../homeserver.ts';
import { stringMember } from '../json.ts';
import { parseRoomEvent, type RoomEvent, redactionTarget } from '../room-event.ts';
import { stickyEventsOf } from '../sticky-event.ts';

export interface RawUpdate {
  readonly complete: boolean;
  readonly gap: boolean;
  readonly state: readonly unknown[];
  readonly timeline: readonly unknown[];
  /** The section of sticky events; those of the timeline are found in it. */
  readonly sticky: readonly unknown[];
  readonly token: string | null;
}

/** Parses what a sync response said of a room; what is no event is named, and skipped. */
export function roomUpdate(raw: RawUpdate): RoomUpdate {
  const malformed: string[] = [];
  const read = (events: readonly unknown[]): RoomEvent[] =>
    events.flatMap((event) => {
      const parsed = parseRoomEvent(event);
      if (parsed === null) malformed.push(nameOf(event));
      return parsed ?? [];
    });
  const state = read(raw.state);
  const timeline = read(raw.timeline);
  const redactions = raw.timeline.flatMap((event) => {
    const target = stringMember(event, 'type') === 'm.room.redaction' ? redactionTarget(event) : null;
    const parsed = parseRoomEvent(event);
    return target === null || parsed === null ? [] : [{ target, atMs: parsed.atMs }];
  });
  const { complete, gap, token } = raw;
  const sticky = stickyEventsOf([...raw.sticky, ...raw.timeline]);
  return { complete, gap, state, timeline, redactions, sticky, malformed, token };
}

const MAX_NAME_CHARACTERS = 100;

function nameOf(event: unknown): string {
  const id = stringMember(event, 'event_id') ?? 'without an id';
  return `event ${id} of type ${stringMember(event, 'type') ?? 'unknown'}`.slice(0, MAX_NAME_CHARACTERS);
}
