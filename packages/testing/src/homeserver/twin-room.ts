import { canonicalJson, readValue, type UserId } from '@weft/core';
import { type EventId, type RoomId, redactionTarget, serverOf } from '@weft/matrix';
import {
  type Action,
  levelOf,
  levelOfAction,
  type Membership,
  membershipIn,
  refusalOf,
} from './event-authority.ts';
import type { EventGraph } from './event-graph.ts';
import { answer } from './faults.ts';
import { RoomState } from './room-state.ts';
import { isSentBy, type NewEvent, stateKeyOf, type TwinEvent } from './twin-event.ts';

/** What a redaction leaves of the state that entitles people. */
const KEPT: Readonly<Record<string, readonly string[]>> = {
  'm.room.create': ['room_version', 'type'],
  'm.room.member': ['membership'],
  'm.room.join_rules': ['join_rule'],
  'm.room.power_levels': [
    'users',
    'users_default',
    'events',
    'events_default',
    'state_default',
    'ban',
    'kick',
  ],
};

const MEMBERS = stateKeyOf('m.room.member', '@');

/** One server's copy of a room: the events that it has seen, in its order, and what it takes for the current state. */
export class TwinRoom {
  readonly id: RoomId;
  readonly graph: EventGraph;
  /** All events that count here, oldest first; a position in the sync stream is an index into it. */
  readonly timeline: TwinEvent[] = [];
  /** Changes of the state that no event explains, by position: what a state resolution let win. */
  readonly replacements: { readonly position: number; readonly event: EventId }[] = [];
  /** By what is redacted, be it that the event itself is still to come. */
  readonly redactions = new Map<EventId, TwinEvent>();
  /** As this server shows them: redacted ones without their content. */
  readonly #events = new Map<EventId, TwinEvent>();
  /** Not entitled to, at their own position or here and now: known to this server, and shown to nobody. */
  readonly #failed = new Set<EventId>();
  #extremities: readonly EventId[] = [];
  #current = RoomState.empty;

  constructor(id: RoomId, graph: EventGraph) {
    this.id = id;
    this.graph = graph;
  }

  get creator(): UserId {
    return this.graph.creator;
  }

