import { isUserId, type UserId } from '@weft/core';
import { stringMember } from '../json.ts';
import { type Role, roleOfLevel } from '../power-levels.ts';
import type { RoomEvent } from '../room-event.ts';
import { displayName, type RoomPolicy } from './policy.ts';

export type Membership = 'join' | 'invite' | 'knock' | 'leave' | 'ban';

/** Somebody in the room. */
export interface Member {
  readonly user: UserId;
  /** The display name in this room, else the user id. */
  readonly name: string;
  readonly role: Role;
  /** The power level; infinite for creators since room version 12. */
  readonly level: number;
  readonly membership: 'join' | 'invite';
  /** The world names it as one of its relays: a program that carries what others do. */
  readonly isRelay: boolean;
}

const MEMBERSHIPS: ReadonlySet<string> = new Set(['join', 'invite', 'knock', 'leave', 'ban']);

/** What a member event says; anything else than the five memberships counts as none. */
export function membershipOf(event: RoomEvent | undefined): Membership | null {
  const membership = stringMember(event?.content, 'membership');
  return membership !== null && isMembership(membership) ? membership : null;
}

/** Who is in the room or invited, in the order of their user ids. */
export function membersOf(events: Iterable<RoomEvent>, policy: RoomPolicy): readonly Member[] {
  const members: Member[] = [];
  const relays = policy.relays();
  for (const event of events) {
    const membership = membershipOf(event);
    if (membership !== 'join' && membership !== 'invite') continue;
    const user = event.stateKey;
    if (!isUserId(user)) continue;
    const [name, level] = [displayName(event.content) ?? user, policy.levelOf(user)];
    const isRelay = relays.has(user);
    members.push({ user, name, role: roleOfLevel(level), level, membership, isRelay });
  }
  return members.sort((a, b) => (a.user < b.user ? -1 : 1));
}

function isMembership(text: string): text is Membership {
  return MEMBERSHIPS.has(text);
}
