import { parseUserId, toBase64Url, type UserId } from '@weft/core';
import {
  MEMBER_STATE_EVENT,
  MEMBER_STICKY_MS,
  memberStateKey,
  readMember,
  readMemberState,
  relayTransport,
} from '@weft/protocol';
import { describe, expect, it } from 'vitest';
import {
  LEAVE_DELAY_MS,
  LEAVE_RESTART_MS,
  NEW_SERVER_REPEAT_MS,
  NEW_SERVER_SPREAD_MS,
  PUBLICATION_REFRESH_MS,
} from '../src/rtc/member-publication.ts';
import { fakeRelay, signallingOf } from './rtc-world.ts';
import { type TwinWorld, twinWorld } from './twin-world.ts';

const STICKY = 'org.matrix.msc4143.rtc.member';
const KEY = toBase64Url(new Uint8Array(32).fill(7));

async function announcing(features: { readonly sticky: boolean; readonly delayed: boolean }) {
  const world = await twinWorld({ rtc: features });
  const { transport } = await fakeRelay(world, 'relay');
  const client = await world.open('visitor');
  const signalling = signallingOf(world, client);
  const { userId, deviceId } = client.homeserver;
  const announcement = { memberId: 'm', key: KEY, transport };
  /** What the room holds of this client: the newest sticky message, or the state. */
  const held = () => {
    const room = world.server.room('look', world.room);
    if (features.sticky)
      return room.timeline.findLast(({ type, sender }) => type === STICKY && sender === userId)?.content;
    return room.current(MEMBER_STATE_EVENT, memberStateKey(userId, deviceId) ?? '')?.content;
  };
  const isThere = () =>
    features.sticky ? readMember(held()) !== null : readMemberState(held(), world.timers.now()) !== null;
  return { world, client, signalling, announcement, held, isThere, transport };
}

function requestsOf(world: TwinWorld, word: string): number {
  return world.server.log.filter((line) => line.includes(word)).length;
}

describe.each([
  ['sticky messages and delayed events', { sticky: true, delayed: true }],
  ['delayed events alone', { sticky: false, delayed: true }],
])('a member, on a homeserver with %s', (_name, features) => {
  it('[RT3] is announced with its key and relay, and leaves when it says so', async () => {
    const { world, signalling, announcement, held, isThere, transport, client } = await announcing(features);
    await signalling.announce(announcement);
    const read = features.sticky ? readMember(held()) : readMemberState(held(), world.timers.now());
    const { deviceId: device } = client.homeserver;
    expect(read).toMatchObject({ memberId: 'm', device, key: KEY, transports: [transport] });
    await signalling.announce(null);
    expect(isThere()).toBe(false);
    await world.timers.advance(2 * LEAVE_DELAY_MS);
    expect(requestsOf(world, 'cancel what')).toBe(1);
    expect(isThere()).toBe(false);
    signalling.stop();
  });

  it('[RT3] is taken out by its homeserver when it is gone without a word', async () => {
    const { world, signalling, announcement, isThere } = await announcing(features);
    await signalling.announce(announcement);
    await world.timers.advance(10 * LEAVE_DELAY_MS);
    expect(isThere()).toBe(true);
    expect(requestsOf(world, 'restart what')).toBe((10 * LEAVE_DELAY_MS) / LEAVE_RESTART_MS);
    signalling.stop();
    await world.timers.advance(LEAVE_DELAY_MS);
    expect(isThere()).toBe(false);
  });

  it('[RT3] comes back by itself when it was away for longer than its homeserver waits', async () => {
    const { world, client, signalling, announcement, isThere } = await announcing(features);
    await signalling.announce(announcement);
    client.homeserver.goOffline();
    await world.timers.advance(LEAVE_DELAY_MS + 1);
    expect(isThere()).toBe(false);
    client.homeserver.goOnline();
    await world.timers.advance(2 * LEAVE_DELAY_MS);
    expect(isThere()).toBe(true);
    signalling.stop();
    await world.timers.advance(LEAVE_DELAY_MS);
    expect(isThere()).toBe(false);
  });

  it('[RT3] moves to another relay under the same id', async () => {
    const { world, signalling, announcement, held, isThere } = await announcing(features);
    await signalling.announce(announcement);
    const { transport } = await fakeRelay(world, 'other-relay');
    await signalling.announce({ ...announcement, transport });
    expect(isThere()).toBe(true);
    expect(JSON.stringify(held())).toContain(transport.url);
    expect(requestsOf(world, 'prepare')).toBe(1);
    signalling.stop();
  });
});

