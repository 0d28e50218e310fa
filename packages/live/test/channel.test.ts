import {
  type ActorId,
  newActorId,
  type ObjectId,
  parseObjectId,
  parsePath,
  parseUserId,
  patchOf,
  type Value,
} from '@weft/core';
import type { LaneEvent, LeaseChange } from '@weft/live';
import { describe, expect, test } from 'vitest';
import { SimLanes } from './sim-lanes.ts';

const [CHAIR, TABLE] = [parseObjectId('chair'), parseObjectId('table')];
const NAME = parsePath('node.name');
const POSITION = parsePath('transform.position');
const ANN = parseUserId('@user0:example.org');
/** How soon a client has to be on another relay. */
const MOVE_MS = 5_000;

function name(lanes: SimLanes, client: number, id: ObjectId): unknown {
  return lanes.client(client).replica.scene.get(id)?.node?.name;
}

describe('an edit', () => {
  test('[LV9] is seen by the others, and held once the relay keeps it', async () => {
    const lanes = await SimLanes.open({ clients: 3 });
    const [ann] = [lanes.client(0)];
    lanes.relay(0).disk.hold();
    ann.set(CHAIR, NAME, 'Chair');
    await lanes.timers.advance(200);
    expect(name(lanes, 1, CHAIR)).toBe('Chair');
    expect(ann.replica.stage(CHAIR)).toBe('local');
    lanes.relay(0).disk.release();
    await lanes.timers.advance(200);
    expect(ann.replica.stage(CHAIR)).toBe('held');
    expect(lanes.areEqual).toBe(true);
    await lanes.close();
    expect(lanes.timers.pending).toBe(0);
  });

  test('[LV9] that was made before there was a relay goes out when there is one, all of it', async () => {
    const lanes = await SimLanes.open({ clients: 2 }, { isStarted: false });
    const ids = Array.from({ length: 600 }, (_, at) => parseObjectId(`object-${at}`));
    for (const id of ids) lanes.client(0).set(id, NAME, id);
    await lanes.timers.advance(5_000);
    expect(lanes.client(0).channel.status.value.lane).toBe('matrix');
    await lanes.relay(0).start();
    await lanes.untilLive();
    await lanes.timers.advance(5_000);
    expect(lanes.client(1).replica.scene.size).toBe(600);
    expect(ids.every((id) => lanes.client(0).replica.stage(id) === 'held')).toBe(true);
    // They went together: one by one they would have been 600 frames.
    expect(lanes.client(0).held.length).toBeLessThan(10);
    await lanes.close();
  });

  test('[LV9] that comes up by itself goes out at once, that of an earlier run after another hello', async () => {
    const lanes = await SimLanes.open({ clients: 2 });
    const [ann] = [lanes.client(0)];
    const register = { value: 'Chair', stamp: ann.replica.clock.issue() };
    const own = (actor: ActorId, id: ObjectId) =>
      patchOf({
        registers: [{ id, path: NAME, register: { ...register, stamp: { ...register.stamp, actor } } }],
        actors: [[actor, [ANN]]],
      });
    ann.replica.write(own(ann.replica.clock.actor, CHAIR), 'local');
    ann.channel.renew();
    await lanes.until(() => name(lanes, 1, CHAIR) === 'Chair', 200);
    const former = newActorId(lanes.random.bytes);
    ann.former.push(former);
    ann.replica.resume(own(former, TABLE), [former]);
    ann.channel.renew();
    await lanes.until(() => name(lanes, 1, TABLE) === 'Chair', 2_000);
    expect([ann.refused, ann.replica.unheldPatch().objects.size]).toEqual([[], 0]);
    await lanes.close();
  });

  test('[LV9] that the relay refuses leaves the scene, and its author is told what stands instead', async () => {
    const lanes = await SimLanes.open({ clients: 2 });
    const [ann, bob] = [lanes.client(0), lanes.client(1)];
    bob.set(CHAIR, NAME, 'Chair');
    bob.set(CHAIR, parsePath('node.owner'), '@user1:example.org');
    await lanes.timers.advance(500);
    ann.set(CHAIR, NAME, 'Mine');
    expect(name(lanes, 0, CHAIR)).toBe('Mine');
    await lanes.timers.advance(500);
    expect([name(lanes, 0, CHAIR), name(lanes, 1, CHAIR)]).toEqual(['Chair', 'Chair']);
    const [refused] = ann.refused;
    expect(refused?.problems).toMatchObject([
      {
        id: CHAIR,
        path: NAME,
        code: 'forbidden',
        winner: { value: 'Chair', stamp: { actor: bob.replica.clock.actor } },
      },
    ]);
    await lanes.close();
  });

  test('[LA1] that a relay keeps shows again, as it does to others, when later ones of the same property are refused', async () => {
    const lanes = await SimLanes.open({ clients: 2 });
    const [ann, bob] = [lanes.client(0), lanes.client(1)];
    ann.set(CHAIR, NAME, 'Chair');
    await lanes.timers.advance(500);
    bob.set(CHAIR, parsePath('node.owner'), '@user1:example.org');
    await lanes.timers.advance(500);
    for (const value of ['Mine', 'Mine still']) ann.set(CHAIR, NAME, value);
    expect([name(lanes, 0, CHAIR), name(lanes, 1, CHAIR)]).toEqual(['Mine still', 'Chair']);
    await lanes.timers.advance(500);
    expect([name(lanes, 0, CHAIR), name(lanes, 1, CHAIR)]).toEqual(['Chair', 'Chair']);
    expect([ann.refused.length, ann.replica.stage(CHAIR)]).toEqual([2, 'held']);
    await lanes.close();
  });

  test('[LA1] that a relay has not said to keep yet shows again all the same, and is kept in the end', async () => {
    const lanes = await SimLanes.open({ clients: 2 });
    const [ann, bob] = [lanes.client(0), lanes.client(1)];
    lanes.relay(0).disk.hold();
    ann.set(CHAIR, NAME, 'Chair');
    await lanes.timers.advance(100);
    bob.set(CHAIR, parsePath('node.owner'), '@user1:example.org');
    await lanes.timers.advance(100);
    ann.set(CHAIR, NAME, 'Mine');
    await lanes.timers.advance(100);
    expect([name(lanes, 0, CHAIR), name(lanes, 1, CHAIR)]).toEqual(['Chair', 'Chair']);
    lanes.network.cut(ann.name);
    lanes.relay(0).disk.release();
    await lanes.timers.advance(5_000);
    expect([name(lanes, 0, CHAIR), name(lanes, 1, CHAIR)]).toEqual(['Chair', 'Chair']);
    // It was sent again, as somebody who may not do that any more.
    expect(lanes.areEqual).toBe(true);
    await lanes.close();
  });

  test('[LV9] does not fall for another one with which it had to wait', async () => {
    const lanes = await SimLanes.open({ clients: 2 });
    const [ann, bob] = [lanes.client(0), lanes.client(1)];
    bob.set(CHAIR, NAME, 'Chair');
    bob.set(CHAIR, parsePath('node.owner'), '@user1:example.org');
    await lanes.timers.advance(500);
    lanes.network.cut(ann.name);
    await lanes.timers.advance(50);
    for (let at = 0; at < 20; at += 1) ann.set(parseObjectId(`lamp-${at}`), NAME, at);
    ann.set(CHAIR, NAME, 'Mine');
    await lanes.untilLive();
    await lanes.timers.advance(2_000);
    expect(ann.refused.flatMap(({ registers }) => [...registers.keys()])).toEqual([CHAIR]);
    expect(lanes.client(1).replica.scene.size).toBe(21);
    expect(lanes.areEqual).toBe(true);
    await lanes.close();
  });

  test('[LV9] beyond a bound of the relay stays in the scene, to travel with the room', async () => {
    const lanes = await SimLanes.open({ clients: 2, limits: { maxLiveRegisters: 3 } });
    for (let at = 0; at < 6; at += 1) lanes.client(0).set(parseObjectId(`lamp-${at}`), NAME, at);
    await lanes.timers.advance(1_000);
    expect(lanes.client(0).refused).toEqual([]);
    expect(lanes.client(0).replica.scene.size).toBe(6);
    expect(lanes.client(1).replica.scene.size).toBeLessThan(6);
    expect(lanes.client(0).replica.unheldPatch().objects.size).toBe(6 - lanes.client(1).replica.scene.size);
    await lanes.close();
  });

  test('[LV9] that the room refused is dropped by everybody, be it that the relay was away meanwhile', async () => {
    const lanes = await SimLanes.open({ clients: 2 });
    const [ann] = [lanes.client(0)];
    const registers = (value: Value, id = CHAIR) => {
      const patch = ann.set(id, NAME, value);
      return new Map([...patch.objects].map(([each, { registers: paths }]) => [each, paths]));
    };
    const refused = registers('Chair');
    const later = registers('Table', TABLE);
    await lanes.timers.advance(500);
    ann.replica.refuse(refused);
    ann.channel.retract(refused);
    await lanes.timers.advance(500);
    expect(name(lanes, 1, CHAIR)).toBeUndefined();
    lanes.relay(0).kill();
    await lanes.timers.advance(100);
    ann.replica.refuse(later);
    ann.channel.retract(later);
    await lanes.relay(0).start();
    await lanes.untilLive();
    await lanes.timers.advance(10_000);
    expect(name(lanes, 1, TABLE)).toBeUndefined();
    expect(lanes.areEqual).toBe(true);
    await lanes.close();
  });

  test('[LV9] that the room refused is dropped by everybody again, where a relay lost that it was told so', async () => {
    const lanes = await SimLanes.open({ clients: 2 });
    const [ann] = [lanes.client(0)];
    const patch = ann.set(CHAIR, NAME, 'Chair');
    await lanes.timers.advance(500);
    const registers = new Map([...patch.objects].map(([id, each]) => [id, each.registers]));
    ann.replica.refuse(registers);
    lanes.relay(0).disk.hold();
    ann.channel.retract(registers);
    await lanes.timers.advance(200);
    expect(name(lanes, 1, CHAIR)).toBeUndefined();
    lanes.relay(0).kill();
    lanes.relay(0).disk.release();
    await lanes.relay(0).start();
    expect(lanes.relay(0).world.replica.livePatch().objects.size).toBe(1);
    await lanes.untilLive();
    await lanes.timers.advance(2_000);
    expect(lanes.relay(0).world.replica.livePatch().objects.size).toBe(0);
    expect([name(lanes, 0, CHAIR), name(lanes, 1, CHAIR)]).toEqual([undefined, undefined]);
    await lanes.close();
  });

  test('[LV9] of whoever opened the lane to look goes nowhere', async () => {
    const lanes = await SimLanes.open({ clients: 1 });
    const looker = await lanes.addClient(0, 'read');
    await lanes.untilLive();
    looker.set(CHAIR, NAME, 'Chair');
    await lanes.timers.advance(1_000);
    expect([name(lanes, 0, CHAIR), looker.refused.length]).toEqual([undefined, 0]);
    await lanes.close();
  });
});

