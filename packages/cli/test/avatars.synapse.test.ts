import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { type Account, synapse } from '@weft/testing/synapse';
import { type Avatar, createWorld, type Me, openWorld, type World } from '@weft/world';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { RelayProcess } from './relay-process.ts';

const WALK_PROGRAM = resolve(import.meta.dirname, 'walk-program.ts');
const PATIENCE = { timeout: 20_000, interval: 20 };
/** Who is gone is gone within this, in milliseconds. */
const GONE_MS = 2_000;
const UPRIGHT = [0, 0, 0, 1] as const;
const there = (x: number) => ({ position: [x, 0, 0] as const, rotation: UPRIGHT });

let relay: RelayProcess;
let walker: ChildProcess | null = null;
let accounts: Record<'owner' | 'builder' | 'third' | 'fourth', Account>;
let ann: World;
let bob: World;
let annMe: Me;
let bobMe: Me;

const login = ({ homeserver, token }: Account) => ({ homeserver, token });
const seen = (world: World, user: string): Avatar | undefined =>
  world.avatars.value.find((avatar) => avatar.user === user && !avatar.own);
const x = (world: World, user: string) => seen(world, user)?.poseAt()?.body.position[0];

beforeAll(async () => {
  const server = await synapse();
  accounts = {
    owner: await server.account('owner'),
    builder: await server.account('builder'),
    third: await server.account('third'),
    fourth: await server.account('fourth'),
  };
  relay = await RelayProcess.start();
  const { owner, builder, third, fourth } = accounts;
  ann = await createWorld({
    ...{
      login: login(owner),
      title: 'With people',
      invite: [builder, third, fourth].map(({ userId }) => userId),
    },
    levels: { [builder.userId]: 25 },
    relays: [relay.transport],
  });
  bob = await openWorld(ann.room, { login: login(builder) });
  annMe = await ann.enter({
    avatar: { src: 'mxc://example.org/cat', sha256: null, bytes: null, name: 'Cat', height: 1.05 },
  });
  bobMe = await bob.enter();
});

afterAll(async () => {
  walker?.kill('SIGKILL');
  await Promise.all([ann.close(), bob.close()]);
  await relay.stop();
});

