import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { BUNDLE_SLOTS, MAX_CONTENT_BYTES, parseUserId, writerKey } from '@weft/core';
import { connectHomeserver, type Homeserver, OBJECT_EVENT, WORLD_ROOM_TYPE } from '@weft/matrix';
import { makeGlb, triangleDocument, triangleGlb } from '@weft/testing/gltf';
import { type Account, synapse } from '@weft/testing/synapse';
import { createWorld, type EditDraft, HomeserverError, openWorld, type World } from '@weft/world';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { enterWorld } from '../src/enter-world.ts';
import { systemPlatform } from '../src/platform.ts';

let owner: Account;
let builder: Account;
let visitor: Account;
let world: World;

const login = ({ homeserver, token }: Account) => ({ homeserver, token });

beforeAll(async () => {
  const server = await synapse();
  owner = await server.account('owner');
  builder = await server.account('builder');
  visitor = await server.account('visitor');
  world = await createWorld({
    login: login(owner),
    title: 'Plaza',
    invite: [builder.userId, visitor.userId],
    levels: { [builder.userId]: 25 },
    seed: (draft) => void draft.add({ id: 'statue', node: { name: 'Statue' } }),
  });
});

afterAll(() => world.close());

async function api(account: Account, method: string, path: string, body?: unknown) {
  const response = await fetch(`${account.homeserver}/_matrix/client/v3${path}`, {
    method,
    headers: { authorization: `Bearer ${account.token}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer: Record<string, unknown> = await response.json();
  expect(response.ok, JSON.stringify(answer)).toBe(true);
  return answer;
}

async function createRoom(account: Account, request: object): Promise<string> {
  const { room_id } = await api(account, 'POST', '/createRoom', request);
  return String(room_id);
}

async function errorOf(promise: Promise<unknown>): Promise<Error & { code?: string; hint?: string }> {
  return promise.then(
    (value) => {
      throw new Error(`It succeeded with ${JSON.stringify(value)}`);
    },
    (error: Error) => error,
  );
}

/** Every object event that the room holds, as the homeserver tells it. */
async function stateOf(room: string): Promise<string> {
  const state: unknown = await api(owner, 'GET', `/rooms/${encodeURIComponent(room)}/state`);
  const events: Record<string, unknown>[] = Array.isArray(state) ? state : [];
  const objects = events.filter(({ type }) => type === OBJECT_EVENT);
  return JSON.stringify(objects.map(({ event_id, state_key, content }) => [event_id, state_key, content]));
}

/** The same homeserver, except that writes wait until they are let go. */
function withHeldWrites(homeserver: Homeserver): { readonly held: Homeserver; letGo(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const sendState: Homeserver['sendState'] = async (...args) => {
    await promise;
    return homeserver.sendState(...args);
  };
  const held = new Proxy(homeserver, {
    get(target, name) {
      if (name === 'sendState') return sendState;
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
  return { held, letGo: resolve };
}

describe('what cannot be opened is a named error that says what, why and what to do', () => {
  test('an unknown homeserver', async () => {
    const error = await errorOf(
      openWorld(world.room, { login: { homeserver: 'http://127.0.0.1:9', token: 'x' } }),
    );
    expect(error).toBeInstanceOf(HomeserverError);
    expect(error).toMatchObject({ code: 'unreachable', hint: expect.stringContaining('address') });
  });

  test('a web server that is no homeserver', async () => {
    const server = createServer((_, response) => response.end('<h1>Welcome</h1>'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const error = await errorOf(
      openWorld(world.room, { login: { homeserver: `http://127.0.0.1:${port}`, token: 'x' } }),
    );
    server.close();
    expect(error).toMatchObject({ code: 'not-a-homeserver' });
  });

  test('text that is no address', async () => {
    for (const homeserver of ['', 'not a url', 'ftp://example.org']) {
      const error = await errorOf(openWorld(world.room, { login: { homeserver, token: 'x' } }));
      expect(error).toMatchObject({ code: 'not-a-homeserver' });
    }
    for (const ref of ['', 'plaza', '@ann:example.org', '!a b']) {
      expect(await errorOf(openWorld(ref, { login: login(owner) }))).toMatchObject({ code: 'invalid-id' });
    }
  });

  test('a wrong token, a wrong password', async () => {
    const { homeserver } = owner;
    const token = await errorOf(openWorld(world.room, { login: { homeserver, token: 'wrong' } }));
    expect(token).toMatchObject({ code: 'unknown-token', hint: expect.stringContaining('Sign in again') });
    const user = owner.userId;
    const password = await errorOf(openWorld(world.room, { login: { homeserver, user, password: 'wrong' } }));
    expect(password).toMatchObject({ code: 'forbidden' });
  });

  test('a room that is not there, and one that one may not enter', async () => {
    const unknown = await errorOf(openWorld('#nowhere:localhost', { login: login(owner) }));
    expect(unknown).toBeInstanceOf(HomeserverError);
    expect(unknown).toMatchObject({ hint: expect.any(String) });
    const secret = await createRoom(owner, { creation_content: { type: WORLD_ROOM_TYPE } });
    expect(await errorOf(openWorld(secret, { login: login(visitor) }))).toMatchObject({ code: 'forbidden' });
  });

  test('a room that is not a world: nobody finds themselves in it', async () => {
    const chat = await createRoom(owner, { preset: 'public_chat' });
    const error = await errorOf(openWorld(chat, { login: login(owner) }));
    expect(error).toMatchObject({ code: 'not-a-world', hint: expect.stringContaining('world.weft') });
  });

  test('an encrypted room opens, shows what is there, and takes no edit', async () => {
    const room = await createRoom(owner, {
      creation_content: { type: WORLD_ROOM_TYPE },
      initial_state: [
        { type: 'm.room.encryption', state_key: '', content: { algorithm: 'm.megolm.v1.aes-sha2' } },
        { type: OBJECT_EVENT, state_key: 'chair', content: { node: { name: 'Chair' } } },
      ],
    });
    const encrypted = await openWorld(room, { login: login(owner) });
    const before = await stateOf(room);
    expect([...encrypted.objects()].map(({ node }) => node?.name)).toEqual(['Chair']);
    expect(encrypted.status.value.readOnly).toMatch(/encrypted/);
    expect(() => encrypted.edit('add', (draft) => draft.add({}))).toThrow(
      expect.objectContaining({ code: 'read-only', by: 'owner' }),
    );
    await encrypted.close();
    expect(await stateOf(room)).toBe(before);
  });
});