describe('two relays', () => {
  test('[LV12] everybody is on the first; when it dies they are on the other within five seconds, and come back', async () => {
    const lanes = await SimLanes.open({ relays: 2, clients: 3 });
    expect(new Set(lanes.clients.map(({ relay }) => relay))).toEqual(new Set(['wss://relay0.example.org']));
    for (const client of lanes.clients) client.set(parseObjectId(client.name), NAME, client.name);
    await lanes.timers.advance(20);
    lanes.relay(0).kill();
    await lanes.timers.advance(25);
    expect(await lanes.untilLive(MOVE_MS)).toBeLessThanOrEqual(MOVE_MS);
    expect(new Set(lanes.clients.map(({ relay }) => relay))).toEqual(new Set(['wss://relay1.example.org']));
    await lanes.timers.advance(2_000);
    expect(lanes.areEqual).toBe(true);
    expect(lanes.client(0).replica.scene.size).toBe(3);
    await lanes.relay(0).start();
    await lanes.until(() => lanes.clients.every(({ relay }) => relay === 'wss://relay0.example.org'), 60_000);
    await lanes.timers.advance(5_000);
    expect([lanes.areEqual, lanes.missing()]).toEqual([true, []]);
    expect(lanes.network.connections).toBe(3);
    await lanes.close();
    expect(lanes.timers.pending).toBe(0);
  });

  test('[LV12] a half-open connection is left within five seconds', async () => {
    const lanes = await SimLanes.open({ relays: 2, clients: 2 });
    await lanes.timers.advance(15_000);
    for (const { name: client } of lanes.clients) lanes.network.block(client, lanes.url(0));
    const isMoved = () => lanes.clients.every(({ relay }) => relay === 'wss://relay1.example.org');
    expect(await lanes.until(isMoved, MOVE_MS)).toBeGreaterThan(1_000);
    lanes.client(0).set(CHAIR, NAME, 'Chair');
    await lanes.timers.advance(200);
    expect(name(lanes, 1, CHAIR)).toBe('Chair');
    await lanes.close();
  });

  test('[LV12] clients that chose apart hear each other, and end equal', async () => {
    const lanes = await SimLanes.open({ relays: 2, clients: 4 });
    // Each half reaches one of the two.
    const halves = [lanes.clients.slice(0, 2), lanes.clients.slice(2)];
    for (const client of halves[0] ?? []) lanes.network.block(client.name, lanes.url(1));
    for (const client of halves[1] ?? []) lanes.network.block(client.name, lanes.url(0));
    await lanes.until(
      () => (halves[1] ?? []).every(({ relay }) => relay === 'wss://relay1.example.org'),
      MOVE_MS,
    );
    lanes.network.unblockAll();
    await lanes.timers.advance(1_000);
    lanes.clients.forEach((client, at) => void client.set(parseObjectId(`object-${at}`), NAME, at));
    await lanes.timers.advance(4_000);
    expect(lanes.areEqual).toBe(true);
    expect(lanes.client(0).replica.scene.size).toBe(4);
    const { sentence, reading } = lanes.client(3).channel.status.value;
    expect(reading.map(({ url }) => url)).toEqual(['wss://relay0.example.org']);
    expect(sentence).toMatch(/^Live on relay1\.example\.org .*, and hears relay0\.example\.org\.$/);
    expect(lanes.client(0).channel.people.value).toHaveLength(4);
    await lanes.close();
  });

  test('[LV12] a relay that drains hands its clients over without a moment alone', async () => {
    const lanes = await SimLanes.open({ relays: 2, clients: 2 });
    const seen = new Set<string | null>();
    for (const client of lanes.clients) client.channel.status.subscribe(() => seen.add(client.relay));
    const drained = lanes.relay(0).room.drain(3_000);
    await lanes.until(() => lanes.clients.every(({ relay }) => relay === 'wss://relay1.example.org'), 3_000);
    expect(seen).toEqual(new Set(['wss://relay0.example.org', 'wss://relay1.example.org']));
    await lanes.timers.advance(4_000);
    await drained;
    await lanes.close();
  });
});

