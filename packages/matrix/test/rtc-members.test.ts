import { toBase64Url, type UserId, type Value } from '@weft/core';
import { type EventId, MAX_PUBLISHED_RELAYS, type RtcSignalling, type StateContent } from '@weft/matrix';
import {
  MEMBER_STATE_EVENT,
  MEMBER_STATE_LIFE_MS,
  MEMBER_STICKY_MS,
  memberContent,
  memberLeftContent,
  memberStateContent,
  openSlotContent,
  type RelayTransport,
  RTC_SLOT_ID,
} from '@weft/protocol';
import { describe, expect, it } from 'vitest';
import { fakeRelay, signallingOf } from './rtc-world.ts';
import { type TwinClient, type TwinWorld, twinWorld } from './twin-world.ts';

const STICKY = ['org.matrix.msc4143.rtc.member', 'm.rtc.member'] as const;
const KEY = toBase64Url(new Uint8Array(32).fill(7));
const MINUTE_MS = 60_000;

interface Watched {
  readonly world: TwinWorld;
  readonly relay: RelayTransport;
  readonly builder: TwinClient;
  readonly signalling: RtcSignalling;
  /** The addresses that are read, once all is told. */
  published(): Promise<readonly string[]>;
}

async function watched(): Promise<Watched> {
  const world = await twinWorld();
  const { transport: relay } = await fakeRelay(world, 'relay');
  const builder = await world.open('builder');
  const signalling = signallingOf(world, await world.open('visitor'));
  return {
    world,
    relay,
    builder,
    signalling,
    async published() {
      await world.timers.advance(50);
      return signalling.published.value.map(({ url }) => url);
    },
  };
}

function member(memberId: string, ...transports: readonly RelayTransport[]) {
  return { memberId, device: 'DEVICE', key: KEY, transports, peer: false };
}

function stick(
  { world, builder }: Watched,
  content: { readonly [name: string]: Value },
  type: string = STICKY[0],
  durationMs = MEMBER_STICKY_MS,
): Promise<EventId> {
  return builder.homeserver.rtc.sendSticky(world.room, { type, content }, durationMs);
}

function state(
  { world, builder }: Watched,
  content: StateContent['content'],
  stateKey = '_key',
): Promise<EventId> {
  return builder.homeserver.sendState(world.room, { type: MEMBER_STATE_EVENT, stateKey, content });
}

describe('who is on a lane', () => {
  it('[RT4] says so by a sticky message of either name, or by state of the older generation', async () => {
    for (const type of STICKY) {
      const room = await watched();
      await stick(room, memberContent(member('m', room.relay)), type);
      expect(await room.published()).toEqual([room.relay.url]);
    }
    const room = await watched();
    await state(room, memberStateContent(member('m', room.relay), room.world.timers.now()));
    expect(await room.published()).toEqual([room.relay.url]);
    await state(room, {});
    expect(await room.published()).toEqual([]);
  });

  it('[RT4] counts also for those who come later', async () => {
    const room = await watched();
    await stick(room, memberContent(member('m', room.relay)));
    await room.world.timers.advance(50);
    const late = signallingOf(room.world, await room.world.open('other'));
    await room.world.timers.advance(50);
    expect(late.published.value).toEqual([room.relay]);
  });

  it('[RT4] counts until it left, by its own word or by that of its homeserver', async () => {
    for (const reason of ['leave', 'delayed_leave'] as const) {
      const room = await watched();
      await stick(room, memberContent(member('m', room.relay)));
      await room.world.timers.advance(1);
      await stick(room, memberLeftContent('m', reason));
      expect(await room.published()).toEqual([]);
    }
  });

  it('[RT4] counts for as long as it sticks, or for the life that it claims, and no longer', async () => {
    const sticky = await watched();
    await stick(sticky, memberContent(member('m', sticky.relay)), STICKY[0], MINUTE_MS);
    expect(await sticky.published()).toEqual([sticky.relay.url]);
    await sticky.world.timers.advance(MINUTE_MS - 200);
    expect(await sticky.published()).toEqual([sticky.relay.url]);
    await sticky.world.timers.advance(100);
    expect(await sticky.published()).toEqual([]);
    const stated = await watched();
    await state(stated, memberStateContent(member('m', stated.relay), stated.world.timers.now()));
    await stated.world.timers.advance(MEMBER_STATE_LIFE_MS - 200);
    expect(await stated.published()).toEqual([stated.relay.url]);
    await stated.world.timers.advance(100);
    expect(await stated.published()).toEqual([]);
  });

  it('[RT4] counts while the slot is open and its sender is in the room', async () => {
    const room = await watched();
    const { world } = room;
    const slot = (content: StateContent['content']) =>
      world.owner.homeserver.sendState(world.room, {
        type: 'org.matrix.msc4143.rtc.slot',
        stateKey: RTC_SLOT_ID,
        content,
      });
    await stick(room, memberContent(member('m', room.relay)));
    await state(room, memberStateContent(member('n', room.relay), world.timers.now()));
    expect(await room.published()).toEqual([room.relay.url]);
    await slot({ ...openSlotContent(), status: 'closed' });
    expect(await room.published()).toEqual([]);
    await slot(openSlotContent());
    expect(await room.published()).toEqual([room.relay.url]);
    const { homeserver } = world.owner;
    world.server.setMembership(world.room, homeserver.userId, room.builder.homeserver.userId, 'leave');
    expect(await room.published()).toEqual([]);
  });

  it('[RT4] is taken out by redacting what it said', async () => {
    const room = await watched();
    const id = await stick(room, memberContent(member('m', room.relay)));
    expect(await room.published()).toEqual([room.relay.url]);
    await room.world.owner.homeserver.redact(room.world.room, id, 'kick');
    expect(await room.published()).toEqual([]);
  });

  it('[RT4] is none by what is malformed, another application, or another’s slot', async () => {
    const room = await watched();
    const good = memberContent(member('m', room.relay));
    await stick(room, { ...good, slot_id: 'm.call#room' });
    await stick(room, { ...good, application: { type: 'm.call' } });
    await stick(room, { ...good, member: 'm' });
    await stick(room, {});
    await state(room, { ...memberStateContent(member('m', room.relay), 0), call_id: '' });
    expect(await room.published()).toEqual([]);
  });
});

