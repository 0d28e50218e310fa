import {
  type ActorId,
  entriesOf,
  MAX_CLOCK_LEAD_MS,
  newActorId,
  type Patch,
  parseObjectId,
  parsePath,
  parseUserId,
  patchOf,
  timeFromMs,
  type UserId,
  type Value,
} from '@weft/core';
import {
  encodeWirePatch,
  MAX_PEER_PATCH_BYTES,
  type PeerBody,
  peerContent,
  readPeerMessage,
} from '@weft/protocol';
import { SeededRandom } from '@weft/testing';
import { expect, test } from 'vitest';
import { MAX_PEER_BURST } from '../src/peer/flood-gate.ts';
import { MAX_JUDGED_EDITS } from '../src/peer/peer-intake.ts';
import { ROOM, type SimPeer, SimPeers } from './sim-peers.ts';

const LAMP = parseObjectId('lamp');
const CHAIR = parseObjectId('chair');
const NAME = parsePath('node.name');
const BUILDER = 25;

/** Ann is honest; Mallory is a member on a device of its own, which says whatever the test wants. */
class Attack {
  readonly peers: SimPeers;
  readonly ann: SimPeer;
  readonly mallory: SimPeer;
  readonly actor: ActorId;
  #n = 10_000;

  private constructor(peers: SimPeers) {
    this.peers = peers;
    [this.ann, this.mallory] = [peers.client(0), peers.client(1)];
    this.actor = newActorId(new SeededRandom('mallory').bytes);
  }

  static async open(level = BUILDER): Promise<Attack> {
    const peers = await SimPeers.open({ seed: 'attack' });
    const attack = new Attack(peers);
    peers.setLevel(attack.mallory.user, level);
    await peers.timers.advance(1_000);
    return attack;
  }

  /** The member that the room knows Mallory's device by. */
  get memberId(): string {
    const sent = this.peers.sent.find(({ from }) => from === this.mallory.name);
    return String(sent?.content.member_id);
  }

  patch(
    value: Value,
    { actor = this.actor, aheadMs = 0, id = LAMP, claims = [] as readonly UserId[] } = {},
  ): Patch {
    const stamp = { time: timeFromMs(this.peers.timers.now() + aheadMs), actor };
    return patchOf({
      registers: [{ id, path: NAME, register: { value, stamp } }],
      actors: claims.length === 0 ? [] : [[actor, claims]],
    });
  }