describe('people in a world beside a real homeserver', () => {
  test('[AV21] see each other walk, by name, and what each wears', async () => {
    await expect
      .poll(() => [annMe, bobMe].map(({ status }) => status.value.seen), PATIENCE)
      .toEqual(['shown', 'shown']);
    for (let step = 1; step <= 40; step += 1) {
      annMe.pose({ body: there(step * 0.07), state: 'walk' });
      bobMe.pose({ body: there(10 - step * 0.07), state: 'walk' });
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    await expect.poll(() => x(bob, ann.userId), PATIENCE).toBeCloseTo(2.8, 2);
    await expect.poll(() => x(ann, bob.userId), PATIENCE).toBeCloseTo(7.2, 2);
    expect(seen(bob, ann.userId)).toMatchObject({ role: 'owner', state: 'walk', own: false });
    await expect.poll(() => seen(bob, ann.userId)?.model?.name, PATIENCE).toBe('Cat');
    bobMe.leave();
    await expect.poll(() => seen(ann, bob.userId), PATIENCE).toBeUndefined();
    const model = {
      src: 'https://example.org/dog.vrm',
      sha256: null,
      bytes: null,
      name: 'Dog',
      height: null,
    };
    bobMe = await bob.enter({ avatar: model, wearIn: 'profile' });
    await expect.poll(() => seen(ann, bob.userId)?.name, PATIENCE).toBeDefined();
    const fresh = await openWorld(ann.room, { login: login(accounts.third) });
    await expect.poll(() => seen(fresh, bob.userId)?.model?.name, PATIENCE).toBe('Dog');
    await fresh.close();
  });

  test('[AV21] carry one thing one at a time, hand it over, and put it down in the room', async () => {
    const { value: chair } = ann.edit('add', (draft) => draft.add({ transform: { position: [1, 0, 0] } }));
    await expect.poll(() => bob.get(chair) !== undefined, PATIENCE).toBe(true);
    await annMe.grab(chair);
    await expect(bobMe.grab(chair)).rejects.toMatchObject({
      code: 'held',
      got: `one that ${ann.userId} holds`,
    });
    annMe.carry(there(3));
    await expect.poll(() => bob.motion.transformAt(chair)?.position[0], PATIENCE).toBe(3);
    expect(bob.get(chair)?.transform?.position[0]).toBe(1);
    bobMe.on('handed', ({ keep }) => keep());
    await annMe.handOver(chair, seen(ann, bob.userId) ?? expect.fail('nobody'));
    await expect.poll(() => bobMe.carries, PATIENCE).toEqual([chair]);
    bobMe.carry(there(4));
    await expect.poll(() => ann.motion.transformAt(chair)?.position[0], PATIENCE).toBe(4);
    const edit = await bobMe.release();
    await edit?.durable;
    await expect
      .poll(() => [ann.motion.transformAt(chair), ann.get(chair)?.transform?.position[0]], PATIENCE)
      .toEqual([null, 4]);
  });

  test('[AV21] sit on one seat one at a time', async () => {
    const { value: seat } = ann.edit('add', (draft) =>
      draft.add({ seat: { offset: [0, 0.5, 0] }, transform: { position: [2, 0, 0] } }),
    );
    await expect.poll(() => bob.get(seat) !== undefined, PATIENCE).toBe(true);
    const stood: string[] = [];
    annMe.on('unseated', () => stood.push('ann'));
    bobMe.on('unseated', () => stood.push('bob'));
    annMe.sit(seat);
    bobMe.sit(seat);
    await expect.poll(() => stood.length, PATIENCE).toBe(1);
    await expect
      .poll(() => ann.get(seat)?.seat?.occupant === bob.get(seat)?.seat?.occupant, PATIENCE)
      .toBe(true);
    const [sitter, other] = stood[0] === 'ann' ? [bob, annMe] : [ann, bobMe];
    await expect
      .poll(() => [ann, bob].map((world) => world.motion.sitterOf(seat)), PATIENCE)
      .toEqual([sitter.userId, sitter.userId]);
    expect(() => other.sit(seat)).toThrow(expect.objectContaining({ code: 'held' }));
  });

  test('[AV24] sit on one seat one at a time as visitors, and leave it free when their program is gone', async () => {
    const { value: bench } = ann.edit('add', (draft) =>
      draft.add({ node: { locked: true }, seat: { label: 'Rest' }, transform: { position: [5, 0, 0] } }),
    );
    const guests = await Promise.all(
      [accounts.third, accounts.fourth].map((account) => openWorld(ann.room, { login: login(account) })),
    );
    const told: { readonly loser: string; readonly by: string | null }[] = [];
    const sitters = await Promise.all(guests.map((guest) => guest.enter()));
    for (const sitter of sitters)
      sitter.on('unseated', ({ by }) => told.push({ loser: sitter.avatar.user, by }));
    await expect
      .poll(
        () => guests.map((world, at) => [world.get(bench) !== undefined, sitters[at]?.status.value.seen]),
        PATIENCE,
      )
      .toEqual([
        [true, 'shown'],
        [true, 'shown'],
      ]);
    const edits = sitters.map((sitter) => sitter.sit(bench));
    await expect.poll(() => told.length, PATIENCE).toBe(1);
    const sitting = guests.find(({ userId }) => userId !== told[0]?.loser) ?? expect.fail('nobody sits');
    expect(told).toEqual([{ loser: expect.any(String), by: sitting.userId }]);
    await expect
      .poll(() => [ann, bob, ...guests].map((world) => world.motion.sitterOf(bench)), PATIENCE)
      .toEqual(Array(4).fill(sitting.userId));
    await edits[guests.indexOf(sitting)]?.durable;
    const fresh = await openWorld(ann.room, { login: login(accounts.owner), lanes: ['matrix'] });
    expect(fresh.get(bench)?.seat?.occupant).toBe(sitting.userId);
    await fresh.close();
    await sitting.close();
    await expect.poll(() => ann.motion.sitterOf(bench), PATIENCE).toBeNull();
    const other = guests.find((guest) => guest !== sitting)?.motion.me ?? expect.fail('nobody is left');
    await expect.poll(() => ann.avatars.value.length, PATIENCE).toBe(3);
    other.sit(bench);
    await expect.poll(() => ann.motion.sitterOf(bench), PATIENCE).toBe(told[0]?.loser);
    await Promise.all(guests.map((guest) => guest.close()));
  });

  test(`[AV21] are gone in ${GONE_MS} ms when their program is killed, and all when the relay is`, async () => {
    const { third } = accounts;
    walker = spawn(process.execPath, [WALK_PROGRAM, third.homeserver, third.token, ann.room], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (walker.stdout !== null) await once(walker.stdout, 'data');
    await expect.poll(() => (x(ann, third.userId) ?? 0) > 0.5, PATIENCE).toBe(true);
    const departed: Avatar[] = [];
    ann.on('departed', (avatar) => departed.push(avatar));
    walker.kill('SIGKILL');
    const killedMs = performance.now();
    await expect.poll(() => departed.map(({ user }) => user), PATIENCE).toEqual([third.userId]);
    expect(performance.now() - killedMs).toBeLessThan(GONE_MS);
    relay.kill();
    await relay.ended;
    await expect.poll(() => [ann, bob].map((world) => world.avatars.value.length), PATIENCE).toEqual([1, 1]);
    expect(annMe.status.value.seen).toBe('away');
    await relay.startAgain();
    await expect.poll(() => [ann, bob].map((world) => world.avatars.value.length), PATIENCE).toEqual([2, 2]);
  });
});