describe('what cannot be written changes nothing, here or in the room', () => {
  test('a value of every wrong kind', async () => {
    const before = await stateOf(world.room);
    const attempts: [string, () => unknown][] = [
      [
        'limit',
        () => world.edit('a', (draft) => draft.set('statue', { 'acme:a': { b: 'x'.repeat(4_096) } })),
      ],
      [
        'limit',
        () =>
          world.edit('a', (draft) => {
            for (let at = 0; at < 20; at += 1)
              draft.set('statue', { 'acme:a': { [`p${at}`]: 'x'.repeat(3_300) } });
          }),
      ],
      [
        'invalid-value',
        () => world.edit('a', (draft) => draft.set('statue', { 'acme:a': { b: Number.POSITIVE_INFINITY } })),
      ],
      ['invalid-value', () => world.edit('a', (draft) => draft.set('statue', { 'acme:a': { b: '\ud800' } }))],
      ['invalid-id', () => world.edit('a', (draft) => draft.add({ id: 'über' }))],
      ['schema', () => world.edit('a', (draft) => draft.set('statue', JSON.parse('{"__proto__":{"a":1}}')))],
    ];
    for (const [code, attempt] of attempts) expect(attempt).toThrow(expect.objectContaining({ code }));
    expect(world.status.value.unsaved).toBe(0);
    expect(await stateOf(world.room)).toBe(before);
  });

  test('__proto__ is a fine name for a thing', async () => {
    const edit = world.edit('add', (draft) =>
      draft.add({ node: { name: '__proto__', tags: ['constructor'] } }),
    );
    await edit.durable;
    const other = await openWorld(world.room, { login: login(builder) });
    expect(other.query({ tag: 'constructor' }).objects.map(({ node }) => node?.name)).toEqual(['__proto__']);
    await other.close();
  });

  test('floats come through exactly', async () => {
    const position = [0.1 + 0.2, -1e-17, 1_234_567.891] as const;
    const edit = world.edit('add', (draft) =>
      draft.add({ transform: { position }, 'acme:physics': { mass: 5e-324, limits: [1e300, { a: -0.5 }] } }),
    );
    await edit.durable;
    const other = await openWorld(world.room, { login: login(builder) });
    const found = other.get(edit.value);
    expect(found?.transform?.position).toEqual(position);
    expect(found?.component('acme:physics')).toEqual({ mass: 5e-324, limits: [1e300, { a: -0.5 }] });
    await other.close();
  });

  test('a visitor’s edit: refused before it is written, with who can help', async () => {
    const guest = await openWorld(world.room, { login: login(visitor) });
    const before = await stateOf(world.room);
    const refusal = expect.objectContaining({
      code: 'forbidden',
      hint: expect.stringContaining(owner.userId),
    });
    expect(() => guest.edit('rename', (draft) => draft.set('statue', { node: { name: 'Mine' } }))).toThrow(
      refusal,
    );
    expect(await errorOf(guest.importGlb(triangleGlb()))).toEqual(refusal);
    expect(await guest.close()).toEqual({ unsaved: 0 });
    expect(await stateOf(world.room)).toBe(before);
  });

  test('an edit whose right was taken away on its way: told, and taken back', async () => {
    const { homeserver: url, token } = builder;
    const { held, letGo } = withHeldWrites(await connectHomeserver({ url, token }));
    const { room } = world;
    const bob = await enterWorld(held, { room, via: [], platform: systemPlatform, signal: undefined });
    const before = await stateOf(room);
    const refused = new Promise<readonly string[]>((resolve) => {
      bob.on('refused', ({ ids }) => resolve(ids));
    });
    const edit = bob.edit('rename', (draft) => draft.set('statue', { node: { name: 'Bob’s' } }));
    const path = `/rooms/${encodeURIComponent(room)}/state/m.room.power_levels/`;
    const levels = await api(owner, 'GET', path);
    await api(owner, 'PUT', path, { ...levels, users: {} });
    letGo();
    expect(await errorOf(edit.durable)).toMatchObject({ name: 'HomeserverError', code: 'forbidden' });
    expect(await refused).toEqual(['statue']);
    expect(bob.query({ name: 'Statue' }).objects).toHaveLength(1);
    expect(await bob.close()).toEqual({ unsaved: 0 });
    expect(await stateOf(room)).toBe(before);
    await api(owner, 'PUT', path, levels);
  });

  test('a .glb that is not one: refused before it is uploaded', async () => {
    const before = await stateOf(world.room);
    const outside = { ...triangleDocument(), images: [{ uri: 'http://127.0.0.1/secret' }] };
    for (const [bytes, code] of [
      [new TextEncoder().encode('solid cube'), 'not-a-glb'],
      [triangleGlb().subarray(0, 40), 'malformed-glb'],
      [makeGlb(outside), 'external-uri'],
    ] as const) {
      expect(await errorOf(world.importGlb(bytes, { name: 'thing' }))).toMatchObject({
        name: 'AssetError',
        code,
      });
    }
    expect(await stateOf(world.room)).toBe(before);
  });

  test('a file that is gone or is another: named errors', async () => {
    const { src } = await world.upload(triangleGlb(), { name: 'a.glb', type: 'model/gltf-binary' });
    const load = (ref: { src?: string; sha256?: string }, maxBytes = 1_000_000) =>
      world.assets.load({ src, ...ref }, { maxBytes, retry: true });
    expect((await load({})).bytes).toEqual(triangleGlb());
    expect(await errorOf(load({ sha256: '0'.repeat(64) }))).toMatchObject({ code: 'wrong-hash' });
    expect(await errorOf(load({}, 10))).toMatchObject({ code: 'too-large' });
    expect(await errorOf(load({ src: `${src}x` }))).toMatchObject({ code: 'missing' });
  });
});