describe('a member', () => {
  it('[RT3] is announced by state alone on a stock homeserver, and kept fresh', async () => {
    const { world, signalling, announcement, isThere } = await announcing({ sticky: false, delayed: false });
    await signalling.announce(announcement);
    expect(isThere()).toBe(true);
    expect(requestsOf(world, `write ${MEMBER_STATE_EVENT}`)).toBe(1);
    await world.timers.advance(PUBLICATION_REFRESH_MS - 1);
    expect(requestsOf(world, `write ${MEMBER_STATE_EVENT}`)).toBe(1);
    await world.timers.advance(1);
    expect(requestsOf(world, `write ${MEMBER_STATE_EVENT}`)).toBe(2);
    await world.timers.advance(MEMBER_STICKY_MS);
    expect(isThere()).toBe(true);
    await signalling.announce(null);
    expect(isThere()).toBe(false);
    await world.timers.advance(PUBLICATION_REFRESH_MS);
    expect(requestsOf(world, `write ${MEMBER_STATE_EVENT}`)).toBe(4);
    signalling.stop();
  });

  it('[RT3] is announced as soon as the homeserver takes it, and whoever asked is told that it did not', async () => {
    const { world, client, signalling, announcement, isThere } = await announcing({
      sticky: true,
      delayed: true,
    });
    client.homeserver.faults.add({
      kind: 'answer',
      status: 429,
      errcode: 'M_LIMIT_EXCEEDED',
      retryAfterMs: 5000,
    });
    await expect(signalling.announce(announcement)).rejects.toMatchObject({ code: 'rate-limited' });
    await world.timers.advance(4999);
    expect(isThere()).toBe(false);
    await world.timers.advance(1);
    expect(isThere()).toBe(true);
    signalling.stop();
  });

  it('[RT3] is not tried again where the room does not take it', async () => {
    const { world, client, signalling, announcement } = await announcing({ sticky: true, delayed: true });
    client.homeserver.faults.add({ kind: 'answer', status: 403, errcode: 'M_FORBIDDEN' });
    await expect(signalling.announce(announcement)).rejects.toMatchObject({ code: 'forbidden' });
    const before = world.server.log.length;
    await world.timers.advance(60_000);
    expect(world.server.log.slice(before).filter((line) => line.includes(STICKY))).toEqual([]);
    signalling.stop();
  });

  it('[RT3] is what was wished for last, however fast wishes follow', async () => {
    const { world, signalling, announcement, isThere } = await announcing({ sticky: true, delayed: true });
    const wishes = [announcement, null, announcement, null, announcement].map((wish) =>
      signalling.announce(wish),
    );
    await Promise.all(wishes);
    expect(isThere()).toBe(true);
    expect(requestsOf(world, `send ${STICKY}`)).toBe(1);
    signalling.stop();
    const restarts = requestsOf(world, 'restart what');
    await world.timers.advance(LEAVE_DELAY_MS);
    expect(requestsOf(world, 'restart what')).toBe(restarts);
  });
});

