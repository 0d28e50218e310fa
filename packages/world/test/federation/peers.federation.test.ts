import { randomBytes } from 'node:crypto';
import {
  newActorId,
  type ObjectId,
  parseObjectId,
  parsePath,
  parseUserId,
  patchOf,
  timeFromMs,
  toBase64Url,
} from '@weft/core';
import {
  encodeWirePatch,
  MEMBER_STATE_EVENT,
  memberStateContent,
  memberStateKey,
  PEER_EVENT,
  type PeerBody,
  peerContent,
} from '@weft/protocol';
import { type Federation, matrixCall, startFederation, statePath, until } from '@weft/testing/federation';
import type { Account } from '@weft/testing/synapse';
import { createWorld, openWorld, type World } from '@weft/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const BUILDER_LEVEL = 25;
/** More than a stock Synapse takes of one person at once. */
const EXHAUSTING_EDITS = 40;
const PEERS_MS = 60_000;

const login = ({ homeserver, token }: Account) => ({ homeserver, token });
const nameOf = (world: World, id: ObjectId) => world.get(id)?.node?.name;
const random = (length: number) => new Uint8Array(randomBytes(length));

/** A member whose client is a program of their own: it says of itself what it likes, from device to device. */
class LooseCannon {
  readonly #account: Account;
  readonly #room: string;
  readonly #to: readonly World[];
  readonly #memberId = toBase64Url(random(16));
  readonly #actor = newActorId(random);
  #n = 0;

  constructor(account: Account, room: string, to: readonly World[]) {
    this.#account = account;
    this.#room = room;
    this.#to = to;
  }

  /** Tells the room that it takes edits from device to device. */
  async announce(): Promise<void> {
    const { userId, deviceId } = this.#account;
    const key = memberStateKey(parseUserId(userId), deviceId) ?? expect.fail('too long');
    const member = { memberId: this.#memberId, device: deviceId, key: null, transports: [], peer: true };
    const content = memberStateContent(member, Date.now());
    await matrixCall(this.#account, 'PUT', statePath(this.#room, MEMBER_STATE_EVENT, key), content);
    await this.#say({ kind: 'hello', actor: this.#actor });
  }

  async rename(id: ObjectId, name: string): Promise<void> {
    const stamp = { time: timeFromMs(Date.now()), actor: this.#actor };
    const register = { value: name, stamp };
    const user = parseUserId(this.#account.userId);
    const patch = patchOf({
      registers: [{ id, path: parsePath('node.name'), register }],
      actors: [[this.#actor, [user]]],
    });
    await this.#say({ kind: 'patch', patch: encodeWirePatch(patch) });
  }

  async #say(body: PeerBody): Promise<void> {
    this.#n += 1;
    const message = peerContent({ ...body, room: this.#room, memberId: this.#memberId, n: this.#n });
    for (const { userId } of this.#to)
      await matrixCall(
        this.#account,
        'PUT',
        `/sendToDevice/${PEER_EVENT}/${Date.now()}-${this.#n}-${encodeURIComponent(userId)}`,
        { messages: { [userId]: { '*': message } } },
      );
  }
}

describe('peers on two homeservers', () => {
  let federation: Federation;
  let owner: Account;
  let mal: Account;
  let ann: World;
  let ben: World;
  let cid: World;
  const lamp = parseObjectId('lamp');

  beforeAll(async () => {
    federation = await startFederation({ rateLimits: 'stock' });
    const { a, b } = federation;
    const [builder, other] = [await b.account('ben'), await b.account('cid')];
    [owner, mal] = [await a.account('ann'), await b.account('mal')];
    ann = await createWorld({
      ...{ login: login(owner), title: 'Without a relay', alias: 'peers', access: 'public' },
      levels: { [builder.userId]: BUILDER_LEVEL, [other.userId]: BUILDER_LEVEL, [mal.userId]: BUILDER_LEVEL },
      seed: (draft) => {
        draft.add({ id: lamp, node: { name: 'Lamp' } });
      },
    });
    const link = `#peers:${a.name}`;
    ben = await openWorld(link, { login: login(builder) });
    cid = await openWorld(link, { login: login(other) });
  });

  afterAll(async () => {
    await Promise.all([ann, ben, cid].map((world) => world?.close({ waitMs: 0 })));
    await federation?.stop();
  });

  it('[PL12] find each other, and see edits of the other server before its room has them', async () => {
    const worlds = [ann, ben, cid];
    await until(() => worlds.every(({ status }) => status.value.laneDetail.includes('2 other devices')), {
      what: 'each sees two peers',
      withinMs: PEERS_MS,
    });
    expect(worlds.map(({ status }) => status.value.lane)).toEqual(['peer', 'peer', 'peer']);
    let early = 0;
    for (let at = 0; at < EXHAUSTING_EDITS; at += 1) {
      ben
        .edit('rename', (draft) => draft.set(lamp, { node: { name: `Lamp ${at}` } }))
        .durable.catch(() => undefined);
      await until(() => nameOf(ann, lamp) === `Lamp ${at}`, {
        what: `edit ${at} at the other server`,
        everyMs: 5,
      });
      if (ann.stage(lamp) === 'local' && ben.stage(lamp) === 'local') early += 1;
    }
    expect(early).toBeGreaterThan(EXHAUSTING_EDITS / 2);
    await until(() => worlds.every((world) => world.stage(lamp) === 'durable'), {
      ...{ what: 'the room has it', withinMs: PEERS_MS },
    });
  });

  it('[PL12] refuse from the ban on what somebody who is banned says, on their own server too', async () => {
    const all = [ann, ben, cid];
    await matrixCall(mal, 'POST', `/join/${encodeURIComponent(`#peers:${federation.a.name}`)}`, {});
    const cannon = new LooseCannon(mal, ann.room, all);
    await cannon.announce();
    await until(() => all.every(({ status }) => status.value.laneDetail.includes('3 other devices')), {
      ...{ what: 'each sees one peer more', withinMs: PEERS_MS },
    });
    // What is said before others know of the announcement is passed over, so it is said until it is taken.
    await until(
      async () => {
        await cannon.rename(lamp, 'Mal’s');
        return all.every((world) => nameOf(world, lamp) === 'Mal’s');
      },
      { what: 'mal is heard while he may be', withinMs: PEERS_MS, everyMs: 1_000 },
    );
    await matrixCall(owner, 'POST', `/rooms/${encodeURIComponent(ann.room)}/ban`, { user_id: mal.userId });
    await until(() => all.every((world) => nameOf(world, lamp) !== 'Mal’s'), {
      ...{ what: 'what mal said is gone everywhere', withinMs: PEERS_MS },
    });
    const before = all.map((world) => nameOf(world, lamp));
    let heard = 0;
    for (const world of all)
      world.on('change', ({ changed }) => {
        if (changed.has(lamp)) heard += 1;
      });
    await cannon.rename(lamp, 'Mal’s again');
    // What an honest peer says after it comes after it: messages between two servers keep their order.
    const { value: last } = cid.edit('add', (draft) => draft.add({ node: { name: 'After mal' } }));
    await until(() => all.every((world) => world.get(last) !== undefined), { what: 'what was said later' });
    expect(all.map((world) => nameOf(world, lamp))).toEqual(before);
    expect(heard).toBe(0);
    expect(all.map(({ status }) => status.value.laneDetail.includes('2 other devices'))).toEqual([
      true,
      true,
      true,
    ]);
  });
});
