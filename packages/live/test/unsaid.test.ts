import { type Patch, parseObjectId, parsePath } from '@weft/core';
import { expect, test } from 'vitest';
import { registersOf } from '../src/lane/patches.ts';
import { SimLanes } from './sim-lanes.ts';

const CHAIR = parseObjectId('chair');
const NAME = parsePath('node.name');
/** More than the relay remembers of its frames. */
const MANY = 12;
const LIMITS = { recentFrames: 4 };

const name = (lanes: SimLanes, client: number): unknown =>
  lanes.client(client).replica.scene.get(CHAIR)?.node?.name;

/** Cuts a client off from a relay, which meanwhile drops what somebody wrote and says more than it remembers. */
async function missRetraction(lanes: SimLanes, away: number, dropped: Patch): Promise<void> {
  const author = lanes.client(0);
  const registers = registersOf(dropped);
  lanes.network.block(lanes.client(away).name, lanes.url(0));
  author.replica.refuse(registers);
  author.channel.retract(registers);
  for (let at = 0; at < MANY; at += 1) {
    author.set(parseObjectId(`lamp-${at}`), NAME, at);
    await lanes.timers.advance(100);
  }
}

/** Lets it come back. */
async function comeBack(lanes: SimLanes, away: number): Promise<void> {
  const { name: client } = lanes.client(away);
  lanes.network.unblock(client, lanes.url(0));
  lanes.network.cut(client, lanes.url(0));
  await lanes.untilLive(30_000);
}

test.each([
  ['patches alone', false],
  ['a snapshot', true],
])('[LV8] what a relay dropped while somebody was away goes there too, told by %s', async (_, isSnapshot) => {
  const lanes = await SimLanes.open({ clients: 3, limits: LIMITS });
  const dropped = lanes.client(0).set(CHAIR, NAME, 'Chair');
  await lanes.timers.advance(500);
  expect([name(lanes, 1), name(lanes, 2)]).toEqual(['Chair', 'Chair']);
  await missRetraction(lanes, 1, dropped);
  expect([name(lanes, 1), name(lanes, 2)]).toEqual(['Chair', undefined]);
  if (isSnapshot) lanes.relay(0).world.settle(lanes.client(2).replica.shownPatch());
  await comeBack(lanes, 1);
  expect(name(lanes, 1)).toBe('Chair');
  await lanes.timers.advance(10_000);
  expect(name(lanes, 1)).toBeUndefined();
  expect(lanes.areEqual).toBe(true);
  await lanes.close();
  expect(lanes.timers.pending).toBe(0);
});

test('[LV8] what it hid shows again', async () => {
  const lanes = await SimLanes.open({ clients: 3, limits: LIMITS });
  const old = lanes.client(0).set(CHAIR, NAME, 'Old chair');
  await lanes.timers.advance(500);
  lanes.relay(0).world.settle(old);
  // The room has not told the one who will be away.
  for (const each of [0, 2]) lanes.client(each).replica.receive(old, 'matrix');
  const dropped = lanes.client(0).set(CHAIR, NAME, 'Chair');
  await lanes.timers.advance(500);
  expect(name(lanes, 1)).toBe('Chair');
  await missRetraction(lanes, 1, dropped);
  await comeBack(lanes, 1);
  await lanes.timers.advance(10_000);
  expect([0, 1, 2].map((each) => name(lanes, each))).toEqual(['Old chair', 'Old chair', 'Old chair']);
  expect(lanes.areEqual).toBe(true);
  await lanes.close();
});
