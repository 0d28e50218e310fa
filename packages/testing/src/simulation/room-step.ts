import type { UserId } from '@weft/core';
import { type Homeserver, OBJECT_EVENT, type RoomId, RULE_EVENT } from '@weft/matrix';
import type { TwinRoom } from '../homeserver/twin-room.ts';
import { CARRIER_TYPES } from './carrier-types.ts';
import type { Step } from './script.ts';

type RoomStep = Extract<
  Step,
  {
    readonly do:
      | 'kick'
      | 'ban'
      | 'unban'
      | 'invite'
      | 'level'
      | 'redact'
      | 'empty'
      | 'hand'
      | 'rule'
      | 'leave';
  }
>;

/** The rules that a world may come to have, by name. */
const RULES: Readonly<
  Record<string, { readonly kind: string; readonly [name: string]: string | number | boolean | object }>
> = {
  few: { kind: 'limit', count: 6, match: { kind: 'lamp' } },
  seats: { kind: 'unique', property: 'seat.occupant' },
  low: { kind: 'range', property: 'acme:door.angle', max: 500 },
  rooms: { kind: 'parent', match: { kind: 'chair' }, parents: [{ kind: 'room' }], root: true },
};
const MEMBERSHIPS = { kick: 'leave', ban: 'ban', unban: 'leave', invite: 'invite' } as const;
const MEMBER = 'm.room.member';
const LEVELS = 'm.room.power_levels';

/** Does to the room what moderators, and people with other programs, do. Rejects where the homeserver refuses. */
export async function changeRoom(
  homeserver: Homeserver,
  room: RoomId,
  known: TwinRoom,
  step: RoomStep,
  target: UserId,
): Promise<void> {
  const events = known.timeline.filter(({ type }) => CARRIER_TYPES.includes(type));
  const picked = 'pick' in step ? events[step.pick % Math.max(1, events.length)] : undefined;
  switch (step.do) {
    case 'leave':
      return send(homeserver, room, MEMBER, homeserver.userId, { membership: 'leave' });
    case 'kick':
    case 'ban':
    case 'unban':
    case 'invite':
      return send(homeserver, room, MEMBER, target, { membership: MEMBERSHIPS[step.do] });
    case 'level': {
      const levels = { ...(await homeserver.readStateEvent(room, LEVELS, '')) };
      const users = { ...Object(levels.users), [target]: step.level };
      return send(homeserver, room, LEVELS, '', JSON.parse(JSON.stringify({ ...levels, users })));
    }
    case 'redact':
      if (picked !== undefined) await homeserver.redact(room, picked.event_id, '');
      return;
    case 'empty':
      if (picked?.state_key !== undefined) await send(homeserver, room, picked.type, picked.state_key, {});
      return;
    case 'hand': {
      // As typed into another client: what is there is left out, and nothing is stamped.
      const key = step.pick % 2 === 0 && picked?.type === OBJECT_EVENT ? picked.state_key : undefined;
      const content = { acme: { size: step.pick } };
      return send(homeserver, room, OBJECT_EVENT, key ?? `hand-${step.pick % 5}`, content);
    }
    case 'rule': {
      const names = Object.keys(RULES);
      const name = names[step.pick % names.length] ?? 'few';
      const content = step.pick % 4 === 3 ? {} : (RULES[name] ?? {});
      return send(homeserver, room, RULE_EVENT, name, JSON.parse(JSON.stringify(content)));
    }
  }
}

async function send(
  homeserver: Homeserver,
  room: RoomId,
  type: string,
  stateKey: string,
  content: Parameters<Homeserver['sendState']>[1]['content'],
): Promise<void> {
  await homeserver.sendState(room, { type, stateKey, content });
}
