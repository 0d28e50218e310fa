import type { TwinEvent } from './twin-event.ts';
import type { TwinRoom } from './twin-room.ts';

/** An event as the client-server API shows it now. */
export function showEvent(event: TwinEvent, room: TwinRoom, nowMs: number): object {
  // Wherever it comes from, it is shown as it is by now: a redaction takes its content out of the timeline, too.
  const { replaces, prev: _prev, auth: _auth, depth: _depth, ...shown } = room.event(event.event_id) ?? event;
  const redaction = room.redactions.get(event.event_id);
  return {
    ...shown,
    unsigned: {
      age: nowMs - event.origin_server_ts,
      ...(replaces === null ? {} : { replaces_state: replaces }),
      ...(redaction === undefined ? {} : { redacted_because: redaction }),
    },
  };
}
