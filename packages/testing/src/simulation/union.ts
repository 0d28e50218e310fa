import { decodeObjectEvent, join, type Patch } from '@weft/core';
import { OBJECT_EVENT } from '@weft/matrix';
import type { TwinEvent } from '../homeserver/twin-event.ts';
import type { TwinRoom } from '../homeserver/twin-room.ts';

/** The join of all that these servers ever let into the room, whatever became of it in the room's state. */
export function unionOf(rooms: readonly TwinRoom[]): Patch {
  const events = new Map<string, { event: TwinEvent; room: TwinRoom }>();
  for (const room of rooms)
    for (const event of room.timeline)
      if (event.type === OBJECT_EVENT) events.set(event.event_id, { event, room });
  return joinAll([...events.values()].map(({ event, room }) => patchOf(event, room)));
}

function patchOf(event: TwinEvent, room: TwinRoom): Patch {
  const redaction = room.redactions.get(event.event_id);
  const { patch } = decodeObjectEvent({
    stateKey: event.state_key ?? null,
    content: redaction === undefined ? event.content : {},
    sender: event.sender,
    originServerTs: event.origin_server_ts,
    ...(redaction === undefined ? {} : { redactedAtMs: redaction.origin_server_ts }),
  });
  return patch;
}

// Halves at a time: one after another would copy the whole for each.
function joinAll(patches: readonly Patch[]): Patch {
  const [first] = patches;
  if (first === undefined || patches.length === 1) return first ?? { objects: new Map(), actors: new Map() };
  const middle = patches.length >> 1;
  return join(joinAll(patches.slice(0, middle)), joinAll(patches.slice(middle)));
}