describe('a member whose announcement the room does not keep', () => {
  const sticky = { sticky: true, delayed: true };
  const SPOKEN_MS = NEW_SERVER_REPEAT_MS + NEW_SERVER_SPREAD_MS;
  const SECONDS = 120;
  const said = (world: TwinWorld, user: UserId) =>
    world.server
      .room('look', world.room)
      .timeline.filter(({ type, sender }) => type === STICKY && sender === user).length;

  /** Somebody of another homeserver comes in, or goes. */
  async function comes(world: TwinWorld, user: string, membership: 'join' | 'leave' = 'join') {
    const sender = parseUserId(user);
    const member = { type: 'm.room.member', sender, stateKey: sender, content: { membership } };
    world.server.append(world.server.room('join', world.room), member);
    await world.timers.advance(SPOKEN_MS);
  }

  it('[RT15] says it again for each server that comes in later, or comes in again', async () => {
    const { world, signalling, announcement, client, isThere } = await announcing(sticky);
    const times = () => said(world, client.homeserver.userId);
    await signalling.announce({ ...announcement, transport: null });
    await world.timers.advance(SPOKEN_MS);
    expect(times()).toBe(1);
    await comes(world, '@ann:elsewhere.test');
    expect(times()).toBe(2);
    await comes(world, '@ben:elsewhere.test');
    expect(times()).toBe(2);
    await comes(world, '@ann:elsewhere.test', 'leave');
    await comes(world, '@ben:elsewhere.test', 'leave');
    await comes(world, '@ben:elsewhere.test');
    expect(times()).toBe(3);
    expect(isThere()).toBe(true);
    signalling.stop();
  });

  it('[RT15] says it once a minute at most, however many servers come', async () => {
    const { world, signalling, announcement, client } = await announcing(sticky);
    await signalling.announce({ ...announcement, transport: null });
    const room = world.server.room('join', world.room);
    for (let at = 0; at < SECONDS; at += 1) {
      const sender = parseUserId(`@ann:server${at}.test`);
      const content = { membership: 'join' };
      world.server.append(room, { type: 'm.room.member', sender, stateKey: sender, content });
      await world.timers.advance(1000);
    }
    await world.timers.advance(SPOKEN_MS);
    const repeats = said(world, client.homeserver.userId) - 1;
    expect(repeats).toBeGreaterThan(1);
    expect(repeats).toBeLessThanOrEqual(1 + (SECONDS * 1000) / NEW_SERVER_REPEAT_MS);
    signalling.stop();
  });

  it('[RT15] leaves it to the first of those on one relay', async () => {
    const { world, signalling, announcement, client, transport } = await announcing(sticky);
    const builder = await world.open('builder');
    const other = signallingOf(world, builder);
    await signalling.announce(announcement);
    await other.announce({ ...announcement, memberId: 'n', transport });
    await world.timers.advance(SPOKEN_MS);
    await comes(world, '@ann:elsewhere.test');
    expect([said(world, builder.homeserver.userId), said(world, client.homeserver.userId)]).toEqual([2, 1]);
    for (const each of [signalling, other]) each.stop();
  });

  it('[RT15] says nothing again once it left, or where the room keeps it', async () => {
    const { world, signalling, announcement, client } = await announcing(sticky);
    await signalling.announce({ ...announcement, transport: null });
    await signalling.announce(null);
    await comes(world, '@ann:elsewhere.test');
    expect(said(world, client.homeserver.userId)).toBe(2);
    signalling.stop();
    const stated = await announcing({ sticky: false, delayed: true });
    await stated.signalling.announce({ ...announcement, transport: null });
    await comes(stated.world, '@ann:elsewhere.test');
    expect(requestsOf(stated.world, `write ${MEMBER_STATE_EVENT}`)).toBe(1);
    stated.signalling.stop();
  });
});

describe.each([
  ['sticky messages and delayed events', { sticky: true, delayed: true }],
  ['delayed events alone', { sticky: false, delayed: true }],
  ['neither', { sticky: false, delayed: false }],
])('two windows of one sign-in, on a homeserver with %s', (_name, features) => {
  it.each([
    ['one after the other', 1_000],
    ['at once', 0],
  ])('[RT3] are both there, announced %s, and each leaves for itself', async (_when, apartMs) => {
    const { world, client, signalling, announcement, transport } = await announcing(features);
    const other = signallingOf(world, client);
    const watcher = signallingOf(world, await world.open('builder'));
    const elsewhere = relayTransport('wss://elsewhere.test', transport.user_id);
    const { userId } = client.homeserver;
    const there = () => [transport, elsewhere].map((relay) => watcher.sendsTo(userId, relay));
    const announced = signalling.announce(announcement);
    await world.timers.advance(apartMs);
    await Promise.all([announced, other.announce({ ...announcement, memberId: 'n', transport: elsewhere })]);
    await world.timers.advance(5_000);
    expect(there()).toEqual([true, true]);
    await world.timers.advance(2 * LEAVE_DELAY_MS);
    expect(there()).toEqual([true, true]);
    await signalling.announce(null);
    await world.timers.advance(2 * LEAVE_DELAY_MS);
    expect(there()).toEqual([false, true]);
    await other.announce(null);
    await world.timers.advance(1_000);
    expect(there()).toEqual([false, false]);
    for (const each of [signalling, other, watcher]) each.stop();
  });
});
