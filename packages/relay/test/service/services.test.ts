import { parseObjectId, ROLE_LEVELS } from '@weft/core';
import { afterEach, describe, expect, test } from 'vitest';
import { ALICE, BOB } from '../edge/edge-under-test.ts';
import { ServiceUnderTest } from './service-under-test.ts';

let open: ServiceUnderTest | null = null;

async function service(settings: object = {}): Promise<ServiceUnderTest> {
  open = await ServiceUnderTest.open(settings);
  return open;
}

afterEach(async () => {
  await open?.close();
  open = null;
});

const LAMP = { id: 'lamp', node: { name: 'Lamp', tags: ['lamp'] }, light: { intensity: 2 } };
const add = (...objects: readonly object[]) => ({ changes: objects.map((object) => ({ add: object })) });

describe('a query', () => {
  test('[HS1] finds what a replica finds, whole or as rows, page by page', async () => {
    const relay = await service();
    const token = await relay.token();
    const lamps = Array.from({ length: 5 }, (_, at) => ({ ...LAMP, id: `lamp-${at}` }));
    await relay.post(token, 'edit', add(...lamps, { id: 'chair', node: { name: 'Chair' } }));
    const whole = await relay.post(token, 'query', { tag: 'lamp', limit: 2 });
    expect(whole).toMatchObject({
      status: 200,
      json: {
        next: expect.any(String),
        objects: [
          { id: 'lamp-0', parent: 'root', position: [0, 0, 0], components: { light: { intensity: 2 } } },
          { id: 'lamp-1' },
        ],
      },
    });
    const after = Object(whole.json).next;
    const rows = await relay.post(token, 'query', { tag: 'lamp', after, fields: ['node.name'] });
    expect(rows.json).toMatchObject({ next: null, rows: [{ id: 'lamp-2', node: { name: 'Lamp' } }, {}, {}] });
    expect((await relay.post(token, 'query', { count: true, explain: true })).json).toMatchObject({
      count: 6,
      plan: { maxCost: 400_000 },
    });
  });

  test('[HS1] that is malformed, or costs too much, is refused with its place', async () => {
    const relay = await service({ queryCost: 1000 });
    const token = await relay.token();
    for (let from = 0; from < 1200; from += 400)
      await relay.post(
        token,
        'edit',
        add(...Array.from({ length: 400 }, (_, at) => ({ id: `o-${from + at}` }))),
      );
    expect(await relay.post(token, 'query', { where: { 'light.intensity': { $regex: '.' } } })).toMatchObject(
      {
        status: 400,
        json: { error: { code: 'invalid-query', path: expect.any(String) } },
      },
    );
    expect(await relay.post(token, 'query', { where: { 'node.order': { $contains: '!' } } })).toMatchObject({
      status: 422,
      json: { error: { code: 'limit' } },
    });
    expect((await relay.post(token, 'query', '{"tag"')).status).toBe(400);
    expect((await relay.post(token, 'query', '[]')).status).toBe(400);
  });

  test('[HS2] an answer holds so many objects, whatever was asked for', async () => {
    const relay = await service({ queryResults: 3 });
    const token = await relay.token();
    await relay.post(token, 'edit', add({ id: 'a' }, { id: 'b' }, { id: 'c' }, { id: 'd' }));
    for (const query of [{}, { limit: 4 }, { limit: 100_000 }])
      expect(Object((await relay.post(token, 'query', query)).json).objects).toHaveLength(3);
    expect(Object((await relay.post(token, 'query', { limit: 2 })).json).objects).toHaveLength(2);
  });
});

