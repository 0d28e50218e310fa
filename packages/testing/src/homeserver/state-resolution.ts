import type { UserId } from '@weft/core';
import type { EventId } from '@weft/matrix';
import { type Authority, isPowerEvent, levelOf, refusalOf } from './event-authority.ts';
import { RoomState } from './room-state.ts';
import { stateKeyOf, type TwinEvent } from './twin-event.ts';

/** What servers were seen to do to a key on which two branches of a room disagree. */
export type Verdict =
  /** What the algorithm of Matrix says. */
  | 'stock'
  /** Another of the values that met. */
  | 'other'
  /** The value before the winner: a state reset. */
  | 'reset'
  /** None: the key is gone. */
  | 'drop';

/** Decides by its arguments alone, so that every server decides alike. */
export type Twist = (key: string, candidates: readonly EventId[]) => Verdict;

export const STOCK: Twist = () => 'stock';

/** The events of a room, as far as a resolution asks. */
export interface KnownEvents {
  readonly creator: UserId;
  event(id: EventId): TwinEvent;
  /** All that entitled the event's sender, and theirs, and so on. */
  authChain(id: EventId): ReadonlySet<EventId>;
}

const WORLD_TYPES = 'world.weft.';
const LEVELS = stateKeyOf('m.room.power_levels', '');

/**
 * State resolution of room version 12 (v2.1: from the empty set, with the conflicted subgraph): what decides who may
 * do what goes first, the greater power before the lesser; the rest follows the line of power levels, then the clock.
 */
export function resolveStates(states: readonly RoomState[], known: KnownEvents, twist: Twist): RoomState {
  const { agreed, candidates } = parted(states);
  if (candidates.size === 0) return RoomState.of(agreed);
  const conflicted = new Set([...candidates.values()].flatMap((ids) => [...ids]));
  const full = fullConflict(states, conflicted, known);
  const power = powerEvents(full, known);
  const resolved = new Map<string, EventId>();
  for (const id of byPower(power, known)) admit(id, resolved, known);
  const rest = [...full].filter((id) => !power.has(id));
  for (const id of byMainline(rest, resolved.get(LEVELS), known)) admit(id, resolved, known);
  const result = new Map(agreed);
  for (const [key, ids] of candidates) {
    const chosen = twisted(key, [...ids].sort(), resolved, known, twist);
    if (chosen !== undefined) result.set(key, chosen);
  }
  return RoomState.of(result);
}

function parted(states: readonly RoomState[]) {
  const agreed = new Map<string, EventId>();
  const candidates = new Map<string, Set<EventId>>();
  const all = states.map((state) => state.entries());
  const [first = new Map<string, EventId>()] = all;
  for (const key of new Set(all.flatMap((entries) => [...entries.keys()]))) {
    const held = first.get(key);
    if (held !== undefined && all.every((entries) => entries.get(key) === held)) agreed.set(key, held);
    else candidates.set(key, new Set(all.flatMap((entries) => entries.get(key) ?? [])));
  }
  return { agreed, candidates };
}

function fullConflict(
  states: readonly RoomState[],
  conflicted: ReadonlySet<EventId>,
  known: KnownEvents,
): Set<EventId> {
  const chains = states.map((state) => {
    const chain = new Set<EventId>();
    for (const id of state.entries().values())
      if (conflicted.has(id)) for (const by of known.authChain(id)) chain.add(by);
    return chain;
  });
  const full = new Set(conflicted);
  for (const id of new Set(chains.flatMap((chain) => [...chain]))) {
    const differs = !chains.every((chain) => chain.has(id));
    if (differs || [...known.authChain(id)].some((by) => conflicted.has(by))) full.add(id);
  }
  return full;
}

function powerEvents(full: ReadonlySet<EventId>, known: KnownEvents): Set<EventId> {
  const power = new Set<EventId>();
  for (const id of full) {
    if (!isPowerEvent(known.event(id))) continue;
    power.add(id);
    for (const by of known.authChain(id)) if (full.has(by)) power.add(by);
  }
  return power;
}

