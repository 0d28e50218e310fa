import { parseUserId } from '@weft/core';
import {
  MEMBER_STATE_EVENT,
  memberStateContent,
  openSlotContent,
  RTC_SLOT_ID,
  SLOT_EVENTS,
} from '@weft/protocol';
import { FakeTimers } from '@weft/testing';
import { expect, it } from 'vitest';
import { parseRoomEvent, type RoomEvent } from '../room-event.ts';
import { MAX_PUBLISHED_MEMBERS, type MembersSource, RoomMembers } from './room-members.ts';

const USER = parseUserId('@a:a.org');
const START_MS = new FakeTimers().now();
let ids = 0;

function stateEvent(type: string, stateKey: string, content: object): RoomEvent {
  ids += 1;
  const event = parseRoomEvent({
    event_id: `$${String(ids).padStart(43, '0')}`,
    type,
    state_key: stateKey,
    sender: USER,
    origin_server_ts: START_MS,
    content,
  });
  if (event === null) throw new Error('no event');
  return event;
}

/** A room in which one user says of so many devices that they are on a lane. */
function roomOf(devices: number): MembersSource {
  const members = Array.from({ length: devices }, (_, at) => {
    const memberId = String(at).padStart(8, '0');
    const content = memberStateContent(
      { memberId, device: memberId, key: null, transports: [], peer: false },
      START_MS,
    );
    return stateEvent(MEMBER_STATE_EVENT, memberId, content);
  });
  const state = [...members, stateEvent(SLOT_EVENTS[0], RTC_SLOT_ID, openSlotContent())];
  return {
    standing: {
      title: '',
      role: 'visitor',
      level: 0,
      membership: 'join',
      readOnly: null,
      encrypted: false,
      replacement: null,
      members: [{ user: USER, name: USER, role: 'visitor', level: 0, membership: 'join', isRelay: false }],
    },
    state: (type) => state.filter((event) => event.type === type),
    on: () => () => undefined,
  };
}

it('looks at as many members as the bound says, in one order', () => {
  const found = (devices: number) =>
    new RoomMembers({
      source: roomOf(devices),
      timers: new FakeTimers(),
      serverOffsetMs: () => 0,
    }).members.value.map(({ memberId }) => memberId);
  expect(found(MAX_PUBLISHED_MEMBERS)).toHaveLength(MAX_PUBLISHED_MEMBERS);
  const more = found(MAX_PUBLISHED_MEMBERS + 1);
  expect(more).toHaveLength(MAX_PUBLISHED_MEMBERS);
  expect([more[0], more.at(-1)]).toEqual(['00000000', '00000999']);
});