/** A client of a world whose relay is not there yet. */
async function withoutRelay() {
  const lanes = await SimLanes.open({ clients: 1 }, { isStarted: false });
  const { candidates } = lanes;
  lanes.candidates = [];
  return { lanes, candidates, client: await lanes.addClient(0) };
}

test('[LV12] a world without a relay says so, and finds one that is named later', async () => {
  const { lanes, candidates, client } = await withoutRelay();
  await lanes.timers.advance(1_000);
  expect(client.channel.status.value).toMatchObject({ lane: 'matrix', stage: 'waiting' });
  expect(client.channel.status.value.sentence).toMatch(
    /This world has no relay.*Edits travel with the room alone/,
  );
  await lanes.relay(0).start();
  lanes.publish(candidates);
  await lanes.until(() => client.relay !== null, 2_000);
  await lanes.close();
});

test('[LV12] a relay that comes into the room after all others is found at once', async () => {
  const { lanes, candidates, client } = await withoutRelay();
  await lanes.timers.advance(1_000);
  expect(client.channel.status.value.stage).toBe('waiting');
  await lanes.relay(0).start();
  lanes.candidates = candidates;
  await lanes.until(() => client.relay !== null, 2_000);
  await lanes.close();
});

test('[LV12] a relay that lets nobody in yet when it comes into the room is asked again within seconds', async () => {
  const { lanes, candidates, client } = await withoutRelay();
  await lanes.relay(0).start();
  lanes.relay(0).world.setLevel(ANN, null);
  lanes.candidates = candidates;
  await lanes.timers.advance(1_000);
  expect(client.channel.status.value.stage).toBe('off');
  lanes.relay(0).world.setLevel(ANN, 25);
  await lanes.until(() => client.relay !== null, 8_000);
  await lanes.close();
});

