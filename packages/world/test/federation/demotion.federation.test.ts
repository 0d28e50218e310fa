import { setTimeout as delay } from 'node:timers/promises';
import {
  type Federation,
  matrixCall,
  openEqual,
  startFederation,
  statePath,
  until,
  untilEqual,
} from '@weft/testing/federation';
import type { Account } from '@weft/testing/synapse';
import { createWorld, type ObjectId, openWorld, parseObjectId, type World } from '@weft/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const BUILDER_LEVEL = 25;
const STATUE = parseObjectId('statue');
const BENCH = parseObjectId('bench');
const LAMP = parseObjectId('lamp');
/** Each server's clock, and what a client makes of it. */
const CLOCKS_APART_MS = 2_500;
/** The k-th member who may steps in after k times ten seconds, and then the state has to travel. */
const REPAIR_TIMEOUT_MS = 90_000;

const login = ({ homeserver, token }: Account) => ({ homeserver, token });
const name = (world: World, id: ObjectId) => world.get(id)?.node?.name;

describe('a netsplit in which one side takes rights away', () => {
  let federation: Federation;
  let owner: Account;
  let demoted: Account;
  let banned: Account;
  let neighbour: Account;
  let ann: World;
  let ben: World;
  let cid: World;
  let dan: World;
  const late: ObjectId[] = [];

  beforeAll(async () => {
    federation = await startFederation();
    const { a, b } = federation;
    [owner, demoted, banned, neighbour] = await Promise.all([
      a.account('ann'),
      b.account('ben'),
      b.account('cid'),
      b.account('dan'),
    ]);
    const builders = [demoted, banned, neighbour].map(({ userId }) => [userId, BUILDER_LEVEL]);
    ann = await createWorld({
      login: login(owner),
      title: 'Rights',
      access: 'public',
      levels: Object.fromEntries(builders),
      seed: (draft) => void draft.add({ id: 'lamp', node: { name: 'Lamp' } }),
    });
    const join = (account: Account) => openWorld(ann.link, { login: login(account) });
    [ben, cid, dan] = [await join(demoted), await join(banned), await join(neighbour)];
    await ben.edit('build', (draft) => draft.add({ id: 'statue', node: { name: 'Statue by Ben' } })).durable;
    await cid.edit('build', (draft) => draft.add({ id: 'bench', node: { name: 'Bench by Cid' } })).durable;
    await dan.edit('lamp', (draft) => draft.set(LAMP, { node: { name: 'Lamp by Dan' } })).durable;
    await untilEqual([ann, ben, cid, dan]);

    federation.split();
    const path = statePath(ann.room, 'm.room.power_levels');
    const levels = await matrixCall(owner, 'GET', path);
    const users = { ...Object.fromEntries(builders), [demoted.userId]: 0 };
    await matrixCall(owner, 'PUT', path, { ...levels, users });
    await matrixCall(owner, 'POST', `/rooms/${encodeURIComponent(ann.room)}/ban`, { user_id: banned.userId });
    await delay(CLOCKS_APART_MS);
    for (const [world, id] of [
      [ben, STATUE],
      [cid, BENCH],
    ] as const) {
      const renamed = world.edit('rename', (draft) => draft.set(id, { node: { name: 'Too late' } }));
      const lamp = world.edit('rename', (draft) => draft.set(LAMP, { node: { name: 'Too late' } }));
      const added = world.edit('add', (draft) => draft.add({ node: { name: 'Too late' } }));
      await Promise.all([renamed.durable, lamp.durable, added.durable]);
      late.push(added.value);
    }
    await until(() => late.every((id) => dan.get(id) !== undefined), { what: 'what is too late at Dan' });
    federation.heal();
  });

  afterAll(async () => {
    await Promise.all([ann, ben, cid, dan].map((world) => world?.close()));
    await federation?.stop();
  });

  it('[FD5] shows what was durable before, and nothing of what was written too late', async () => {
    await until(
      () =>
        [ann, ben, dan].every(
          (world) =>
            name(world, STATUE) === 'Statue by Ben' &&
            name(world, BENCH) === 'Bench by Cid' &&
            name(world, LAMP) === 'Lamp by Dan' &&
            late.every((id) => world.get(id) === undefined),
        ),
      { what: 'what was durable before, at those who are still in', withinMs: REPAIR_TIMEOUT_MS },
    );
    expect(cid.status.value.readOnly).not.toBeNull();
  });

  it('[FD5] holds it on both servers, for whoever comes later', async () => {
    await untilEqual([ann, ben, dan], REPAIR_TIMEOUT_MS);
    const fresh = await openEqual(ann.room, [owner, neighbour], ann.hash(), REPAIR_TIMEOUT_MS);
    for (const world of fresh) {
      expect([STATUE, BENCH, LAMP].map((id) => name(world, id))).toEqual([
        'Statue by Ben',
        'Bench by Cid',
        'Lamp by Dan',
      ]);
      expect(late.filter((id) => world.knows(id))).toEqual([]);
    }
    await Promise.all(fresh.map((world) => world.close()));
  });
});
