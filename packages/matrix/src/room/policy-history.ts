import { forgetOldest, type PatchSource, type UserId } from '@weft/core';
import type { EventId } from '../ids.ts';
import { stringMember } from '../json.ts';
import type { RoomEvent } from '../room-event.ts';
import { RoomPolicy } from './policy.ts';

/** Finds an event of the room's current state. */
export type CurrentState = (type: string, key?: string) => RoomEvent | undefined;

/** Power levels, kicks and bans of a room that are remembered, the newest. */
export const MAX_POLICY_EVENTS = 512;

const POWER_LEVELS = 'm.room.power_levels';
const MEMBER = 'm.room.member';

/** What was seen of who may do what, so that it can be told since when somebody may not. */
export class PolicyHistory {
  readonly #events = new Map<EventId, RoomEvent>();

  /** A copy to try things on. */
  fork(): PolicyHistory {
    const copy = new PolicyHistory();
    copy.note(this.#events.values());
    return copy;
  }

  /** Takes note of events of which the homeserver told; of those that say nothing about rights it does not. */
  note(events: Iterable<RoomEvent>): void {
    for (const event of events) if (tellsOfRights(event)) this.#events.set(event.id, event);
    forgetOldest(this.#events, MAX_POLICY_EVENTS);
  }

  /**
   * Of these events those that were sent after their sender had lost the right to, on the far side of a split: the
   * room's state does not hold them, and their sender may not send them now and might not then, by the time that the
   * event gives which took the right away.
   */
  sentWithoutRight(sources: Iterable<PatchSource>, current: CurrentState): readonly string[] {
    const known = new Map<string, number>();
    return [...sources].flatMap(({ event, sender, atMs, carrier }) => {
      const key = `${sender}\0${carrier}`;
      const lostMs = known.get(key) ?? this.#lostMs(sender, carrier, current);
      known.set(key, lostMs);
      return atMs >= lostMs ? [event] : [];
    });
  }

  /** Since when this user may not send events of this type; infinite where they may. */
  #lostMs(user: UserId, type: string, current: CurrentState): number {
    const isRemoved = (event: RoomEvent) => takesAway(event);
    const isTooLow = (levels: RoomEvent) => {
      const policy = new RoomPolicy((name) => (name === POWER_LEVELS ? levels : current(name)));
      return policy.levelOf(user) < policy.levelForState(type);
    };
    return Math.min(
      this.#since(current(MEMBER, user), isRemoved),
      this.#since(current(POWER_LEVELS), isTooLow),
    );
  }

  /** The time of the first event, from the current one back, from which on it was so throughout. */
  #since(current: RoomEvent | undefined, isSo: (event: RoomEvent) => boolean): number {
    let since = Number.POSITIVE_INFINITY;
    const seen = new Set<EventId>();
    for (
      let event = current;
      event !== undefined && isSo(event) && !seen.has(event.id);
      event = event.replaces === null ? undefined : this.#events.get(event.replaces)
    ) {
      seen.add(event.id);
      since = event.atMs;
    }
    return since;
  }
}

/** Whether it says, or said, who may do what. */
export function tellsOfRights(event: RoomEvent): boolean {
  return event.type === POWER_LEVELS ? event.stateKey === '' : event.type === MEMBER && takesAway(event);
}

/** A ban, or a kick: who leaves by themselves loses nothing. */
function takesAway({ content, sender, stateKey }: RoomEvent): boolean {
  const membership = stringMember(content, 'membership');
  return membership === 'ban' || (membership === 'leave' && sender !== stateKey);
}
