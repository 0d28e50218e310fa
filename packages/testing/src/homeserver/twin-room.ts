import { canonicalJson, readValue, type UserId } from '@weft/core';
import type { EventId, RoomId } from '@weft/matrix';
import { answer } from './faults.ts';

/** An event as the client-server API shows it, without what depends on who looks and when. */
export interface TwinEvent {
  readonly event_id: EventId;
  readonly type: string;
  readonly sender: UserId;
  readonly state_key?: string;
  readonly origin_server_ts: number;
  readonly content: Readonly<Record<string, unknown>>;
  readonly replaces: EventId | null;
}

export type Membership = 'join' | 'invite' | 'leave' | 'ban';

const SEPARATOR = '\0';

/** One room of the twin: its events in the server's order, its current state, and who may do what. */
export class TwinRoom {
  readonly id: RoomId;
  readonly creator: UserId;
  /** All events, oldest first; a position in the sync stream is an index into it. */
  readonly timeline: TwinEvent[] = [];
  /** Changes of the state that no event explains, by position: what a state resolution let win. */
  readonly replacements: { readonly position: number; readonly event: EventId }[] = [];
  readonly redactions = new Map<EventId, TwinEvent>();
  readonly #state = new Map<string, EventId>();
  readonly #events = new Map<EventId, TwinEvent>();

  constructor(id: RoomId, creator: UserId) {
    this.id = id;
    this.creator = creator;
  }

  get state(): readonly TwinEvent[] {
    return [...this.#state.values()].flatMap((id) => this.#events.get(id) ?? []);
  }

  current(type: string, key: string): TwinEvent | undefined {
    const id = this.#state.get(`${type}${SEPARATOR}${key}`);
    return id === undefined ? undefined : this.#events.get(id);
  }

  event(id: EventId): TwinEvent | undefined {
    return this.#events.get(id);
  }

  append(event: TwinEvent): void {
    this.timeline.push(event);
    this.#events.set(event.event_id, event);
    if (event.state_key !== undefined)
      this.#state.set(`${event.type}${SEPARATOR}${event.state_key}`, event.event_id);
  }

  redact(target: EventId, redaction: TwinEvent): void {
    const event = this.#events.get(target);
    if (event === undefined) return;
    this.redactions.set(target, redaction);
    this.#events.set(target, { ...event, content: {} });
  }

  /** State resolution: an older event is current again, which only `state_after` tells. */
  resolveTo(event: EventId): void {
    const found = this.#events.get(event);
    if (found?.state_key === undefined) throw new RangeError(`${event} is no state of ${this.id}`);
    this.#state.set(`${found.type}${SEPARATOR}${found.state_key}`, event);
    this.replacements.push({ position: this.timeline.length, event });
  }

  /** State resolution: the key is gone, which nothing tells. */
  forget(type: string, key: string): void {
    this.#state.delete(`${type}${SEPARATOR}${key}`);
  }

  membership(user: UserId): Membership | null {
    const membership = this.current('m.room.member', user)?.content.membership;
    return membership === 'join' || membership === 'invite' || membership === 'leave' || membership === 'ban'
      ? membership
      : null;
  }

  joinRule(): string {
    return String(this.current('m.room.join_rules', '')?.content.join_rule ?? 'invite');
  }

  /** Whether equal state is in place already, which Synapse does not write twice. */
  same(type: string, key: string, content: object): EventId | null {
    const held = this.current(type, key);
    if (held === undefined || this.redactions.has(held.event_id)) return null;
    return jsonOf(held.content) === jsonOf(content) ? held.event_id : null;
  }

  /** Authorisation rules of room version 12, as far as worlds meet them. */
  authorise(what: string, sender: UserId, type: string, stateKey: string | null): void {
    if (this.membership(sender) !== 'join') throw forbidden(what, `User ${sender} not in room ${this.id}`);
    const level = this.levelOf(sender);
    const needed = this.#levelFor(type, stateKey !== null);
    if (level < needed)
      throw forbidden(
        what,
        `You don't have permission to post that. user_level (${level}) < send_level (${needed})`,
      );
    if (stateKey?.startsWith('@') === true && stateKey !== sender && type !== 'm.room.member')
      throw forbidden(what, 'You are not allowed to set others state');
  }

  levelOf(user: UserId): number {
    if (user === this.creator) return Number.POSITIVE_INFINITY;
    const { users, users_default: byDefault } = this.#levels();
    return numberIn(users, user) ?? numberOf(byDefault) ?? 0;
  }

  /** The level that an action such as `redact` or `kick` takes. */
  levelOfAction(action: 'redact' | 'kick' | 'ban' | 'invite'): number {
    return numberOf(this.#levels()[action]) ?? 50;
  }

  #levelFor(type: string, isState: boolean): number {
    const levels = this.#levels();
    const byDefault = isState
      ? (numberOf(levels.state_default) ?? 50)
      : (numberOf(levels.events_default) ?? 0);
    return numberIn(levels.events, type) ?? byDefault;
  }

  #levels(): Readonly<Record<string, unknown>> {
    return this.current('m.room.power_levels', '')?.content ?? {};
  }
}

export function forbidden(what: string, message: string): Error {
  return answer(what, 403, 'M_FORBIDDEN', message);
}

function jsonOf(content: object): string {
  const value = readValue(content);
  return value === undefined ? JSON.stringify(content) : canonicalJson(value);
}

function numberIn(record: unknown, name: string): number | null {
  return typeof record === 'object' && record !== null && Object.hasOwn(record, name)
    ? numberOf(Reflect.get(record, name))
    : null;
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