describe('who is there', () => {
  test('[LV14] a kick ends the lane at once, and a role is told at once', async () => {
    const lanes = await SimLanes.open({ clients: 2 });
    const levels: number[] = [];
    lanes.client(0).channel.on('level', (level) => levels.push(level));
    lanes.relay(0).world.setLevel(ANN, 50);
    await lanes.timers.advance(100);
    expect(levels).toEqual([50]);
    lanes.relay(0).world.setLevel(ANN, null);
    await lanes.timers.advance(100);
    expect(lanes.client(0).channel.status.value).toMatchObject({ lane: 'matrix', stage: 'off' });
    expect(lanes.client(1).channel.people.value.map(({ user }) => user)).toEqual(['@user1:example.org']);
    await lanes.timers.advance(10_000);
    expect(lanes.client(0).channel.status.value.sentence).toMatch(
      /it lets this user not in.*asked again now and then/,
    );
    lanes.relay(0).world.setLevel(ANN, 25);
    lanes.client(0).channel.wake();
    await lanes.untilLive();
    await lanes.close();
  });

  test('[LV14] of two windows under one name the later one stays, and the earlier says why it stopped', async () => {
    const lanes = await SimLanes.open({ clients: 1 });
    const twin = await lanes.addTwin(0);
    await lanes.until(() => twin.relay !== null, 5_000);
    await lanes.timers.advance(60_000);
    expect([lanes.client(0).relay, twin.relay]).toEqual([null, 'wss://relay0.example.org']);
    expect(lanes.client(0).channel.status.value.sentence).toMatch(
      /another window or program goes on under the same name/,
    );
    await lanes.close();
  });

  test('[LV14] events and documents reach the others, and nobody where no relay is live', async () => {
    const lanes = await SimLanes.open({ clients: 2 });
    const [ann, bob] = [lanes.client(0).channel, lanes.client(1).channel];
    const events: LaneEvent[] = [];
    const bytes: number[] = [];
    bob.on('event', (event) => events.push(event));
    bob.documents.on((message) => bytes.push(...message.bytes));
    expect(ann.emit('wave', { hands: 2 }, { target: CHAIR })).toBe(true);
    const to = ann.people.value.find(({ user }) => user === '@user1:example.org')?.session ?? 0;
    expect(ann.emit('whisper', null, { to })).toBe(true);
    await lanes.timers.advance(100);
    expect(events).toMatchObject([
      { user: ANN, target: CHAIR, name: 'wave', data: { hands: 2 }, from: { user: ANN } },
      { name: 'whisper' },
    ]);
    expect(() => ann.emit('x'.repeat(65), null)).toThrow(/1 to 64 characters/);
    expect(() => ann.documents.send(CHAIR, new Uint8Array(2_000_000))).toThrow(/new epoch/);
    let lives = 0;
    ann.documents.onLive(() => {
      lives += 1;
    });
    lanes.relay(0).kill();
    await lanes.timers.advance(100);
    expect(ann.emit('wave', null)).toBe(false);
    expect(ann.documents.send(CHAIR, Uint8Array.of(1))).toBe(false);
    await lanes.relay(0).start();
    await lanes.untilLive();
    expect(lives).toBe(1);
    await lanes.close();
  });

  test('[LV14] a relay says what it holds of the room, or nothing within two seconds', async () => {
    const lanes = await SimLanes.open({ clients: 1 });
    const { channel, replica } = lanes.client(0);
    const asked = channel.digest();
    await lanes.timers.advance(100);
    expect(await asked).toMatchObject({ setHash: replica.setHash() });
    lanes.network.block('client0', lanes.url(0));
    const unanswered = channel.digest();
    await lanes.timers.advance(2_000);
    expect(await unanswered).toBeNull();
    lanes.relay(0).kill();
    await lanes.timers.advance(5_000);
    expect(await channel.digest()).toBeNull();
    await lanes.close();
  });
});

