import type { JsonRecord } from '@weft/matrix';
import { createWorldRoom, inviteRelay } from '@weft/matrix';
import {
  isOpenSlot,
  MAX_TRANSPORTS,
  type RelayTransport,
  RTC_SLOT_ID,
  readLanePolicy,
  relayTransport,
} from '@weft/protocol';
import { describe, expect, it } from 'vitest';
import { OFFER_KEPT_MS } from '../src/rtc/relay-discovery.ts';
import { fakeRelay, listed, signallingOf } from './rtc-world.ts';
import { twinWorld } from './twin-world.ts';

const NEVER = new AbortController().signal;

/** A world whose homeserver offers what the lists hold. */
async function offering() {
  const offers: { transports: JsonRecord[]; wellKnown: JsonRecord[] } = { transports: [], wellKnown: [] };
  const world = await twinWorld({ rtc: offers });
  const joined = async (name: string) => {
    const homeserver = world.server.connect(name);
    world.server.setMembership(world.room, world.owner.homeserver.userId, homeserver.userId, 'invite');
    await homeserver.join(world.room, []);
    return relayTransport(`wss://${name}.test`, homeserver.userId);
  };
  return { world, joined, ...world.server.rtc, offers };
}

describe('the relays that a client may use', () => {
  it('[RT1] are the world’s, then the homeserver’s, then its own, if their user is in the room', async () => {
    const { world, joined, offers } = await offering();
    const [offered, configured] = [await joined('offered'), await joined('configured')];
    const pinned = await fakeRelay(world, 'pinned');
    const outside = relayTransport('wss://outside.test', world.server.connect('outside').userId);
    offers.transports.push({ type: 'livekit' }, listed(outside), listed(offered), listed(pinned.transport));
    const signalling = signallingOf(world, await world.open('visitor'), [configured, outside]);
    expect(await signalling.candidates(NEVER)).toEqual([pinned.transport, offered, configured]);
    await outsideJoins(world.room);
    expect(await signalling.candidates(NEVER)).toEqual([pinned.transport, outside, offered, configured]);
    signalling.stop();

    async function outsideJoins(room: typeof world.room): Promise<void> {
      const { homeserver } = world.owner;
      world.server.setMembership(room, homeserver.userId, outside.user_id, 'invite');
      await world.server.connect('outside').join(room, []);
      await world.timers.advance(100);
    }
  });

  it('[RT16] are told of as soon as the world names them or their user comes in, once', async () => {
    const { world, joined } = await offering();
    const configured = relayTransport('wss://late.test', world.server.connect('late').userId);
    const signalling = signallingOf(world, await world.open('visitor'), [configured]);
    const told: (readonly RelayTransport[])[] = [];
    signalling.known.subscribe(() => void told.push(signalling.known.value));
    await joined('late');
    await world.timers.advance(100);
    expect(told).toEqual([[configured]]);
    const { transport } = await fakeRelay(world, 'pinned');
    await joined('somebody');
    await world.timers.advance(100);
    expect(told).toEqual([[configured], [transport, configured]]);
    signalling.stop();
  });

  it('[RT1] are read from the well-known file where the homeserver offers none otherwise', async () => {
    const { world, joined, offers } = await offering();
    const [first, second] = [await joined('first'), await joined('second')];
    offers.wellKnown.push(listed(second));
    const client = await world.open('visitor');
    expect(await signallingOf(world, client).candidates(NEVER)).toEqual([second]);
    offers.transports.push(listed(first));
    expect(await signallingOf(world, client).candidates(NEVER)).toEqual([first]);
  });

  it('[RT1] are asked for anew after ten minutes, and none is an empty list', async () => {
    const { world, joined, offers } = await offering();
    const signalling = signallingOf(world, await world.open('visitor'));
    expect(await signalling.candidates(NEVER)).toEqual([]);
    const late = await joined('late');
    await world.timers.advance(100);
    offers.transports.push(listed(late));
    await world.timers.advance(OFFER_KEPT_MS - 1000);
    expect(await signalling.candidates(NEVER)).toEqual([]);
    await world.timers.advance(1000);
    expect(await signalling.candidates(NEVER)).toEqual([late]);
  });

  it('[RT1] are what the world names while the homeserver does not answer, and unknown where it names none', async () => {
    const { world } = await offering();
    const client = await world.open('visitor');
    const signalling = signallingOf(world, client);
    await world.timers.advance(100);
    client.homeserver.faults.add({ kind: 'lost' });
    await expect(signalling.candidates(NEVER)).rejects.toMatchObject({ code: 'unreachable' });
    const { transport } = await fakeRelay(world, 'pinned');
    client.homeserver.faults.add({ kind: 'lost' });
    expect(await signalling.candidates(NEVER)).toEqual([transport]);
    const aborted = AbortSignal.abort(new Error('enough'));
    await expect(signalling.candidates(aborted)).rejects.toThrow();
  });
});

