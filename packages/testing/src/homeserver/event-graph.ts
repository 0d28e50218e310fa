import type { UserId } from '@weft/core';
import type { EventId } from '@weft/matrix';
import { type Authority, authorityKeys, refusalOf } from './event-authority.ts';
import { RoomState } from './room-state.ts';
import { type KnownEvents, resolveStates, type Twist } from './state-resolution.ts';
import { type NewEvent, stateKeyOf, type TwinEvent } from './twin-event.ts';

interface Node {
  readonly event: TwinEvent;
  readonly after: RoomState;
  /** Its sender was not entitled to it at its own position: it changes nothing, anywhere. */
  readonly rejected: boolean;
}

/**
 * The events of one room in their partial order, with the state after each. All of it follows from the events alone,
 * so that the servers of a federation share one graph; which of its events a server has seen is the server's affair.
 */
export class EventGraph implements KnownEvents {
  readonly creator: UserId;
  readonly #twist: Twist;
  readonly #nodes = new Map<EventId, Node>();
  readonly #chains = new Map<EventId, ReadonlySet<EventId>>();
  readonly #resolved = new Map<string, RoomState>();

  constructor(creator: UserId, twist: Twist) {
    this.creator = creator;
    this.#twist = twist;
  }

  /** Takes in an event whose predecessors are known. `before` where a test gave its server another state. */
  add(event: TwinEvent, before = this.stateAfter(event.prev)): void {
    if (this.#nodes.has(event.event_id)) return;
    const rejected = this.refusal(event, before) !== null;
    this.#insert(event, before, rejected);
  }

  /** Takes in an event without asking who may. */
  force(event: TwinEvent, before: RoomState): void {
    this.#insert(event, before, false);
  }

  event(id: EventId): TwinEvent {
    return this.#node(id).event;
  }

  isRejected(id: EventId): boolean {
    return this.#node(id).rejected;
  }

  /** The state after these events, which no other of them follows. */
  stateAfter(ids: readonly EventId[]): RoomState {
    const [first, ...others] = ids;
    if (first === undefined) return RoomState.empty;
    const { after } = this.#node(first);
    if (others.length === 0) return after;
    const sorted = [...ids].sort();
    const key = sorted.join(' ');
    const known = this.#resolved.get(key);
    if (known !== undefined) return known;
    const states = [...new Set(sorted.map((id) => this.#node(id).after))];
    const resolved = states.length === 1 ? after : resolveStates(states, this, this.#twist);
    this.#resolved.set(key, resolved);
    return resolved;
  }

  authChain(id: EventId): ReadonlySet<EventId> {
    const known = this.#chains.get(id);
    if (known !== undefined) return known;
    const chain = new Set<EventId>();
    for (const by of this.event(id).auth) {
      chain.add(by);
      for (const further of this.authChain(by)) chain.add(further);
    }
    this.#chains.set(id, chain);
    return chain;
  }

  authority(state: RoomState): Authority {
    return {
      creator: this.creator,
      state: (type, key) => {
        const id = state.get(stateKeyOf(type, key));
        return id === undefined ? undefined : this.event(id);
      },
    };
  }

  /** Why the sender may not send this where the room's state is this. */
  refusal(event: TwinEvent, state: RoomState): string | null {
    const { type, sender, state_key: stateKey, content } = event;
    return refusalOf(
      { type, sender, content, ...(stateKey === undefined ? {} : { stateKey }) },
      this.authority(state),
    );
  }

  authOf(event: NewEvent, state: RoomState): EventId[] {
    return authorityKeys(event).flatMap(([type, key]) => state.get(stateKeyOf(type, key)) ?? []);
  }

  #insert(event: TwinEvent, before: RoomState, rejected: boolean): void {
    const { event_id: id, type, state_key: key } = event;
    const after = key === undefined || rejected ? before : before.with(stateKeyOf(type, key), id);
    this.#nodes.set(id, { event, after, rejected });
  }

  #node(id: EventId): Node {
    const node = this.#nodes.get(id);
    if (node === undefined) throw new RangeError(`${id} is no event of this room`);
    return node;
  }
}
