import { newActorId, parseObjectId, parsePath, Replica } from '@weft/core';
import { createWorldRoom, openRoom, type RoomId, type RoomSession } from '@weft/matrix';
import { FakeTimers, SeededRandom } from '@weft/testing';
import { Federation, type TwinHomeserver } from '@weft/testing/homeserver';
import { describe, expect, it } from 'vitest';
import { editOf } from './twin-world.ts';

const NAME = parsePath('node.name');
/** Past every turn of those who repair, and the rarest reading of the state. */
const LONG_MS = 20 * 60_000;

interface Client {
  readonly homeserver: TwinHomeserver;
  readonly replica: Replica;
  readonly session: RoomSession;
}

/** An owner and a member on one homeserver, a builder and a member on another, in one world. */
async function splitWorld({ levelOfFar = 25 } = {}) {
  const timers = new FakeTimers();
  const random = new SeededRandom('split');
  const federation = new Federation({ timers, random: random.fork('federation') });
  const near = federation.add('near.test');
  const far = federation.add('far.test');
  const members = { builder: far.connect('builder'), far: far.connect('far'), near: near.connect('near') };
  const owner = near.connect('owner');
  const users = Object.values(members).map(({ userId }) => userId);
  const room = await createWorldRoom(owner, {
    title: 'Split',
    access: 'private',
    invite: users,
    levels: { ...Object.fromEntries(users.map((user) => [user, 25])), [members.far.userId]: levelOfFar },
    timers,
    random: random.bytes,
  });
  const open = (homeserver: TwinHomeserver) => client(homeserver, room, timers, random);
  const clients = {
    owner: await open(owner),
    builder: await open(members.builder),
    far: await open(members.far),
    near: await open(members.near),
  };
  await timers.advance(2000);
  return {
    timers,
    room,
    clients,
    open,
    split: () => federation.split(['near.test'], ['far.test']),
    async meet() {
      federation.heal();
      await timers.advance(5000);
    },
    async heal() {
      federation.heal();
      await timers.advance(LONG_MS);
    },
    async edit(who: Client, id: string, name: string) {
      who.session.write(editOf(who.replica, id, { 'node.name': name }), 'local');
      await timers.advance(3000);
    },
    names: (id: string) =>
      Object.values(clients).map(({ replica }) => replica.scene.get(parseObjectId(id))?.get(NAME)),
  };
}

async function client(
  homeserver: TwinHomeserver,
  room: RoomId,
  timers: FakeTimers,
  random: SeededRandom,
): Promise<Client> {
  const replica = new Replica({
    actor: newActorId(random.bytes),
    now: () => timers.now() + homeserver.serverOffsetMs(),
  });
  const via = ['near.test'];
  const opening = openRoom({
    homeserver,
    room,
    via,
    replica,
    timers,
    random: random.fork(homeserver.userId).bytes,
  });
  await timers.advance(2000);
  return { homeserver, replica, session: await opening };
}

