import type { UserId } from '@weft/core';
import { HomeserverError } from '../errors.ts';
import { type Part, rankOf } from '../guard/turn.ts';
import type { RoomId } from '../ids.ts';
import type { Role } from '../power-levels.ts';
import { type Member, type Membership, membershipOf, membersOf } from './members.ts';
import { RoomPolicy } from './policy.ts';
import type { RoomModel } from './room-model.ts';

/** Who is here, and what this user may do. A new value whenever any of it changed. */
export interface Standing {
  readonly title: string;
  readonly role: Role;
  /** This user's power level; infinite for creators since room version 12. */
  readonly level: number;
  readonly membership: Membership | null;
  /** Why objects cannot be changed, as a sentence; `null` where they can. */
  readonly readOnly: string | null;
  /** Worlds are not encrypted; one that is can only be looked at. */
  readonly encrypted: boolean;
  /** The world that took this one's place. */
  readonly replacement: RoomId | null;
  readonly members: readonly Member[];
}

/** @param isShutOut whether the homeserver refuses to show the room, whatever it told of the membership */
export function standingOf(model: RoomModel, user: UserId, isShutOut: boolean): Standing {
  const policy = new RoomPolicy((type) => model.get(type));
  const told = membershipOf(model.get('m.room.member', user));
  const membership = isShutOut && told === 'join' ? null : told;
  return {
    title: policy.title,
    role: policy.roleOf(user),
    level: policy.levelOf(user),
    membership,
    readOnly: policy.readOnlyReason(user, membership),
    encrypted: policy.encrypted,
    replacement: policy.replacement,
    members: membersOf(model.all('m.room.member'), policy),
  };
}

/** Why nothing may be written here whatever the homeserver would say. It would take events into an encrypted room. */
export function barredBy(standing: Standing, room: RoomId): HomeserverError | null {
  if (!standing.encrypted) return null;
  return new HomeserverError('encrypted', { what: `write to ${room}`, got: 'the room is encrypted' });
}

/** Whether the power levels let this user send state of a type. Where the room was not read yet, the homeserver says. */
export function mayWrite(model: RoomModel, user: UserId, type: string): boolean {
  const policy = new RoomPolicy((name) => model.get(name));
  return policy.levelOf(user) >= policy.levelForState(type);
}

/** What a client does about what the room lost of others' work; `null` where it may not write. */
export function partOf({ readOnly, members }: Standing, user: UserId, isGuardian: boolean): Part | null {
  if (readOnly !== null) return null;
  if (isGuardian) return { kind: 'guardian' };
  const writers = members.filter(({ role, membership }) => role !== 'visitor' && membership === 'join');
  const ids = writers.map((writer) => writer.user);
  return { kind: 'member', rank: rankOf(user, ids) ?? 1 };
}