  get state(): readonly TwinEvent[] {
    return [...this.#current.entries().values()].flatMap((id) => this.#events.get(id) ?? []);
  }

  current(type: string, key: string): TwinEvent | undefined {
    const id = this.#current.get(stateKeyOf(type, key));
    return id === undefined ? undefined : this.#events.get(id);
  }

  event(id: EventId): TwinEvent | undefined {
    return this.#events.get(id);
  }

  /** Events that count for nothing here, since their senders were not entitled to them. */
  get failures(): number {
    return this.#failed.size;
  }

  knows(id: EventId): boolean {
    return this.#events.has(id);
  }

  /** What this server adds to an event of its own: what comes before it, and what entitles its sender. */
  position(event: NewEvent): Pick<TwinEvent, 'prev' | 'auth' | 'depth' | 'replaces'> {
    const { type, stateKey } = event;
    const depths = this.#extremities.map((id) => this.graph.event(id).depth);
    return {
      prev: this.#extremities,
      auth: this.graph.authOf(event, this.#current),
      depth: Math.max(0, ...depths) + 1,
      replaces: stateKey === undefined ? null : (this.#current.get(stateKeyOf(type, stateKey)) ?? null),
    };
  }

  /** Takes in an event of this server. */
  append(event: TwinEvent): void {
    this.graph.force(event, this.#current);
    this.#accept(event, [event.event_id]);
  }

  /**
   * Takes in an event of another server, all of whose predecessors are here: refused where its sender was not entitled
   * to it at its own position, and kept out of sight where its sender is not entitled to it here and now.
   */
  receive(event: TwinEvent): 'known' | 'refused' | 'accepted' {
    const { event_id: id } = event;
    if (this.#events.has(id)) return 'known';
    this.graph.add(event);
    if (this.graph.isRejected(id) || this.graph.refusal(event, this.#current) !== null) {
      this.#events.set(id, event);
      this.#failed.add(id);
      return 'refused';
    }
    const followed = this.#countedBefore(event);
    const before = this.#current;
    this.#accept(event, [...this.#extremities.filter((extremity) => !followed.has(extremity)), id]);
    for (const [place, now] of this.#current.entries())
      if (now !== id && before.get(place) !== now)
        this.replacements.push({ position: this.timeline.length, event: now });
    return 'accepted';
  }

  /** Takes over what a server in the room knows, its past included, as who joins through it does. */
  adopt(other: TwinRoom): void {
    const held = new Set(this.timeline.map(({ event_id: id }) => id));
    this.timeline.push(...other.timeline.filter(({ event_id: id }) => !held.has(id)));
    for (const [id, event] of other.#events) this.#events.set(id, event);
    for (const [target, redaction] of other.redactions) this.redactions.set(target, redaction);
    this.#failed.clear();
    for (const id of other.#failed) this.#failed.add(id);
    this.#extremities = other.#extremities;
    this.#current = other.#current;
  }

  /** State resolution: an older event is current again, which only `state_after` tells. */
  resolveTo(event: EventId): void {
    const found = this.#events.get(event);
    if (found?.state_key === undefined) throw new RangeError(`${event} is no state of ${this.id}`);
    this.#current = this.#current.with(stateKeyOf(found.type, found.state_key), event);
    this.replacements.push({ position: this.timeline.length, event });
  }

  /** State resolution: the key is gone, which nothing tells. */
  forget(type: string, key: string): void {
    this.#current = this.#current.with(stateKeyOf(type, key), null);
  }

  membership(user: UserId): Membership | null {
    return membershipIn(this.#authority, user);
  }

  /** The servers of those who are in the room. */
  servers(): ReadonlySet<string> {
    const servers = new Set<string>();
    for (const [place, id] of this.#current.entries()) {
      if (!place.startsWith(MEMBERS) || this.#events.get(id)?.content.membership !== 'join') continue;
      const server = serverOf(place);
      if (server !== null) servers.add(server);
    }
    return servers;
  }

  /** Whether equal state is in place already, which Synapse does not write twice. */
  same({ type, stateKey, content }: NewEvent): EventId | null {
    const held = stateKey === undefined ? undefined : this.current(type, stateKey);
    if (held === undefined || this.redactions.has(held.event_id)) return null;
    return jsonOf(held.content) === jsonOf(content) ? held.event_id : null;
  }

  levelOf(user: UserId): number {
    return levelOf(this.#authority, user);
  }

  levelOfAction(action: Action): number {
    return levelOfAction(this.#authority, action);
  }

  /** Why this may not be sent to the room as it is now. */
  refusal(event: NewEvent): string | null {
    return refusalOf(event, this.#authority);
  }

  /** The newest events from now on, and the state after them. */
  #accept(event: TwinEvent, extremities: readonly EventId[]): void {
    const { event_id: id } = event;
    this.#events.set(id, event);
    this.timeline.push(event);
    this.#extremities = extremities;
    this.#current = this.graph.stateAfter(extremities);
    const redaction = this.redactions.get(id);
    if (redaction !== undefined) this.#blank(event, redaction);
    const target = event.type === 'm.room.redaction' ? redactionTarget(event) : null;
    if (target === null || this.redactions.has(target)) return;
    this.redactions.set(target, event);
    const redacted = this.#events.get(target);
    if (redacted !== undefined) this.#blank(redacted, event);
  }

  /** Its predecessors, and through those that do not count here, theirs. */
  #countedBefore({ prev }: TwinEvent): Set<EventId> {
    const counted = new Set<EventId>();
    const open = [...prev];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (counted.has(id)) continue;
      counted.add(id);
      if (this.#failed.has(id)) open.push(...this.graph.event(id).prev);
    }
    return counted;
  }

  // Since room version 3 a redaction counts if its sender may redact, or shares the server of the event's sender.
  #blank(event: TwinEvent, redaction: TwinEvent): void {
    const authority = this.graph.authority(this.graph.stateAfter([redaction.event_id]));
    const server = serverOf(event.sender);
    const may = levelOf(authority, redaction.sender) >= levelOfAction(authority, 'redact');
    if (!may && (server === null || !isSentBy(server, redaction))) {
      this.redactions.delete(event.event_id);
      return;
    }
    const kept = KEPT[event.type] ?? [];
    const content = Object.fromEntries(Object.entries(event.content).filter(([name]) => kept.includes(name)));
    this.#events.set(event.event_id, { ...event, content });
  }

  get #authority() {
    return this.graph.authority(this.#current);
  }
}

export function forbidden(what: string, message: string): Error {
  return answer(what, 403, 'M_FORBIDDEN', message);
}

function jsonOf(content: object): string {
  const value = readValue(content);
  return value === undefined ? JSON.stringify(content) : canonicalJson(value);
}
