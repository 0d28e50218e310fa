import { entriesOf, parseObjectId, parsePath, WeftError } from '@weft/core';
import { MAX_PEER_DEVICES, MAX_PEER_PATCH_BYTES, readPeerMessage } from '@weft/protocol';
import { describe, expect, test } from 'vitest';
import { PEER_SILENCE_MS } from '../src/peer/peer.ts';
import { PEER_DOUBT_MS } from '../src/peer/peer-lane.ts';
import { PEER_TICK_MS } from '../src/peer/peer-post.ts';
import { SimPeers } from './sim-peers.ts';

const LAMP = parseObjectId('lamp');
const CHAIR = parseObjectId('chair');
const NAME = parsePath('node.name');
const INTENSITY = parsePath('light.intensity');

const patchesTo = (peers: SimPeers, device: string) =>
  peers.sent.filter(({ to, content }) => to === device && content.kind === 'patch');

describe('an edit among peers', () => {
  test('[PL2] is seen by everybody at once, is not held, and is taken over by the room', async () => {
    const peers = await SimPeers.open({ clients: 3 });
    const [ann, bob, cid] = [peers.client(0), peers.client(1), peers.client(2)];
    await peers.timers.advance(1_000);
    ann.set(LAMP, { [NAME]: 'Lamp' });
    expect(await peers.until(() => bob.value(LAMP, NAME) === 'Lamp', 100)).toBeLessThanOrEqual(25);
    await peers.until(() => cid.value(LAMP, NAME) === 'Lamp', 100);
    expect([ann, bob, cid].map(({ replica }) => replica.stage(LAMP))).toEqual(['local', 'local', 'local']);
    expect(ann.channel.status.value).toMatchObject({ lane: 'peer', stage: 'live', relay: null });
    peers.flush(ann);
    await peers.timers.advance(1_000);
    expect([ann, bob, cid].map(({ replica }) => replica.stage(LAMP))).toEqual([
      'durable',
      'durable',
      'durable',
    ]);
    await peers.close();
    expect(peers.timers.pending).toBe(0);
  });

  test('[PL3] goes with the others of its fifth of a second, the newest of each property, in at most five messages a second', async () => {
    const peers = await SimPeers.open();
    const [ann, bob] = [peers.client(0), peers.client(1)];
    await peers.timers.advance(1_000);
    const before = patchesTo(peers, bob.name).length;
    for (let at = 0; at < 200; at += 1) {
      ann.set(LAMP, { [INTENSITY]: at });
      await peers.timers.advance(10);
    }
    await peers.timers.advance(PEER_TICK_MS);
    const sent = patchesTo(peers, bob.name).slice(before);
    expect(bob.value(LAMP, INTENSITY)).toBe(199);
    expect(sent.length).toBeGreaterThan(8);
    const times = peers.sent.filter(({ to }) => to === bob.name).map(({ atMs }) => atMs);
    for (const [at, ms] of times.slice(1).entries())
      expect(ms - (times[at] ?? 0)).toBeGreaterThanOrEqual(PEER_TICK_MS);
    await peers.close();
  });

  test('[PL3] that is larger than a message goes in several, objects cut where they have to be', async () => {
    const peers = await SimPeers.open();
    const [ann, bob] = [peers.client(0), peers.client(1)];
    await peers.timers.advance(1_000);
    const text = 'x'.repeat(2_900);
    const parts = Array.from({ length: 40 }, (_, at) => [parsePath(`document.s0_${at}`), text] as const);
    ann.set(LAMP, Object.fromEntries(parts));
    for (let at = 0; at < 20; at += 1) ann.set(parseObjectId(`box-${at}`), { [NAME]: text });
    await peers.timers.advance(3_000);
    expect(bob.shown()).toBe(ann.shown());
    const sizes = patchesTo(peers, bob.name).map(({ content }) => {
      const message = readPeerMessage(content);
      return message?.kind === 'patch' ? message.patch.length : Number.POSITIVE_INFINITY;
    });
    expect(sizes.length).toBeGreaterThan(4);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(MAX_PEER_PATCH_BYTES);
    await peers.close();
  });

  test('[PL7] that the room refused is dropped by everybody, and not shown again by what comes late', async () => {
    const peers = await SimPeers.open({ clients: 3 });
    const [ann, bob, cid] = [peers.client(0), peers.client(1), peers.client(2)];
    await peers.timers.advance(1_000);
    const patch = ann.set(LAMP, { [NAME]: 'Lamp' });
    await peers.until(() => bob.value(LAMP, NAME) === 'Lamp', 100);
    const [said] = patchesTo(peers, bob.name).slice(-1);
    ann.refused(new Map([...patch.objects].map(([id, { registers }]) => [id, registers])));
    await peers.timers.advance(1_000);
    for (const each of [ann, bob, cid]) expect(each.value(LAMP, NAME)).toBeUndefined();
    if (said === undefined) throw new Error('nothing was said');
    peers.deliver(ann.user, bob.user, bob.name, said.content);
    await peers.timers.advance(1_000);
    expect(bob.value(LAMP, NAME)).toBeUndefined();
    const dan = await peers.add();
    await peers.untilLive();
    await peers.timers.advance(2_000);
    expect(dan.value(LAMP, NAME)).toBeUndefined();
    await peers.close();
  });

  test('[PL7] whose author is gone before the room has it is dropped by everybody; what the room has stays', async () => {
    const peers = await SimPeers.open({ clients: 3 });
    const [ann, bob, cid] = [peers.client(0), peers.client(1), peers.client(2)];
    await peers.timers.advance(1_000);
    ann.set(CHAIR, { [NAME]: 'Chair' });
    peers.flush(ann);
    ann.set(LAMP, { [NAME]: 'Lamp' });
    await peers.timers.advance(1_000);
    expect(bob.value(LAMP, NAME)).toBe('Lamp');
    await peers.remove(ann, 'crashed');
    await peers.timers.advance(PEER_SILENCE_MS + 2 * PEER_DOUBT_MS);
    for (const each of [bob, cid])
      expect([each.value(LAMP, NAME), each.value(CHAIR, NAME)]).toEqual([undefined, 'Chair']);
    expect(peers.areEqual).toBe(true);
    await peers.close();
  });

  test('[PL8] is told to who comes later, by its author', async () => {
    const peers = await SimPeers.open();
    peers.client(0).set(LAMP, { [NAME]: 'Lamp' });
    peers.client(1).set(CHAIR, { [NAME]: 'Chair' });
    await peers.timers.advance(1_000);
    const cid = await peers.add();
    await peers.untilLive();
    await peers.timers.advance(1_000);
    expect([cid.value(LAMP, NAME), cid.value(CHAIR, NAME)]).toEqual(['Lamp', 'Chair']);
    expect(cid.channel.people.value.map(({ user }) => user)).toEqual([
      peers.client(0).user,
      peers.client(1).user,
    ]);
    await peers.close();
  });

  test('[PL8] that a homeserver did not take is said again when it does', async () => {
    const peers = await SimPeers.open();
    const [ann, bob] = [peers.client(0), peers.client(1)];
    await peers.timers.advance(1_000);
    ann.isCutOff = true;
    ann.set(LAMP, { [NAME]: 'Lamp' });
    await peers.timers.advance(10_000);
    expect(bob.value(LAMP, NAME)).toBeUndefined();
    ann.isCutOff = false;
    await peers.until(() => bob.value(LAMP, NAME) === 'Lamp', 31_000);
    await peers.close();
  });
});

