import { type Account, synapse } from '@weft/testing/synapse';
import { createWorld, type ObjectId, openWorld, type World } from '@weft/world';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RelayProcess } from './relay-process.ts';

const PATIENCE = { timeout: 20_000, interval: 20 };

let relay: RelayProcess;
let owner: Account;
let builder: Account;
let visitor: Account;
let ann: World;
let bob: World;

const login = ({ homeserver, token }: Account) => ({ homeserver, token });
const add = (world: World, name: string) => world.edit('add', (draft) => draft.add({ node: { name } }));
const nameOf = (world: World, id: ObjectId) => world.get(id)?.node?.name;
const lanes = () => [ann.status.value.lane, bob.status.value.lane];

beforeAll(async () => {
  const server = await synapse();
  owner = await server.account('owner');
  builder = await server.account('builder');
  visitor = await server.account('visitor');
  relay = await RelayProcess.start();
  ann = await createWorld({
    ...{
      login: login(owner),
      title: 'On a relay',
      levels: { [builder.userId]: 25 },
      invite: [builder.userId, visitor.userId],
    },
    relays: [relay.transport],
  });
  bob = await openWorld(ann.room, { login: login(builder) });
});

afterAll(async () => {
  await Promise.all([ann.close(), bob.close()]);
  await relay.stop();
});

describe('worlds on a relay beside a real homeserver', () => {
  test('[LW12] an edit is seen before the room has it, held by the relay, then durable, and told once', async () => {
    await expect.poll(lanes, PATIENCE).toEqual(['relay', 'relay']);
    const origins: string[] = [];
    const stop = bob.on('change', ({ origin, added }) => origins.push(...added.map(() => origin)));
    const edit = add(ann, 'Lamp');
    await edit.held;
    await expect.poll(() => nameOf(bob, edit.value), PATIENCE).toBe('Lamp');
    expect(bob.authorsOf(edit.value)).toEqual([ann.userId]);
    await edit.durable;
    await expect.poll(() => bob.stage(edit.value), PATIENCE).toBe('durable');
    stop();
    expect(origins).toEqual(['live']);
    expect(ann.people.value.filter(({ live }) => live).map(({ user }) => user)).toEqual(
      expect.arrayContaining([ann.userId, bob.userId]),
    );
  });

  test('[LW11] what is said comes once, and named messages come at all', async () => {
    const heard: unknown[] = [];
    bob.on('said', ({ user, text }) => heard.push([user, text]));
    bob.on('event', ({ user, name, data }) => heard.push([user, name, data]));
    await ann.say('Hello');
    expect(ann.emit(null, 'ring', { times: 3 })).toBe(true);
    await expect.poll(() => heard.length, PATIENCE).toBe(2);
    await bob.say('Hi');
    await expect.poll(() => heard.length, PATIENCE).toBe(3);
    expect(heard).toEqual([
      [ann.userId, 'Hello'],
      [ann.userId, 'ring', { times: 3 }],
      [bob.userId, 'Hi'],
    ]);
  });

  test('[LW14] a visitor moves what is grabbable, and the relay brings it to the room as theirs', async () => {
    const cid = await openWorld(ann.room, { login: login(visitor) });
    const chair = ann.edit('add', (draft) => draft.add({ interact: { grabbable: true } }));
    await expect
      .poll(() => [cid.status.value.lane, cid.get(chair.value) !== undefined], PATIENCE)
      .toEqual(['relay', true]);
    const grab = (x: number) =>
      cid.edit('grab', (draft) => draft.set(chair.value, { transform: { position: [x, 0.5, 0] } }));
    const edit = grab(1);
    await expect.poll(() => bob.get(chair.value)?.transform?.position, PATIENCE).toEqual([1, 0.5, 0]);
    await edit.held;
    await edit.durable;
    expect(() => cid.edit('name', (draft) => draft.set(chair.value, { node: { name: 'Mine' } }))).toThrow();
    const fresh = await openWorld(ann.room, { login: login(owner), lanes: ['matrix'] });
    expect(fresh.get(chair.value)?.transform?.position).toEqual([1, 0.5, 0]);
    expect(fresh.authorsOf(chair.value)).toContain(cid.userId);
    await fresh.close();
    await cid.close();
  });

  test('[LW12] a relay that is killed loses nothing that it held; edits go on with the room, then with it again', async () => {
    const held = Array.from({ length: 20 }, (_, at) => add(at % 2 === 0 ? ann : bob, `held ${at}`));
    await Promise.all(held.map((edit) => edit.held));
    relay.kill();
    await relay.ended;
    await expect.poll(lanes, PATIENCE).toEqual(['matrix', 'matrix']);
    const meanwhile = add(ann, 'meanwhile');
    await meanwhile.durable;
    await expect.poll(() => nameOf(bob, meanwhile.value), PATIENCE).toBe('meanwhile');
    const startedMs = performance.now();
    await relay.startAgain();
    await expect.poll(lanes, PATIENCE).toEqual(['relay', 'relay']);
    expect(performance.now() - startedMs).toBeLessThan(20_000);
    const after = add(bob, 'after');
    await after.held;
    await expect.poll(() => nameOf(ann, after.value), PATIENCE).toBe('after');
    await Promise.all([...held, meanwhile, after].map((edit) => edit.durable));
    await expect.poll(() => ann.hash() === bob.hash(), PATIENCE).toBe(true);
    const fresh = await openWorld(ann.room, { login: login(owner), lanes: ['matrix'] });
    expect(fresh.hash()).toBe(ann.hash());
    await fresh.close();
  });
});
