import {
  newActorId,
  newObjectId,
  type Patch,
  parsePath,
  patchOf,
  type RandomBytes,
  timeFromMs,
} from '@weft/core';
import { type CreateWorldRoomOptions, createWorldRoom, MAX_SEED_OBJECTS, parseRoomAlias } from '@weft/matrix';
import { FakeTimers, SeededRandom } from '@weft/testing';
import { TwinServer } from '@weft/testing/homeserver';
import { describe, expect, it } from 'vitest';

const OTHER = '@other:twin.test';

function start() {
  const timers = new FakeTimers();
  const random = new SeededRandom('create').bytes;
  const server = new TwinServer({ timers });
  const homeserver = server.connect('owner');
  const create = (options: Partial<CreateWorldRoomOptions> = {}) =>
    createWorldRoom(homeserver, { title: 'Plaza', access: 'private', timers, random, ...options });
  return { timers, server, homeserver, random, create };
}

function seedOf(size: number, random: RandomBytes): Patch {
  const stamp = { time: timeFromMs(Date.UTC(2026, 0, 1)), actor: newActorId(random) };
  const register = { value: 'Seed', stamp };
  const path = parsePath('node.name');
  return patchOf({
    registers: Array.from({ length: size }, () => ({ id: newObjectId(random), path, register })),
  });
}

describe('creating a world', () => {
  it('makes one room where the answer is lost', async () => {
    const { timers, server, homeserver, create } = start();
    homeserver.faults.add({ kind: 'none' }, { kind: 'answer-lost' });
    const creating = create();
    await timers.advance(10_000);
    expect(server.roomsOf(homeserver.userId)).toEqual([await creating]);
  });

  it('finds its room among others that were made meanwhile', async () => {
    const { timers, server, homeserver, create } = start();
    homeserver.faults.add({ kind: 'none' }, { kind: 'answer-lost' });
    const creating = create({ title: 'Mine' });
    await timers.advance(0);
    const other = await server.connect('owner').createRoom({
      name: 'Other',
      access: 'private',
      roomVersion: '12',
      creation: { type: 'world.weft' },
      aliasLocalpart: null,
      invite: [],
      powerLevels: {},
      initialState: [],
    });
    await timers.advance(10_000);
    const room = await creating;
    expect(room).not.toBe(other);
    expect(server.room('look', room).current('m.room.name', '')?.content).toEqual({ name: 'Mine' });
  });

  it('passes the failure on where no room was made', async () => {
    const { timers, homeserver, server, create } = start();
    homeserver.faults.add({ kind: 'none' }, { kind: 'lost' });
    const creating = create().catch((error: unknown) => error);
    await timers.advance(60_000);
    expect(await creating).toMatchObject({ code: 'unreachable' });
    expect(server.roomsOf(homeserver.userId)).toEqual([]);
    expect(timers.pending).toBe(0);
  });

  it('puts the seed, the title and the levels in place', async () => {
    const { server, homeserver, random, create } = start();
    const other = server.connect('other').userId;
    const room = server.room(
      'look',
      await create({
        seed: seedOf(MAX_SEED_OBJECTS, random),
        levels: { [other]: 25, [homeserver.userId]: 100 },
      }),
    );
    expect(room.state.filter(({ type }) => type === 'world.weft.object')).toHaveLength(MAX_SEED_OBJECTS);
    expect(room.current('world.weft.world', '')?.content).toEqual({ version: 1, title: 'Plaza' });
    // The creator has every power without a number, and version 12 refuses a list that names them.
    expect(room.current('m.room.power_levels', '')?.content.users).toEqual({ [OTHER]: 25 });
  });

  it('refuses one object too many, a title too long and an alias of another server before any request', async () => {
    const { server, random, create } = start();
    await expect(create({ seed: seedOf(MAX_SEED_OBJECTS + 1, random) })).rejects.toMatchObject({
      code: 'limit',
    });
    await expect(create({ title: 'x'.repeat(256) })).rejects.toMatchObject({ code: 'limit' });
    await expect(create({ title: ' ' })).rejects.toMatchObject({ code: 'limit' });
    await expect(create({ alias: '#plaza:elsewhere.org' })).rejects.toMatchObject({ code: 'invalid-id' });
    expect(server.log).toEqual([]);
  });

  it('gives the alias by its name alone or whole', async () => {
    const { homeserver, create } = start();
    const room = await create({ alias: 'plaza' });
    await expect(create({ alias: '#plaza:twin.test' })).rejects.toMatchObject({ code: 'in-use' });
    expect((await homeserver.resolveAlias(parseRoomAlias('#plaza:twin.test'))).room).toBe(room);
  });
});