test('[PL6] who is demoted or put out is held to it by every peer, whatever they still send', async () => {
  for (const level of [0, null]) {
    const peers = await SimPeers.open({ clients: 3 });
    const [ann, bob, cid] = [peers.client(0), peers.client(1), peers.client(2)];
    await peers.timers.advance(1_000);
    ann.set(CHAIR, { [NAME]: 'Chair' });
    peers.flush(ann);
    await peers.timers.advance(500);
    bob.set(CHAIR, { [NAME]: 'Bob’s' });
    ann.set(CHAIR, { [NAME]: 'Ann’s' });
    bob.set(LAMP, { [NAME]: 'Lamp' });
    await peers.timers.advance(500);
    expect(cid.value(LAMP, NAME)).toBe('Lamp');
    peers.setLevel(bob.user, level);
    await peers.timers.advance(1_000);
    for (const each of [ann, cid]) {
      expect([each.value(LAMP, NAME), each.value(CHAIR, NAME)]).toEqual([undefined, 'Ann’s']);
    }
    // A client that goes on as if nothing had happened.
    const content = patchesTo(peers, cid.name).findLast(({ from }) => from === bob.name)?.content;
    if (content === undefined) throw new Error('nothing was said');
    peers.deliver(bob.user, cid.user, cid.name, { ...content, n: 1_000 });
    await peers.timers.advance(1_000);
    expect(cid.value(LAMP, NAME)).toBeUndefined();
    await peers.close();
  }
});

