import {
  decodeBundle,
  decodeLayer,
  decodeObjectEvent,
  emptyPatch,
  entriesOf,
  join,
  type Patch,
  patchOf as patchFrom,
  purgeNamed,
  readBlob,
  redactionMs,
} from '@weft/core';
import { BUNDLE_EVENT, isMxcUri, OBJECT_EVENT } from '@weft/matrix';
import type { TwinEvent } from '../homeserver/twin-event.ts';
import type { TwinRoom } from '../homeserver/twin-room.ts';
import { CARRIER_TYPES } from './carrier-types.ts';
import type { SimWorld } from './sim-world.ts';

/** All that the servers ever let into the room, whatever became of it in the room's state. */
export interface Union {
  /** With every purge that any redaction can have made; one of an event that was replaced already makes none. */
  readonly purged: Patch;
  /** As if nothing had ever been purged; redacted events say nothing. */
  readonly said: Patch;
}

export async function unionOf(world: SimWorld): Promise<Union> {
  const events = new Map<string, { event: TwinEvent; room: TwinRoom }>();
  for (const server of world.servers) {
    const room = world.roomAt(server);
    for (const event of room.timeline)
      if (CARRIER_TYPES.includes(event.type)) events.set(event.event_id, { event, room });
  }
  const reading = [...events.values()].map(({ event, room }) => patchOf(world, event, room));
  const patches = await Promise.all(reading);
  const said = patches.map((patch) => patchFrom({ registers: entriesOf(patch) }));
  return { purged: joinAll(patches), said: joinAll(said) };
}

async function patchOf(world: SimWorld, event: TwinEvent, room: TwinRoom): Promise<Patch> {
  const redaction = room.redactions.get(event.event_id);
  const received = {
    stateKey: event.state_key ?? null,
    content: event.content,
    sender: event.sender,
    originServerTs: event.origin_server_ts,
  };
  const redactedAtMs = redaction?.origin_server_ts;
  if (event.type === OBJECT_EVENT)
    return decodeObjectEvent(redactedAtMs === undefined ? received : { ...received, redactedAtMs }).patch;
  // Those who knew what it said purge what it named.
  if (redactedAtMs !== undefined && event.type === BUNDLE_EVENT)
    return purgeNamed(decodeBundle(received).patch, redactionMs(redactedAtMs, event.origin_server_ts));
  const { patch, blob } = event.type === BUNDLE_EVENT ? decodeBundle(received) : decodeLayer(received);
  if (blob === null) return patch;
  const [source] = blob.sources;
  const files = world.servers.map(({ media }) => (isMxcUri(source) ? media.get(source)?.bytes : undefined));
  const file = files.find((bytes) => bytes !== undefined);
  // What is on no server any more is lost, and nobody could be asked for it.
  return file === undefined ? emptyPatch : (await readBlob(file, blob, { carrier: event.type })).patch;
}

// Halves at a time: one after another would copy the whole for each.
function joinAll(patches: readonly Patch[]): Patch {
  const [first = emptyPatch] = patches;
  if (patches.length < 2) return first;
  const middle = patches.length >> 1;
  return join(joinAll(patches.slice(0, middle)), joinAll(patches.slice(middle)));
}
