import { OCCUPANT_PATH, parseObjectId, parseUserId, type UserId, type Value } from '@weft/core';
import { expect, test } from 'vitest';
import { MovingClient, openMotionRoom } from '../motion/motion-room.ts';
import { ALICE, BOB, CAROL, type LaneUnderTest } from './lane-under-test.ts';

const SEAT = parseObjectId('seat');
const WALL = parseObjectId('wall');

/** Alice built a seat and a wall; she, Bob and the visitors Carol and Dave have avatars. */
async function setting() {
  const lane = await openMotionRoom();
  const dave = parseUserId('@dave:example.org');
  lane.world.setLevel(dave, 0);
  const movers = new Map<UserId, MovingClient>();
  for (const user of [ALICE, BOB, CAROL, dave]) {
    const mover = MovingClient.connect(lane, { user });
    mover.enter();
    movers.set(user, mover);
  }
  const of = (user: UserId) => movers.get(user) ?? expect.fail('nobody');
  of(ALICE).client.set(SEAT, 'seat.label', 'By the window');
  of(ALICE).client.set(WALL, 'node.name', 'Wall');
  const write = (user: UserId, value: Value, id = SEAT) =>
    of(user).client.edit([{ id, path: OCCUPANT_PATH, value }]);
  const refused = (user: UserId) => of(user).client.rejected.map(({ problems }) => problems[0]?.code);
  return { lane, dave, of, write, refused, occupant: () => occupantOf(lane) };
}

function occupantOf(lane: LaneUnderTest): string | undefined {
  return lane.world.replica.scene.get(SEAT)?.seat?.occupant;
}

test('[AV24] a visitor sits down and stands up, seen by all', async () => {
  const { of, write, refused, occupant } = await setting();
  write(CAROL, CAROL);
  expect([occupant(), of(BOB).client.replica.scene.get(SEAT)?.seat?.occupant]).toEqual([CAROL, CAROL]);
  write(CAROL, null);
  expect([occupant(), refused(CAROL)]).toEqual([undefined, []]);
});

test('[AV24] nobody takes the seat of who is there; who tries is told who sits', async () => {
  const { lane, dave, of, write, refused, occupant } = await setting();
  write(CAROL, CAROL);
  for (const user of [dave, BOB]) {
    write(user, user);
    expect(refused(user)).toEqual(['held']);
    expect(of(user).client.rejected[0]?.problems[0]).toMatchObject({ winner: { value: CAROL } });
  }
  expect(occupant()).toBe(CAROL);
  write(CAROL, CAROL);
  expect(refused(CAROL)).toEqual([]);
  expect(lane.warnings).toEqual([]);
});

test('[AV24] what a visitor writes there but who they are is refused: for others, for nobody, and of what is no seat', async () => {
  const { dave, write, refused, occupant } = await setting();
  write(CAROL, CAROL);
  write(dave, null);
  write(dave, CAROL);
  write(dave, BOB);
  write(dave, dave, WALL);
  expect(refused(dave)).toEqual(['read-only', 'read-only', 'read-only', 'read-only']);
  expect(occupant()).toBe(CAROL);
});

test('[AV24] a builder frees a seat, whoever sits there', async () => {
  const { write, refused, occupant } = await setting();
  write(CAROL, CAROL);
  write(BOB, null);
  expect([occupant(), refused(BOB)]).toEqual([undefined, []]);
});

test('[AV20] the seat of who is gone, or never entered, is anybody’s', async () => {
  const { lane, dave, of, write, refused, occupant } = await setting();
  write(CAROL, CAROL);
  of(CAROL).client.disconnect();
  write(dave, dave);
  expect([occupant(), refused(dave)]).toEqual([dave, []]);
  of(dave).leave();
  write(BOB, BOB);
  expect([occupant(), refused(BOB)]).toEqual([BOB, []]);
  expect(lane.warnings).toEqual([]);
});
