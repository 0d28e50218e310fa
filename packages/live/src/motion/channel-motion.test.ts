import { type ActorId, type ObjectId, parseUserId } from '@weft/core';
import { poseTime, quantisePose } from '@weft/protocol';
import { FakeTimers } from '@weft/testing';
import { describe, expect, test } from 'vitest';
import type { LanePerson } from '../channel.ts';
import { ChannelMotion } from './channel-motion.ts';
import { FIRST_PLAYOUT_MS } from './playout-delay.ts';

const [NORTH, SOUTH] = ['wss://north', 'wss://south'];
const CHAIR = 'chair' as ObjectId;
const person = (relay: string, session: number, name: string): LanePerson => ({
  ...{ relay, session, device: 'D', level: 0 },
  user: parseUserId(`@${name}:example.org`),
  actor: `actor-${name}` as ActorId,
});

/** Two relays whose clocks differ, and people on both. */
function setting() {
  const timers = new FakeTimers();
  const people = new Map<string, LanePerson>();
  let own: string | null = NORTH;
  const offsets = new Map([
    [NORTH, 4_000],
    [SOUTH, -90_000],
  ]);
  const motion = new ChannelMotion({
    timers,
    send: () => true,
    backlogBytes: () => 0,
    own: () => own,
    offsetMs: (relay) => offsets.get(relay) ?? null,
    person: (relay, session) => people.get(`${relay} ${session}`) ?? null,
  });
  for (const relay of [NORTH, SOUTH])
    motion.welcomed(relay, { session: 1, nowMs: timers.now() + (offsets.get(relay) ?? 0) });
  return {
    ...{ timers, motion, people, offsets },
    there: (relay: string, session: number, name: string) =>
      people.set(`${relay} ${session}`, person(relay, session, name)),
    appear: (relay: string, handle: number, session: number, object: ObjectId | null = null) =>
      motion.announced(relay, {
        type: 'movers',
        appeared: [{ handle, session, object, parts: 0 }],
        left: [],
      }),
    tell: (relay: string, handle: number, x: number, ageMs = 0) =>
      motion.heard(relay, {
        type: 'poses',
        at: poseTime(timers.now() + (offsets.get(relay) ?? 0)),
        updates: [
          {
            ...{ handle, ageMs, teleported: false },
            pose: quantisePose({ body: { position: [x, 0, 0], rotation: [0, 0, 0, 1] }, resting: true }),
          },
        ],
      }),
    shown: () =>
      motion.movers.value.map((mover) => [
        mover.person.user.slice(1, 4),
        mover.object,
        mover.poseAt(timers.now())?.body.position[0],
      ]),
    setOwn: (relay: string | null) => {
      own = relay;
      motion.moved(relay);
    },
  };
}

describe('who moves, over all relays', () => {
  test('[AV11] is there once, as was told last, whichever relay told it and whatever its clock shows', async () => {
    const { there, appear, tell, shown, motion, timers } = setting();
    there(NORTH, 2, 'bob');
    there(SOUTH, 9, 'bob');
    appear(NORTH, 5, 2);
    tell(NORTH, 5, 1);
    expect(shown()).toEqual([['bob', null, 1]]);
    const [bob] = motion.movers.value;
    await timers.advance(500);
    appear(SOUTH, 77, 9);
    tell(SOUTH, 77, 3);
    await timers.advance(FIRST_PLAYOUT_MS);
    expect(shown()).toEqual([['bob', null, 3]]);
    expect(motion.movers.value).toHaveLength(1);
    await timers.advance(500);
    tell(NORTH, 5, 4);
    // Not what that relay told a second ago, either, until the new word is played.
    expect(shown()).toEqual([['bob', null, 3]]);
    await timers.advance(FIRST_PLAYOUT_MS);
    expect(shown()).toEqual([['bob', null, 4]]);
    // One way ends: who moves is the same all the while.
    motion.lost(NORTH);
    expect(shown()).toEqual([['bob', null, 3]]);
    expect(motion.movers.value[0]).toBe(bob);
    motion.lost(SOUTH);
    expect(shown()).toEqual([]);
  });

  test('[AV11] two users under one name of a client are two', () => {
    const { people, appear, motion } = setting();
    people.set(`${NORTH} 2`, person(NORTH, 2, 'bob'));
    people.set(`${SOUTH} 2`, { ...person(SOUTH, 2, 'eve'), actor: person(NORTH, 2, 'bob').actor });
    appear(NORTH, 1, 2);
    appear(SOUTH, 1, 2);
    expect(motion.movers.value.map((mover) => mover.person.user)).toEqual([
      '@bob:example.org',
      '@eve:example.org',
    ]);
  });

  test('[AV12] everybody is away the moment that their relay is lost, and the list is the same until somebody comes or goes', () => {
    const { there, appear, tell, motion } = setting();
    let changes = 0;
    motion.movers.subscribe(() => {
      changes += 1;
    });
    for (let at = 2; at < 10; at += 1) {
      there(NORTH, at, `p${at}`);
      appear(NORTH, at, at);
    }
    const before = motion.movers.value;
    tell(NORTH, 3, 1);
    motion.peopleChanged();
    expect(motion.movers.value).toBe(before);
    expect(changes).toBe(8);
    motion.lost(NORTH);
    expect([motion.movers.value, changes]).toEqual([[], 9]);
  });

  test('[AV12] who is announced before anybody said who that is shows once that is said', () => {
    const { there, appear, tell, shown, motion } = setting();
    appear(NORTH, 5, 2);
    tell(NORTH, 5, 1);
    appear(NORTH, 6, 2, CHAIR);
    expect(shown()).toEqual([]);
    there(NORTH, 2, 'bob');
    motion.peopleChanged();
    expect(shown()).toEqual([
      ['bob', null, 1],
      ['bob', CHAIR, undefined],
    ]);
  });

  test('[AV5] before the clock of a relay was measured its welcome tells it', () => {
    const { offsets, there, appear, tell, shown } = setting();
    there(SOUTH, 2, 'bob');
    appear(SOUTH, 5, 2);
    tell(SOUTH, 5, 1);
    offsets.delete(SOUTH);
    expect(shown()).toEqual([['bob', null, 1]]);
  });

  test('[AV8] what a relay said before this client chose it counts, and ends with the choice', () => {
    const { motion, appear, setOwn } = setting();
    setOwn(null);
    motion.enter();
    motion.rated(SOUTH, 20);
    appear(SOUTH, 3, 1);
    expect(motion.avatar.value).toBe('away');
    setOwn(SOUTH);
    expect(motion.avatar.value).toBe('shown');
    expect(motion.movers.value).toEqual([]);
    setOwn(NORTH);
    expect(motion.avatar.value).toBe('away');
    motion.rated(NORTH, 20);
    expect(motion.avatar.value).toBe('asked');
    motion.close();
  });
});
