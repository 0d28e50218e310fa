import { MEMBER_STATE_EVENT, SLOT_EVENTS } from '@weft/protocol';
import { CHAT_EVENT, WEFT_EVENTS } from '../event-types.ts';
import type { RoomListener } from '../homeserver.ts';
import type { RoomId } from '../ids.ts';
import { member, stringMember } from '../json.ts';
import type { ServerClock } from '../server-clock.ts';
import { type RawUpdate, roomUpdate } from './room-update.ts';
import { syncFilter } from './sync-filter.ts';
import { eventsOf, SyncLoop, type SyncLoopOptions, type SyncResponse, uncached } from './sync-loop.ts';

export interface RoomSyncOptions
  extends Pick<SyncLoopOptions, 'since' | 'timers' | 'fraction' | 'request' | 'mail' | 'network'> {
  readonly room: RoomId;
  readonly listener: RoomListener;
  readonly clock: ServerClock;
  /** `GET /state`, for servers whose first sync does not hold all of it. */
  readonly readState: (signal: AbortSignal) => Promise<unknown>;
  /** The room's create event, in case the sync does not hold it. */
  readonly readCreateEvent: (signal: AbortSignal) => Promise<unknown>;
}

interface FirstUpdate extends RawUpdate {
  state: unknown[];
  /** Whether the state is what the server holds in the end (`state_after`). */
  readonly resolved: boolean;
}

const MAX_TIMELINE_EVENTS = 100;

/** The types of timeline events that Weft reads; the rest stays on the server. */
const TIMELINE_TYPES = [
  ...WEFT_EVENTS,
  'm.room.redaction',
  CHAT_EVENT,
  'm.room.member',
  'm.room.power_levels',
  'm.room.join_rules',
  'm.room.server_acl',
  'm.room.encryption',
  'm.room.tombstone',
  'm.room.name',
  // State of live sessions; where there is no `state_after`, state of the timeline comes by its types only.
  ...SLOT_EVENTS,
  MEMBER_STATE_EVENT,
];

/** Follows one room, and of it what a world needs. */
export function roomSync(options: RoomSyncOptions): SyncLoop {
  const { room, listener, clock, since, timers, fraction, request, mail, network } = options;
  return new SyncLoop({
    since,
    timers,
    fraction,
    request,
    mail,
    network,
    filter: (first) => filterOf(room, first, fraction),
    connection: (state, reason) => listener.connection(state, reason),
    async take(response, signal) {
      const raw = read(response, room);
      if (response.complete) await makeWhole(raw, options, signal);
      if (signal.aborted) return;
      const update = roomUpdate(raw);
      clock.observe([...update.state, ...update.timeline], response.arrivedMs);
      const news = raw.state.length + raw.timeline.length + raw.sticky.length;
      if (response.complete || update.gap || news > 0) listener.update(update);
    },
  });
}

function read({ body, complete, lost }: SyncResponse, room: RoomId): FirstUpdate {
  const rooms = member(body, 'rooms');
  const found = member(member(rooms, 'join'), room) ?? member(member(rooms, 'leave'), room);
  const timeline = eventsOf(member(found, 'timeline'));
  const stateAfter = member(found, 'state_after') ?? member(found, 'org.matrix.msc4222.state_after');
  // Without MSC4222 the timeline's state comes on top of what was before it.
  const state =
    stateAfter === undefined
      ? [
          ...eventsOf(member(found, 'state')),
          ...timeline.filter((event) => stringMember(event, 'state_key') !== null),
        ]
      : eventsOf(stateAfter);
  const limited = member(member(found, 'timeline'), 'limited') === true;
  const token = stringMember(body, 'next_batch');
  const gap = !complete && (limited || lost);
  const sticky = eventsOf(member(found, 'sticky') ?? member(found, 'msc4354_sticky'));
  return { complete, gap, state, timeline, sticky, token, resolved: stateAfter !== undefined };
}

// Without MSC4222 a room whose history forked (two servers that were apart) has state that is neither in what was
// before the timeline, on one branch, nor in the timeline, which is short.
async function makeWhole(raw: FirstUpdate, options: RoomSyncOptions, signal: AbortSignal): Promise<void> {
  if (!raw.resolved) {
    const state = await options.readState(signal);
    if (Array.isArray(state)) raw.state = state;
  }
  // Synapse (1.163) applies the filter's `rooms` to the create event, which has no room id in version 12, and drops it.
  if (raw.state.some((event) => stringMember(event, 'type') === 'm.room.create')) return;
  raw.state.push(await options.readCreateEvent(signal));
}

function filterOf(room: RoomId, first: boolean, fraction: () => number): object {
  return syncFilter({
    rooms: [room],
    state: { lazy_load_members: true },
    timeline: {
      limit: first ? 1 : MAX_TIMELINE_EVENTS,
      types: TIMELINE_TYPES,
      lazy_load_members: true,
      ...(first ? uncached(fraction) : {}),
    },
  });
}