describe('a builder who loses the right to build while the servers are split', () => {
  const losses = [
    [
      'a demotion',
      async (world: Awaited<ReturnType<typeof splitWorld>>) => {
        const { owner, builder } = world.clients;
        const type = 'm.room.power_levels';
        const levels = await owner.homeserver.readStateEvent(world.room, type, '');
        const users = { ...Object(levels?.users), [builder.homeserver.userId]: 0 };
        const content = JSON.parse(JSON.stringify({ ...levels, users }));
        await owner.homeserver.sendState(world.room, { type, stateKey: '', content });
      },
    ],
    [
      'a ban',
      async (world: Awaited<ReturnType<typeof splitWorld>>) => {
        const { owner, builder } = world.clients;
        const user = builder.homeserver.userId;
        await owner.homeserver.sendState(world.room, {
          type: 'm.room.member',
          stateKey: user,
          content: { membership: 'ban' },
        });
      },
    ],
  ] as const;

  it.each(losses)(
    '[A16] %s: edits from after it are dropped by everyone, what they hid shows again and is kept',
    async (_what, lose) => {
      const world = await splitWorld();
      const { owner, builder, far } = world.clients;
      await world.edit(builder, 'table', 'Durable');
      await world.edit(owner, 'chair', 'Chair');
      expect(world.names('table')).toEqual(Array(4).fill('Durable'));
      world.split();
      await lose(world);
      await world.timers.advance(1000);
      await world.edit(builder, 'table', 'Too late');
      await world.edit(builder, 'lamp', 'Too late');
      expect(far.replica.scene.get(parseObjectId('table'))?.get(NAME)).toBe('Too late');
      expect(owner.replica.scene.get(parseObjectId('table'))?.get(NAME)).toBe('Durable');
      await world.heal();
      // Whom the room shut out hears nothing more of it, and keeps what was seen last.
      const inside = Object.values(world.clients).filter(({ homeserver }) => isIn(world, homeserver));
      const names = (id: string) =>
        new Set(inside.map(({ replica }) => replica.scene.get(parseObjectId(id))?.get(NAME)));
      expect(inside.length).toBeGreaterThanOrEqual(3);
      expect([...names('table'), ...names('lamp'), ...names('chair')]).toEqual([
        'Durable',
        undefined,
        'Chair',
      ]);
      // The room lost the durable value too: somebody who may has written it again.
      const hashes = inside.map(({ replica }) => replica.setHash());
      const held = await owner.homeserver.readStateEvent(world.room, 'world.weft.object', 'table');
      expect(held).toMatchObject({ node: { name: 'Durable' } });
      expect(new Set(hashes).size).toBe(1);
    },
  );

  it.each(losses)('[A16] %s: nor are they shown to whoever comes then', async (_what, lose) => {
    const world = await splitWorld();
    const { builder, far } = world.clients;
    await world.edit(builder, 'table', 'Durable');
    world.split();
    await lose(world);
    await world.timers.advance(1000);
    await world.edit(builder, 'lamp', 'Too late');
    await world.edit(builder, 'lamp', 'Too late again');
    await world.meet();
    // Before anybody has written anything again: the last that the homeserver tells of is what came too late.
    const late = await world.open(far.homeserver);
    expect(late.replica.scene.get(parseObjectId('lamp'))).toBeUndefined();
    expect(late.session.problems).toEqual([]);
  });

  it('[A16] edits from before it count, wherever they were made', async () => {
    const world = await splitWorld();
    const { builder } = world.clients;
    world.split();
    await world.edit(builder, 'table', 'In time');
    await losses[0][1](world);
    await world.heal();
    expect(world.names('table')).toEqual(Array(4).fill('In time'));
  });
});

describe('what two moderators redact on two sides of a split', () => {
  it('[A11] is gone for everybody once they meet, and what was written since is there', async () => {
    const world = await splitWorld({ levelOfFar: 50 });
    const { owner, builder, far, near } = world.clients;
    await world.edit(builder, 'spam', 'Spam');
    await world.edit(near, 'table', 'Table');
    world.split();
    // Each side writes on it once more before, so that the two do not even redact the same event.
    await world.edit(builder, 'spam', 'Spam again');
    const redact = async ({ homeserver, session }: Client) => {
      const [event] = session.state('world.weft.object').filter(({ stateKey }) => stateKey === 'spam');
      if (event === undefined) throw new Error('no event');
      await homeserver.redact(world.room, event.id, '');
      return event.id;
    };
    const [first, second] = [await redact(owner), await redact(far)];
    expect(first).not.toBe(second);
    await world.timers.advance(90_000);
    await world.edit(near, 'table', 'Larger table');
    await world.edit(near, 'spam', 'Something else');
    await world.heal();
    expect(world.names('spam')).toEqual(Array(4).fill('Something else'));
    expect(world.names('table')).toEqual(Array(4).fill('Larger table'));
    const clients = Object.values(world.clients);
    expect(new Set(clients.map(({ replica }) => replica.setHash())).size).toBe(1);
    for (const { session, replica } of clients) {
      expect(JSON.stringify(session.state().map(({ content }) => content))).not.toContain('Spam');
      expect(session.unsaved).toBe(0);
      expect(replica.dirty().size).toBe(0);
    }
    const late = await world.open(owner.homeserver);
    expect(late.replica.setHash()).toBe(owner.replica.setHash());
  });
});

function isIn(world: Awaited<ReturnType<typeof splitWorld>>, { userId }: TwinHomeserver): boolean {
  const { members } = world.clients.owner.session.standing;
  return members.some(({ user, membership }) => user === userId && membership === 'join');
}