describe('the relays that members publish', () => {
  it('[RT5] are read each once, three at most, those of the world first, in one order for everyone', async () => {
    const room = await watched();
    const { world } = room;
    const others: RelayTransport[] = [];
    for (const name of ['d', 'c', 'b', 'a']) others.push(await builderRelay(world, name));
    expect(others).toHaveLength(MAX_PUBLISHED_RELAYS + 1);
    const pinned = await fakeRelay(world, 'second');
    await stick(room, memberContent(member('1', ...others)));
    await stick(room, memberContent(member('2', pinned.transport, ...others)));
    const late = signallingOf(world, await world.open('other'));
    const expected = ['wss://second.test', 'wss://a.test', 'wss://b.test'];
    expect(await room.published()).toEqual(expected);
    expect(late.published.value.map(({ url }) => url)).toEqual(expected);
  });

  it('[RT5] are those whose user is in the room and that stand for something there', async () => {
    const room = await watched();
    const { world } = room;
    const visitor = world.server.connect('visitor').userId;
    const lure: RelayTransport = { ...room.relay, url: 'wss://lure.test', user_id: visitor };
    const mask: RelayTransport = { ...room.relay, user_id: visitor };
    const outside: RelayTransport = {
      ...room.relay,
      url: 'wss://out.test',
      user_id: userOf(world, 'outside'),
    };
    await stick(room, memberContent(member('1', lure, mask, outside)));
    expect(await room.published()).toEqual([]);
    await stick(room, memberContent(member('2', room.relay)));
    expect(await room.published()).toEqual([room.relay.url]);
    expect(room.signalling.published.value).toEqual([room.relay]);
  });

  it('[RT5] stay the same value while nothing changes, and tell when something does', async () => {
    const room = await watched();
    let told = 0;
    room.signalling.published.subscribe(() => {
      told += 1;
    });
    await stick(room, memberContent(member('1', room.relay)));
    await room.published();
    const { value } = room.signalling.published;
    await stick(room, memberContent(member('2', room.relay)));
    await room.published();
    expect([told, room.signalling.published.value === value]).toEqual([1, true]);
    room.signalling.stop();
    await stick(room, memberLeftContent('1', 'leave'));
    await stick(room, memberLeftContent('2', 'leave'));
    await room.published();
    expect(told).toBe(1);
  });
});

/** A relay that no world names, but whose user the world made a builder. */
async function builderRelay(world: TwinWorld, name: string): Promise<RelayTransport> {
  const { homeserver } = world.owner;
  const user = userOf(world, name);
  world.server.setMembership(world.room, homeserver.userId, user, 'invite');
  await world.server.connect(name).join(world.room, []);
  const levels = await homeserver.readStateEvent(world.room, 'm.room.power_levels', '');
  const users = { ...Object(levels?.users), [user]: 25 };
  await homeserver.sendState(world.room, {
    type: 'm.room.power_levels',
    stateKey: '',
    content: { ...Object(levels), users },
  });
  return { type: 'world.weft.relay', url: `wss://${name}.test`, user_id: user };
}

function userOf(world: TwinWorld, name: string): UserId {
  return world.server.connect(name).userId;
}