describe('an edit', () => {
  test('[HS3] happens whole, is seen by everybody on the lane, and outlives the relay when it is answered', async () => {
    const relay = await service();
    const token = await relay.token();
    const bob = relay.lane.client({ user: BOB });
    bob.connect();
    const answer = await relay.post(token, 'edit', {
      changes: [
        { add: LAMP },
        { set: 'lamp', components: { light: { intensity: 5 }, 'acme:switch': { on: true } } },
        { add: { id: 'shade', parent: 'lamp' } },
        { move: 'shade', into: 'root', before: 'lamp' },
      ],
    });
    expect(answer).toMatchObject({
      status: 200,
      json: { ids: ['lamp', 'lamp', 'shade', 'shade'], changed: 2, seq: 1 },
    });
    expect(bob.replica.scene.get(parseObjectId('lamp'))?.light?.intensity).toBe(5);
    expect([...bob.replica.scene.children(parseObjectId('root'))]).toEqual(['shade', 'lamp']);
    relay.lane.kill();
    await relay.lane.start();
    expect(relay.lane.world.replica.scene.get(parseObjectId('lamp'))?.light?.intensity).toBe(5);
  });

  test('[HS3] that is refused changes nothing, and says what, where and who can help', async () => {
    const relay = await service();
    const token = await relay.token();
    await relay.post(token, 'edit', add(LAMP));
    const before = relay.lane.world.replica.scene.get(parseObjectId('lamp'));
    const cases: readonly (readonly [object, number, string])[] = [
      [{ changes: [{ remove: 'lamp' }, { remove: 'nobody' }] }, 404, 'unknown-object'],
      [add(LAMP), 409, 'object-exists'],
      [{ changes: [{ set: 'lamp', components: { light: { intensity: 'high' } } }] }, 422, 'schema'],
      [{ changes: [{ move: 'lamp', into: 'lamp' }] }, 409, 'cycle'],
      [{ changes: [{ set: 'lamp', components: { light: 7 } }] }, 400, 'invalid-value'],
      [{ changes: [{ paint: 'lamp' }] }, 400, 'bad-request'],
      [{ changes: [] }, 400, 'bad-request'],
      [{ changes: Array.from({ length: 1001 }, () => ({ remove: 'lamp' })) }, 400, 'bad-request'],
      [add({ id: '__proto__' }), 400, 'invalid-id'],
    ];
    for (const [body, status, code] of cases)
      expect(await relay.post(token, 'edit', body)).toMatchObject({ status, json: { error: { code } } });
    expect(relay.lane.world.replica.scene.get(parseObjectId('lamp'))).toBe(before);
  });

  test('[HS3] can be tried out', async () => {
    const relay = await service();
    const token = await relay.token();
    const tried = await relay.post(token, 'edit', { ...add(LAMP), check: true });
    expect(tried.json).toEqual({ ids: ['lamp'], changed: 1, seq: null });
    expect(relay.lane.world.replica.scene.get(parseObjectId('lamp'))).toBeUndefined();
  });

  test('[HS4] is made with the rights that its user has now', async () => {
    const relay = await service();
    const token = await relay.token();
    relay.lane.world.setLevel(ALICE, ROLE_LEVELS.visitor);
    expect(await relay.post(token, 'edit', add(LAMP))).toMatchObject({
      status: 403,
      json: { error: { code: 'read-only', by: 'owner' } },
    });
    expect((await relay.post(token, 'query', {})).status).toBe(200);
    relay.lane.world.setLevel(ALICE, null);
    for (const name of ['query', 'edit', 'say'])
      expect(await relay.post(token, name, {})).toMatchObject({
        status: 403,
        json: { error: { code: 'forbidden' } },
      });
  });

  test('[HS3] wins over a value whose author has a clock ahead of the relay’s', async () => {
    const relay = await service();
    const token = await relay.token();
    await relay.post(token, 'edit', add(LAMP));
    const bob = relay.lane.client({ user: BOB });
    bob.connect();
    bob.set(parseObjectId('lamp'), 'node.name', 'Bob’s');
    await relay.post(token, 'edit', {
      changes: [{ set: 'lamp', components: { node: { name: 'Service’s' } } }],
    });
    expect(bob.replica.scene.get(parseObjectId('lamp'))?.node?.name).toBe('Service’s');
  });
});

test('[HS5] what a service says is heard on the lane and written to the room, for its user', async () => {
  const relay = await service();
  const token = await relay.token();
  expect((await relay.post(token, 'say', { text: 'Doors open at eight.' })).status).toBe(200);
  expect(relay.lane.world.messages).toMatchObject([{ text: 'Doors open at eight.', user: ALICE }]);
  expect((await relay.post(token, 'say', { text: '' })).status).toBe(400);
});