describe('what no homeserver takes is refused here before it is sent, in bundles as in object events', () => {
  async function countOf(type: string): Promise<number> {
    const state: unknown = await api(owner, 'GET', `/rooms/${encodeURIComponent(world.room)}/state`);
    const events: Record<string, unknown>[] = Array.isArray(state) ? state : [];
    return events.filter((event) => event.type === type).length;
  }

  async function verdict(key: string, json: string): Promise<string> {
    const path = `/rooms/${encodeURIComponent(world.room)}/state/acme.test/${encodeURIComponent(key)}`;
    const response = await fetch(`${owner.homeserver}/_matrix/client/v3${path}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${owner.token}` },
      body: json,
    });
    const answer: Record<string, unknown> = await response.json();
    return response.ok ? 'taken' : `${response.status} ${answer.errcode}`;
  }
  const text = (bytes: number) => JSON.stringify({ text: 'x'.repeat(bytes - '{"text":""}'.length) });

  test('the largest bundle is taken; what would be larger goes into a blob', async () => {
    expect(await verdict('large', text(MAX_CONTENT_BYTES))).toBe('taken');
    expect(await verdict('large', text(65_536))).toBe('413 M_TOO_LARGE');
    const add = (count: number) => (draft: EditDraft) => {
      for (let at = 0; at < count; at += 1)
        draft.add({ 'acme:a': { text: randomBytes(750).toString('base64') } });
    };
    expect(world.check(add(40)).cost.events).toBe(1);
    await world.edit('few', add(40)).durable;
    expect(await countOf('world.weft.layer')).toBe(0);
    await world.edit('many', add(90)).durable;
    expect(await countOf('world.weft.layer')).toBe(1);
    expect(world.problems.value).toEqual([]);
  });

  test('names of 255 bytes are taken and of 256 not; none of ours is as long', async () => {
    expect(await verdict('k'.repeat(255), '{}')).toBe('taken');
    expect(await verdict('k'.repeat(256), '{}')).toBe('413 M_TOO_LARGE');
    expect(() => world.edit('a', (draft) => draft.add({ id: 'k'.repeat(65) }))).toThrow(
      expect.objectContaining({ code: 'invalid-id' }),
    );
    expect(() => writerKey(parseUserId(owner.userId), BUNDLE_SLOTS, BUNDLE_SLOTS)).toThrow(
      expect.objectContaining({ code: 'limit' }),
    );
  });

  test('numbers and texts that JSON of Matrix cannot hold', async () => {
    expect(await verdict('float', '{"a":0.5}')).toBe('400 M_BAD_JSON');
    expect(await verdict('large', '{"a":9007199254740992}')).toBe('400 M_BAD_JSON');
    expect(await verdict('surrogate', '{"a":"\\ud800"}')).toMatch(/^(400|500) /);
    for (const value of ['\ud800', '\0', Number.NaN])
      expect(() =>
        world.edit('a', (draft) => {
          for (const id of ['one', 'two']) draft.add({ id, 'acme:a': { b: value } });
        }),
      ).toThrow(expect.objectContaining({ code: 'invalid-value' }));
    expect(() => world.edit('a', (draft) => draft.add(JSON.parse('{"acme:a":{"__proto__":1}}')))).toThrow(
      expect.objectContaining({ code: 'schema' }),
    );
  });

  test('a bundle brings floats, large numbers and odd names through exactly', async () => {
    const edit = world.edit('add', (draft) =>
      [0.1 + 0.2, 2 ** 53, -5e-324, 1e300].map((number) =>
        draft.add({ node: { name: '__proto__' }, 'acme:a': { number, list: [number, { deep: number }] } }),
      ),
    );
    await edit.durable;
    expect(await countOf('world.weft.bundle')).toBeGreaterThan(0);
    const other = await openWorld(world.room, { login: login(builder) });
    const read = edit.value.map((id) => other.get(id)?.component('acme:a')?.number);
    expect(read).toEqual([0.1 + 0.2, 2 ** 53, -5e-324, 1e300]);
    await other.close();
  });
});