describe('a lease', () => {
  test('[LV15] is had by one, renewed by itself, told to all, and free again when it is let go', async () => {
    const lanes = await SimLanes.open({ clients: 2 });
    const [ann, bob] = [lanes.client(0), lanes.client(1)];
    ann.set(CHAIR, NAME, 'Chair');
    await lanes.timers.advance(200);
    const seen: LeaseChange[] = [];
    bob.channel.on('lease', (change) => seen.push(change));
    const asked = ann.channel.take(CHAIR);
    await lanes.timers.advance(100);
    const lease = await asked;
    expect(lease?.object).toBe(CHAIR);
    expect(lease?.expiresMs).toBeGreaterThan(lanes.timers.now());
    expect(seen).toMatchObject([{ object: CHAIR, own: false, holder: { user: ANN } }]);
    const second = bob.channel.take(CHAIR);
    await lanes.timers.advance(100);
    expect(await second).toBeNull();
    bob.set(CHAIR, POSITION, [1, 2, 3]);
    await lanes.timers.advance(100);
    expect(bob.refused).toHaveLength(1);
    await lanes.timers.advance(60_000);
    ann.channel.release(CHAIR);
    await lanes.timers.advance(100);
    expect(seen.at(-1)).toMatchObject({ holder: null });
    const third = bob.channel.take(CHAIR);
    await lanes.timers.advance(100);
    expect((await third)?.fence).toBeGreaterThan(lease?.fence ?? 0);
    await lanes.close();
    expect(lanes.timers.pending).toBe(0);
  });

  test('[LV15] is lost with its relay, and to whoever comes with a greater priority', async () => {
    const lanes = await SimLanes.open({ clients: 2 });
    const [ann, bob] = [lanes.client(0), lanes.client(1)];
    ann.set(CHAIR, NAME, 'Chair');
    ann.set(TABLE, NAME, 'Table');
    await lanes.timers.advance(200);
    const lost: LeaseChange[] = [];
    ann.channel.on('lease', (change) => {
      if (!change.own) lost.push(change);
    });
    const asked = Promise.all([ann.channel.take(CHAIR), ann.channel.take(TABLE)]);
    await lanes.timers.advance(100);
    expect((await asked).every((lease) => lease !== null)).toBe(true);
    const taken = bob.channel.take(CHAIR, { priority: 1 });
    await lanes.timers.advance(100);
    expect(await taken).not.toBeNull();
    expect(lost.map(({ object }) => object)).toEqual([CHAIR]);
    lanes.relay(0).kill();
    await lanes.timers.advance(100);
    expect(lost.map(({ object }) => object)).toEqual([CHAIR, TABLE]);
    expect(await ann.channel.take(TABLE)).toBeNull();
    await lanes.close();
  });

  test('[LV15] is handed over to somebody, who holds it from then on, renewed; everybody knows who does', async () => {
    const lanes = await SimLanes.open({ clients: 3 });
    const [ann, bob, cid] = [lanes.client(0), lanes.client(1), lanes.client(2)];
    ann.set(CHAIR, NAME, 'Chair');
    await lanes.timers.advance(200);
    const given: LeaseChange[] = [];
    bob.channel.on('lease', (change) => given.push(change));
    const asked = ann.channel.take(CHAIR);
    await lanes.timers.advance(100);
    await asked;
    const holders = () => [ann, bob, cid].map(({ channel }) => channel.holderOf(CHAIR)?.user);
    const [annUser, bobUser] = [ann, bob].map(({ channel, replica }) => {
      const { actor } = replica.clock;
      return channel.people.value.find((person) => person.actor === actor)?.user;
    });
    expect(holders()).toEqual([annUser, annUser, annUser]);
    const { session = 0 } = ann.channel.people.value.find(({ user }) => user === bobUser) ?? {};
    const done = ann.channel.handOver(CHAIR, session);
    await lanes.timers.advance(100);
    expect(await done).toBe(true);
    expect(holders()).toEqual([bobUser, bobUser, bobUser]);
    expect(given.at(-1)).toMatchObject({ object: CHAIR, own: true, handed: true });
    await lanes.timers.advance(60_000);
    expect(holders()).toEqual([bobUser, bobUser, bobUser]);
    const again = ann.channel.handOver(CHAIR, session);
    await lanes.timers.advance(100);
    expect(await again).toBe(false);
    bob.channel.release(CHAIR);
    await lanes.timers.advance(100);
    expect(holders()).toEqual([undefined, undefined, undefined]);
    await lanes.close();
    expect(lanes.timers.pending).toBe(0);
  });
});