describe('a live query', () => {
  test('[HS6] gives all that it finds, then exactly what changes, until its reader goes', async () => {
    const relay = await service();
    const token = await relay.token();
    await relay.post(token, 'edit', add(LAMP));
    const stop = new AbortController();
    const events = await relay.live(token, { tag: 'lamp' }, stop.signal);
    expect((await events.next()).value).toMatchObject({ name: 'state', data: { objects: [{ id: 'lamp' }] } });
    await relay.post(token, 'edit', add({ ...LAMP, id: 'second' }));
    expect((await events.next()).value).toMatchObject({
      name: 'delta',
      data: { enter: [{ id: 'second' }], leave: [], change: [] },
    });
    await relay.post(token, 'edit', { changes: [{ set: 'lamp', components: { light: { intensity: 9 } } }] });
    expect((await events.next()).value).toMatchObject({
      data: { change: [{ paths: ['light.intensity'], object: { components: { light: { intensity: 9 } } } }] },
    });
    await relay.post(token, 'edit', { changes: [{ remove: 'lamp' }] });
    expect((await events.next()).value).toMatchObject({ data: { leave: ['lamp'], enter: [] } });
    stop.abort();
    await expect(events.next()).rejects.toThrow();
  });

  test('[HS6] ends with its user’s rights, and says so', async () => {
    const relay = await service();
    const token = await relay.token();
    const events = await relay.live(token, {}, new AbortController().signal);
    await events.next();
    relay.lane.world.setLevel(ALICE, null);
    expect((await events.next()).value).toEqual({
      name: 'end',
      data: { reason: 'You are not in this world any more.' },
    });
    expect((await events.next()).done).toBe(true);
  });

  test('[HS6] there are so many of one user, and one more when one has gone', async () => {
    const relay = await service({ streamsPerUser: 2 });
    const token = await relay.token();
    const stop = new AbortController();
    const first = await relay.live(token, {}, stop.signal);
    await relay.live(token, {}, new AbortController().signal);
    await first.next();
    expect(await relay.get(token, 'live')).toMatchObject({ status: 429, json: { error: { code: 'busy' } } });
    stop.abort();
    await expect
      .poll(() => relay.live(token, {}, new AbortController().signal).catch(() => null))
      .not.toBeNull();
  });

  test('[HS1] that is none is refused before anything is sent', async () => {
    const relay = await service();
    const token = await relay.token();
    for (const query of ['{"fields":["node"]}', '{"limit":0}', '{', '7', '[', '{"colour":"red"}'])
      expect((await relay.get(token, `live?query=${encodeURIComponent(query)}`)).status).toBe(400);
  });
});

describe('a token', () => {
  test('[HS7] is good for its own world and its own routes, and nothing is told of others', async () => {
    const relay = await service();
    const token = await relay.token();
    const other = await relay.post(token, 'query', {}, '!elsewhere:example.org');
    const none = await relay.post(token, 'query', {}, '!none:example.org');
    expect(other).toMatchObject({ status: 403, json: none.json });
    expect((await relay.post('x'.repeat(43), 'query', {})).status).toBe(401);
    expect((await relay.post(token, 'burn', {})).status).toBe(404);
    expect(await relay.get(token, 'edit')).toMatchObject({ status: 405 });
    expect((await relay.post(token, 'query', {}, '%E0%A4%A')).status).toBe(403);
  });

  test('[HS2] asks so often, and again a second later', async () => {
    const relay = await service({ requestsPerSecond: 1, requestBurst: 3 });
    const token = await relay.token();
    const statuses = [];
    for (let at = 0; at < 4; at += 1) statuses.push((await relay.post(token, 'query', {})).status);
    expect(statuses).toEqual([200, 200, 200, 429]);
    await relay.lane.timers.advance(1000);
    expect((await relay.post(token, 'query', {})).status).toBe(200);
  });
});