describe('a new world', () => {
  it('[RT6] has the slot of its lane open, and names and lets in the relays that it was made with', async () => {
    const world = await twinWorld();
    const { homeserver } = world.owner;
    const relay = relayTransport('wss://relay.test', world.server.connect('relay').userId);
    const own = relayTransport('wss://own.test', homeserver.userId);
    const room = await createWorldRoom(homeserver, {
      title: 'Lane',
      access: 'private',
      relays: [relay, own],
      timers: world.timers,
    });
    const read = (type: string, key = '') => homeserver.readStateEvent(room, type, key);
    expect(isOpenSlot(await read('org.matrix.msc4143.rtc.slot', RTC_SLOT_ID))).toBe(true);
    expect(await read('world.weft.world')).toEqual({ version: 1, title: 'Lane', relays: [relay, own] });
    expect((await read('m.room.power_levels'))?.users).toEqual({ [relay.user_id]: 25 });
    await world.server.connect('relay').join(room, []);
  });
});

describe('inviting a relay', () => {
  it('[RT7] invites its user, gives it a builder’s level and names it, each once', async () => {
    const world = await twinWorld();
    const { homeserver } = world.owner;
    const relay = relayTransport('wss://relay.test', world.server.connect('relay').userId);
    const before = await homeserver.readStateEvent(world.room, 'm.room.power_levels', '');
    await inviteRelay(homeserver, world.room, relay);
    const read = (type: string, key = '') => homeserver.readStateEvent(world.room, type, key);
    expect(await read('m.room.member', relay.user_id)).toMatchObject({ membership: 'invite' });
    const levels = await read('m.room.power_levels');
    expect(levels).toEqual({ ...before, users: { ...Object(before?.users), [relay.user_id]: 25 } });
    expect(await read('world.weft.world')).toEqual({ version: 1, title: 'Twin', relays: [relay] });
    const written = world.server.log.length;
    await inviteRelay(homeserver, world.room, relay);
    expect(world.server.log.slice(written).filter((line) => / write /.test(line))).toEqual([]);
  });

  it('[RT7] keeps a higher level, moves an address, keeps the order of others, and opens a slot that is not there', async () => {
    const world = await twinWorld();
    const { homeserver } = world.owner;
    const relays = ['one', 'two'].map((name) =>
      relayTransport(`wss://${name}.test`, world.server.connect(name).userId),
    );
    const [one, two] = relays;
    if (one === undefined || two === undefined) throw new Error('two relays');
    await inviteRelay(homeserver, world.room, one, { level: 50 });
    await inviteRelay(homeserver, world.room, two);
    const moved = { ...one, url: 'wss://moved.test' };
    world.server.vanish(world.room, 'org.matrix.msc4143.rtc.slot', RTC_SLOT_ID);
    await inviteRelay(homeserver, world.room, moved);
    const content = await homeserver.readStateEvent(world.room, 'world.weft.world', '');
    expect(readLanePolicy(content).relays).toEqual([moved, two]);
    const levels = await homeserver.readStateEvent(world.room, 'm.room.power_levels', '');
    expect(levels?.users).toMatchObject({ [one.user_id]: 50, [two.user_id]: 25 });
    const slot = await homeserver.readStateEvent(world.room, 'org.matrix.msc4143.rtc.slot', RTC_SLOT_ID);
    expect(isOpenSlot(slot)).toBe(true);
  });

  it('[RT7] is refused to builders, and past as many relays as a world names', async () => {
    const world = await twinWorld();
    const builder = await world.open('builder');
    const relay = relayTransport('wss://relay.test', world.server.connect('relay').userId);
    await expect(inviteRelay(builder.homeserver, world.room, relay)).rejects.toMatchObject({
      code: 'forbidden',
    });
    const named = (count: number) =>
      Array.from({ length: count }, (_, at) => ({
        ...relay,
        url: `wss://r${at}.test`,
        user_id: `@r${at}:a.b`,
      }));
    const name = (count: number) =>
      world.owner.homeserver.sendState(world.room, {
        type: 'world.weft.world',
        stateKey: '',
        content: { version: 1, title: 'Twin', relays: named(count) },
      });
    await name(MAX_TRANSPORTS);
    await expect(inviteRelay(world.owner.homeserver, world.room, relay)).rejects.toMatchObject({
      code: 'too-large',
    });
    await name(MAX_TRANSPORTS - 1);
    await inviteRelay(world.owner.homeserver, world.room, relay);
  });
});