  say(body: PeerBody, { sender = this.mallory.user, room = ROOM, memberId = this.memberId } = {}): void {
    this.#n += 1;
    const content = peerContent({ ...body, room, memberId, n: this.#n });
    this.peers.deliver(sender, this.ann.user, this.ann.name, content);
  }

  write(patch: Patch, as: Parameters<Attack['say']>[1] = {}): void {
    this.say({ kind: 'patch', patch: encodeWirePatch(patch) }, as);
  }

  /** Why Ann did not take something in, as Mallory is told, once time has passed. */
  async refusals(): Promise<string[]> {
    await this.peers.timers.advance(2_000);
    return this.peers.sent.flatMap(({ to, content }) => {
      const message = to === this.mallory.name ? readPeerMessage(content) : null;
      return message?.kind === 'refused' ? message.problems.map(({ code }) => code) : [];
    });
  }

  get shown(): unknown[] {
    return [...entriesOf(this.ann.replica.shownPatch())].map(({ register }) => register.value);
  }
}

test('[PL4] what a member of the room says from a published device is taken in', async () => {
  const attack = await Attack.open();
  attack.write(attack.patch('mine', { claims: [attack.mallory.user] }));
  expect([await attack.refusals(), attack.shown]).toEqual([[], ['mine']]);
  await attack.peers.close();
});

test.each<[string, (attack: Attack) => void]>([
  [
    'who is not in the room, though the device is published',
    (attack) => {
      attack.ann.levels = new Map([...attack.ann.levels].filter(([user]) => user !== attack.mallory.user));
      attack.write(attack.patch('outside'));
    },
  ],
  [
    'a stranger under the member id of a peer',
    (attack) => attack.write(attack.patch('forged'), { sender: parseUserId('@eve:example.org') }),
  ],
  [
    'a member under the id of another user’s member',
    (attack) => attack.write(attack.patch('forged'), { sender: attack.ann.user }),
  ],
  ['a device that is not published', (attack) => attack.write(attack.patch('hidden'), { memberId: 'other' })],
  ['a peer of another room', (attack) => attack.write(attack.patch('else'), { room: '!other:example.org' })],
])('[PL4] nothing is taken, nor answered, of %s', async (_, act) => {
  const attack = await Attack.open();
  act(attack);
  expect([await attack.refusals(), attack.shown]).toEqual([[], []]);
  await attack.peers.close();
});

test.each<[string, string, (attack: Attack) => Patch]>([
  [
    'of another author',
    'forbidden',
    (attack) => attack.patch('x', { actor: attack.ann.replica.clock.actor }),
  ],
  [
    'that says another is its author',
    'forbidden',
    (attack) => attack.patch('x', { claims: [attack.ann.user] }),
  ],
  ['of more than a minute ahead', 'limit', (attack) => attack.patch('x', { aheadMs: MAX_CLOCK_LEAD_MS + 1 })],
  [
    'of a personal object of another',
    'forbidden',
    (attack) => attack.patch('x', { id: parseObjectId(`u_${'A'.repeat(22)}_x`) }),
  ],
])('[PL4] an edit %s is refused, and its sender told why', async (_, code, patch) => {
  const attack = await Attack.open();
  attack.write(patch(attack));
  expect([await attack.refusals(), attack.shown]).toEqual([[code], []]);
  await attack.peers.close();
});

test('[PL4] an actor stays that of the user who was first known by it', async () => {
  const attack = await Attack.open();
  const cid = await attack.peers.add();
  await attack.peers.untilLive();
  cid.set(LAMP, { [NAME]: 'Cid’s' });
  await attack.peers.timers.advance(1_000);
  attack.write(attack.patch('x', { actor: cid.replica.clock.actor, aheadMs: 1_000 }));
  expect([await attack.refusals(), attack.shown]).toEqual([['forbidden'], ['Cid’s']]);
  await attack.peers.close();
});

test('[PL4] a visitor among peers moves nothing: nobody would bring it to the room', async () => {
  const attack = await Attack.open(0);
  attack.write(attack.patch('x'));
  expect([await attack.refusals(), attack.shown]).toEqual([['read-only'], []]);
  await attack.peers.close();
});

test('[PL4] exactly a minute ahead is taken', async () => {
  const attack = await Attack.open();
  attack.write(attack.patch('early', { aheadMs: MAX_CLOCK_LEAD_MS }));
  expect([await attack.refusals(), attack.shown]).toEqual([[], ['early']]);
  await attack.peers.close();
});

test('[PL5] of edits that came together those that are allowed are taken, up to 64 of them', async () => {
  const attack = await Attack.open();
  const edits = (count: number) =>
    patchOf({
      registers: Array.from({ length: count }, (_, at) => ({
        id: parseObjectId(`box-${count}-${at}`),
        path: NAME,
        register: {
          value: at,
          stamp: {
            time: timeFromMs(attack.peers.timers.now() + at),
            actor: at === 1 ? attack.ann.replica.clock.actor : attack.actor,
          },
        },
      })),
    });
  attack.write(edits(MAX_JUDGED_EDITS));
  expect([await attack.refusals(), attack.shown.length]).toEqual([['forbidden'], MAX_JUDGED_EDITS - 1]);
  attack.write(edits(MAX_JUDGED_EDITS + 1));
  await attack.refusals();
  expect(attack.shown).toHaveLength(MAX_JUDGED_EDITS - 1);
  await attack.peers.close();
});

test('[PL5] nobody takes back what somebody else wrote', async () => {
  const attack = await Attack.open();
  const cid = await attack.peers.add();
  await attack.peers.untilLive();
  const patch = cid.set(CHAIR, { [NAME]: 'Chair' });
  await attack.peers.timers.advance(1_000);
  attack.say({ kind: 'retract', patch: encodeWirePatch(patch) });
  await attack.peers.timers.advance(1_000);
  expect(attack.ann.value(CHAIR, NAME)).toBe('Chair');
  await attack.peers.close();
});

test('[PL5] what is malformed or too large changes nothing and ends nothing', async () => {
  const attack = await Attack.open();
  const { peers, ann, mallory, memberId } = attack;
  const head = { room_id: ROOM, member_id: memberId, n: 20_000 };
  const garbage = Buffer.alloc(MAX_PEER_PATCH_BYTES, 0xc1).toString('base64url');
  const tooLarge = Buffer.alloc(MAX_PEER_PATCH_BYTES + 1, 1).toString('base64url');
  for (const content of [
    {},
    { ...head },
    { ...head, kind: 'patch' },
    { ...head, kind: 'patch', patch: '????' },
    { ...head, kind: 'patch', patch: garbage },
    { ...head, kind: 'retract', patch: garbage },
    { ...head, kind: 'patch', patch: tooLarge },
    { ...head, kind: 'hello', actor: mallory.user },
    { ...head, kind: 'hello', actor: 7 },
    { ...head, kind: 'refused', of: 1, problems: 'x' },
    { ...head, kind: 'patch', patch: 'A'.repeat(70_000) },
    { ...head, n: '1', kind: 'bye' },
    { ...head, kind: '__proto__' },
  ])
    peers.deliver(mallory.user, ann.user, ann.name, content);
  await peers.timers.advance(1_000);
  expect(attack.shown).toEqual([]);
  attack.write(attack.patch('still heard'));
  await peers.timers.advance(1_000);
  expect(attack.shown).toEqual(['still heard']);
  await peers.close();
});

test('[PL5] who floods is heard of no more than its share, and keeps nobody else from being heard', async () => {
  const attack = await Attack.open();
  const cid = await attack.peers.add();
  await attack.peers.untilLive();
  await attack.peers.timers.advance(30_000);
  for (let at = 0; at < 10_000; at += 1)
    attack.write(attack.patch('x', { id: parseObjectId(`flood-${at}`) }));
  const taken = attack.shown.length;
  expect(taken).toBeLessThanOrEqual(MAX_PEER_BURST);
  expect(taken).toBeGreaterThan(MAX_PEER_BURST - 5);
  cid.set(CHAIR, { [NAME]: 'Chair' });
  await attack.peers.until(() => attack.ann.value(CHAIR, NAME) === 'Chair', 1_000);
  expect(cid.value(CHAIR, NAME)).toBe('Chair');
  await attack.peers.close();
});