test('[PL5] an edit that a peer does not take in stays with its author, who is told why', async () => {
  const peers = await SimPeers.open();
  const [ann, bob] = [peers.client(0), peers.client(1)];
  await peers.timers.advance(1_000);
  // Bob knows already that Ann may do no more; Ann does not.
  bob.levels = new Map([...bob.levels, [ann.user, 0]]);
  ann.set(LAMP, { [NAME]: 'Lamp' });
  await peers.timers.advance(1_000);
  expect([ann.value(LAMP, NAME), bob.value(LAMP, NAME)]).toEqual(['Lamp', undefined]);
  expect(ann.failures.map((error) => error instanceof WeftError && error.message)).toEqual([
    expect.stringContaining(`with ${bob.user}`),
  ]);
  await peers.close();
});

test('[PL9] with one device more than eight the lane steps aside and says so; with eight again it is back', async () => {
  const peers = await SimPeers.open({ clients: MAX_PEER_DEVICES });
  const first = peers.client(0);
  await peers.timers.advance(2_000);
  const ninth = await peers.add();
  const saysSo = () =>
    peers.clients.every(({ channel }) => channel.status.value.sentence.includes('More than 8 devices'));
  await peers.until(saysSo, 2_000);
  for (const { channel } of peers.clients) expect(channel.status.value.lane).toBe('matrix');
  const before = patchesTo(peers, peers.client(1).name).length;
  first.set(LAMP, { [NAME]: 'Lamp' });
  await peers.timers.advance(2_000);
  expect(patchesTo(peers, peers.client(1).name)).toHaveLength(before);
  await peers.remove(ninth, 'closed');
  await peers.untilLive();
  await peers.timers.advance(2_000);
  for (const each of peers.clients) expect(each.value(LAMP, NAME)).toBe('Lamp');
  await peers.close();
});

test('[PL1] while its homeserver says nothing of relays a client does not announce itself', async () => {
  const peers = await SimPeers.open({ clients: 1 });
  const quiet = await peers.add({
    candidates: () => Promise.reject(new Error('The homeserver does not answer.')),
  });
  await peers.timers.advance(60_000);
  expect([quiet.failures, quiet.isLive, peers.client(0).isLive]).toEqual([[], false, false]);
  expect(quiet.channel.status.value.sentence).toContain('No relay could be looked for');
  await peers.close();
});

test('[PL4] who only looks hears everything and says nothing', async () => {
  const peers = await SimPeers.open();
  const eye = await peers.add({ mode: 'read', level: 0 });
  await peers.untilLive();
  peers.client(0).set(LAMP, { [NAME]: 'Lamp' });
  await peers.until(() => eye.value(LAMP, NAME) === 'Lamp', 1_000);
  eye.set(LAMP, { [NAME]: 'Mine' });
  await peers.timers.advance(2_000);
  expect(peers.client(0).value(LAMP, NAME)).toBe('Lamp');
  expect([...entriesOf(eye.replica.livePatch())]).toHaveLength(1);
  await peers.close();
});