/** Reverse topological power ordering: an event after what entitled it, else the greater power, then the earlier. */
function byPower(ids: ReadonlySet<EventId>, known: KnownEvents): EventId[] {
  const left = new Set(ids);
  const sorted: EventId[] = [];
  while (left.size > 0) {
    const free = [...left].filter((id) => ![...known.authChain(id)].some((by) => left.has(by)));
    const [next] = free.sort((a, b) => powerOf(b, known) - powerOf(a, known) || byClock(a, b, known));
    if (next === undefined) throw new RangeError('events that entitle each other');
    left.delete(next);
    sorted.push(next);
  }
  return sorted;
}

function byMainline(
  ids: readonly EventId[],
  levels: EventId | undefined,
  known: KnownEvents,
): readonly EventId[] {
  const mainline: EventId[] = [];
  for (let id = levels; id !== undefined; id = levelsBefore(id, known)) mainline.push(id);
  // From the oldest levels to the newest, so that what was entitled by newer ones comes later and stays.
  const place = (id: EventId): number => {
    for (let by: EventId | undefined = id; by !== undefined; by = levelsBefore(by, known)) {
      const at = mainline.indexOf(by);
      if (at >= 0) return mainline.length - at;
    }
    return 0;
  };
  const places = new Map(ids.map((id) => [id, place(id)]));
  return [...ids].sort((a, b) => (places.get(a) ?? 0) - (places.get(b) ?? 0) || byClock(a, b, known));
}

function levelsBefore(id: EventId, known: KnownEvents): EventId | undefined {
  return known.event(id).auth.find((by) => known.event(by).type === 'm.room.power_levels');
}

function admit(id: EventId, resolved: Map<string, EventId>, known: KnownEvents): void {
  const event = known.event(id);
  if (event.state_key === undefined || !isAllowed(event, resolved, known)) return;
  resolved.set(stateKeyOf(event.type, event.state_key), id);
}

function isAllowed(event: TwinEvent, resolved: ReadonlyMap<string, EventId>, known: KnownEvents): boolean {
  const named = event.auth.map((by) => known.event(by));
  const authority: Authority = {
    creator: known.creator,
    state(type, key) {
      const id = resolved.get(stateKeyOf(type, key));
      return id === undefined
        ? named.find((by) => by.type === type && by.state_key === key)
        : known.event(id);
    },
  };
  return refusalOf(asProposed(event), authority) === null;
}

function twisted(
  key: string,
  candidates: readonly EventId[],
  resolved: ReadonlyMap<string, EventId>,
  known: KnownEvents,
  twist: Twist,
): EventId | undefined {
  const chosen = resolved.get(key);
  if (chosen === undefined || !key.startsWith(WORLD_TYPES)) return chosen;
  switch (twist(key, candidates)) {
    case 'stock':
      return chosen;
    case 'other':
      return candidates.find((id) => id !== chosen && isAllowed(known.event(id), resolved, known)) ?? chosen;
    case 'reset':
      return known.event(chosen).replaces ?? chosen;
    case 'drop':
      return undefined;
  }
}

function powerOf(id: EventId, known: KnownEvents): number {
  const event = known.event(id);
  const authority: Authority = {
    creator: known.creator,
    state: (type, key) =>
      event.auth.map((by) => known.event(by)).find((by) => by.type === type && by.state_key === key),
  };
  // Two infinities have no difference.
  return Math.min(levelOf(authority, event.sender), Number.MAX_SAFE_INTEGER);
}

function byClock(a: EventId, b: EventId, known: KnownEvents): number {
  return known.event(a).origin_server_ts - known.event(b).origin_server_ts || (a < b ? -1 : 1);
}

function asProposed({ type, sender, state_key: stateKey, content }: TwinEvent) {
  return { type, sender, content, ...(stateKey === undefined ? {} : { stateKey }) };
}
