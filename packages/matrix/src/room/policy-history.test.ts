import { type PatchSource, parseUserId } from '@weft/core';
import { describe, expect, it } from 'vitest';
import { roomEvent } from '../../test/room-events.ts';
import type { RoomEvent } from '../room-event.ts';
import { MAX_POLICY_EVENTS, PolicyHistory } from './policy-history.ts';

const ANN = parseUserId('@ann:a.org');
const BOB = parseUserId('@bob:b.org');
const OBJECT = 'world.weft.object';
const LAYER = 'world.weft.layer';

const create = roomEvent('c', {
  type: 'm.room.create',
  stateKey: '',
  sender: ANN,
  content: { room_version: '12' },
});

function levels(id: string, atMs: number, bob: number, after: RoomEvent | null = null): RoomEvent {
  const content = { users: { [BOB]: bob }, events: { [OBJECT]: 25, [LAYER]: 50 } };
  const type = 'm.room.power_levels';
  return roomEvent(id, { type, stateKey: '', sender: ANN, content, atMs, replaces: after?.id ?? null });
}

function member(id: string, atMs: number, membership: string, after: RoomEvent | null = null): RoomEvent {
  const sender = membership === 'join' ? BOB : ANN;
  const type = 'm.room.member';
  const content = { membership };
  return roomEvent(id, { type, stateKey: BOB, sender, content, atMs, replaces: after?.id ?? null });
}

function source(atMs: number, sender = BOB, carrier = OBJECT): PatchSource {
  return { event: `${sender} ${carrier} ${atMs}`, sender, atMs, carrier };
}

/** Which times of an event by Bob do not count, of 0, 10, 20, ... */
function lostTimes(told: readonly RoomEvent[], current: readonly RoomEvent[], carrier = OBJECT): number[] {
  const history = new PolicyHistory();
  history.note(told);
  const state = [create, ...current];
  const times = Array.from({ length: 8 }, (_, at) => at * 10);
  const lost = history.sentWithoutRight(
    times.map((at) => source(at, BOB, carrier)),
    (type, key = '') => state.find((event) => event.type === type && event.stateKey === key),
  );
  return times.filter((at) => lost.includes(source(at, BOB, carrier).event));
}

describe('what was sent without the right to', () => {
  const builder = levels('1', 5, 25);
  const visitor = levels('2', 30, 0, builder);
  const still = levels('3', 50, 10, visitor);
  const again = levels('4', 60, 25, still);
  const all = [builder, visitor, still, again];

  it('[A15] is what a demoted user sent from the time of the demotion on', () => {
    expect(lostTimes(all, [visitor])).toEqual([30, 40, 50, 60, 70]);
    expect(lostTimes(all, [builder])).toEqual([]);
    expect(lostTimes([], [])).toEqual([]);
  });

  it('[A15] is judged by the demotion, not by a later change of other levels', () => {
    expect(lostTimes(all, [still])).toEqual([30, 40, 50, 60, 70]);
    // Who did not see the demotion itself knows only that it was no later.
    expect(lostTimes([], [still])).toEqual([50, 60, 70]);
  });

  it('[A15] is nothing of those who may send now, and nothing that took less', () => {
    expect(lostTimes(all, [again])).toEqual([]);
    const steward = levels('5', 10, 50);
    const lower = levels('6', 40, 25, steward);
    expect(lostTimes([steward, lower], [lower], LAYER)).toEqual([40, 50, 60, 70]);
    expect(lostTimes([steward, lower], [lower], OBJECT)).toEqual([]);
  });

  it('[A15] is what a banned or kicked user sent from then on, and nothing of one who left', () => {
    const ban = member('7', 20, 'ban');
    const unban = member('8', 40, 'leave', ban);
    expect(lostTimes([ban], [builder, ban])).toEqual([20, 30, 40, 50, 60, 70]);
    expect(lostTimes([ban, unban], [builder, unban])).toEqual([20, 30, 40, 50, 60, 70]);
    expect(lostTimes([], [builder, member('9', 20, 'join')])).toEqual([]);
    expect(lostTimes([], [builder, { ...member('9', 20, 'leave'), sender: BOB }])).toEqual([]);
  });

  it('[A15] is nothing of a creator of the room', () => {
    const history = new PolicyHistory();
    const current = (type: string) => [create, visitor].find((event) => event.type === type);
    expect(history.sentWithoutRight([source(70, ANN)], current)).toEqual([]);
  });

  it('remembers so many changes of rights, the newest, and does not turn in circles', () => {
    const history = new PolicyHistory();
    let last: RoomEvent | null = null;
    const chain: RoomEvent[] = [];
    for (let at = 0; at <= MAX_POLICY_EVENTS; at++) {
      last = levels(`p${at}`, at, 0, last);
      chain.push(last);
    }
    history.note(chain);
    const [newest] = chain.slice(-1);
    const current = (type: string) => [create, newest].find((event) => event?.type === type);
    expect(history.sentWithoutRight([source(0), source(1)], current)).toEqual([source(1).event]);
    history.note([{ ...builder, content: { users: {} }, replaces: builder.id }]);
    expect(
      history.sentWithoutRight([source(9)], (type) =>
        type === 'm.room.create' ? create : { ...builder, content: { users: {} }, replaces: builder.id },
      ),
    ).toEqual([source(9).event]);
  });
});
