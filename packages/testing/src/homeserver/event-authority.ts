import type { UserId } from '@weft/core';
import type { NewEvent, TwinEvent } from './twin-event.ts';

export type Membership = 'join' | 'invite' | 'leave' | 'ban';
export type Action = 'redact' | 'kick' | 'ban' | 'invite';

/** What an event is judged by: the state before it, or what it names as its authority. */
export interface Authority {
  readonly creator: UserId;
  state(type: string, key: string): TwinEvent | undefined;
}

const DEFAULT_ACTION_LEVEL = 50;
const LEVELS = 'm.room.power_levels';

/** Why the sender may not send this: the authorisation rules of room version 12, as far as worlds meet them. */
export function refusalOf(event: NewEvent, by: Authority): string | null {
  const { type, sender, stateKey } = event;
  if (type === 'm.room.create') return sender === by.creator ? null : 'The room was created already';
  if (type === 'm.room.member' && stateKey !== undefined) return membershipRefusal(event, stateKey, by);
  if (membershipIn(by, sender) !== 'join') return `User ${sender} not in room`;
  const level = levelOf(by, sender);
  const needed = levelFor(by, type, stateKey !== undefined);
  if (level < needed)
    return `You don't have permission to post that. user_level (${level}) < send_level (${needed})`;
  if (stateKey?.startsWith('@') === true && stateKey !== sender)
    return 'You are not allowed to set others state';
  return type === LEVELS ? levelsRefusal(event, by) : null;
}

/** The places of the state that entitles somebody to send this. */
export function authorityKeys({ type, sender, stateKey, content }: NewEvent): (readonly [string, string])[] {
  if (type === 'm.room.create') return [];
  const keys: (readonly [string, string])[] = [
    ['m.room.create', ''],
    [LEVELS, ''],
    ['m.room.member', sender],
  ];
  if (type !== 'm.room.member' || stateKey === undefined) return keys;
  if (stateKey !== sender) keys.push(['m.room.member', stateKey]);
  if (content.membership === 'join' || content.membership === 'invite') keys.push(['m.room.join_rules', '']);
  return keys;
}

/** Whether it decides what others may do, so that a state resolution settles it first. */
export function isPowerEvent({ type, sender, state_key: key, content }: TwinEvent): boolean {
  if (key === undefined) return false;
  if (type === LEVELS || type === 'm.room.join_rules') return true;
  return (
    type === 'm.room.member' &&
    key !== sender &&
    (content.membership === 'leave' || content.membership === 'ban')
  );
}

export function membershipIn(by: Authority, user: string): Membership | null {
  const membership = by.state('m.room.member', user)?.content.membership;
  return membership === 'join' || membership === 'invite' || membership === 'leave' || membership === 'ban'
    ? membership
    : null;
}

/** Infinite for the creator. */
export function levelOf(by: Authority, user: string): number {
  if (user === by.creator) return Number.POSITIVE_INFINITY;
  const { users, users_default: byDefault } = levelsIn(by);
  return numberIn(users, user) ?? numberOf(byDefault) ?? 0;
}

/** The level that an action such as `redact` or `kick` takes. */
export function levelOfAction(by: Authority, action: Action): number {
  return numberOf(levelsIn(by)[action]) ?? DEFAULT_ACTION_LEVEL;
}

function membershipRefusal({ sender, content }: NewEvent, user: string, by: Authority): string | null {
  const target = membershipIn(by, user);
  const own = membershipIn(by, sender);
  const may = (action: Action): boolean => levelOf(by, sender) >= levelOfAction(by, action);
  const outranks = levelOf(by, sender) > levelOf(by, user);
  switch (content.membership) {
    case 'join': {
      if (sender !== user) return 'Cannot force another user to join.';
      if (target === 'ban') return 'You are banned from this room';
      if (target === 'join' || target === 'invite' || sender === by.creator) return null;
      const rule = by.state('m.room.join_rules', '')?.content.join_rule;
      if (rule === 'public' || (rule === 'restricted' && isVouchedFor(content, by))) return null;
      return 'You are not invited to this room.';
    }
    case 'invite':
      if (own !== 'join') return `User ${sender} not in room`;
      if (target === 'join' || target === 'ban') return `${user} is already in the room, or banned.`;
      return may('invite') ? null : "You don't have permission to invite users";
    case 'leave':
      if (sender === user) return own === 'join' || own === 'invite' ? null : `User ${sender} not in room`;
      if (own !== 'join') return `User ${sender} not in room`;
      if (target === 'ban' && !may('ban')) return `You cannot unban user ${user}.`;
      return may('kick') && outranks ? null : `You cannot kick user ${user}.`;
    case 'ban':
      if (own !== 'join') return `User ${sender} not in room`;
      return may('ban') && outranks ? null : "You don't have permission to ban";
    default:
      return 'Unknown membership';
  }
}

/** By a server that says that somebody of it, who may invite, lets this user in (MSC3083). */
function isVouchedFor(content: NewEvent['content'], by: Authority): boolean {
  const { join_authorised_via_users_server: user } = content;
  if (typeof user !== 'string' || membershipIn(by, user) !== 'join') return false;
  const level = user === by.creator ? Number.POSITIVE_INFINITY : numberIn(levelsIn(by).users, user);
  return (level ?? 0) >= levelOfAction(by, 'invite');
}

// Nobody gives or takes a level above their own, nor changes somebody who holds as much as they do.
function levelsRefusal({ sender, content }: NewEvent, by: Authority): string | null {
  const own = levelOf(by, sender);
  const before = levelsIn(by);
  for (const user of namesIn(before.users, content.users)) {
    const [old, now] = [numberIn(before.users, user), numberIn(content.users, user)];
    if (old === now) continue;
    if ((now ?? 0) > own) return `You don't have permission to add ops level greater than your own`;
    if (user !== sender && old !== null && old >= own)
      return `You don't have permission to remove ops level equal to your own`;
  }
  return null;
}

/** What it takes to send a message, or state, of this type. */
export function levelFor(by: Authority, type: string, isState: boolean): number {
  const levels = levelsIn(by);
  const byDefault = isState
    ? (numberOf(levels.state_default) ?? DEFAULT_ACTION_LEVEL)
    : (numberOf(levels.events_default) ?? 0);
  return numberIn(levels.events, type) ?? byDefault;
}

// Before the first levels the state default of Matrix is 0, and only the creator is there.
function levelsIn(by: Authority): Readonly<Record<string, unknown>> {
  return by.state(LEVELS, '')?.content ?? { state_default: 0 };
}

function namesIn(...records: readonly unknown[]): Set<string> {
  return new Set(
    records.flatMap((record) => (typeof record === 'object' && record !== null ? Object.keys(record) : [])),
  );
}

function numberIn(record: unknown, name: string): number | null {
  return typeof record === 'object' && record !== null && Object.hasOwn(record, name)
    ? numberOf(Reflect.get(record, name))
    : null;
}

function numberOf(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
