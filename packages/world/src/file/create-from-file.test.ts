import {
  isPersonalObjectId,
  newActorId,
  type ObjectId,
  parseObjectId,
  parsePath,
  parseTime,
  patchOf,
} from '@weft/core';
import { HomeserverError, parseRoomAlias, type RoomId } from '@weft/matrix';
import { describe, expect, test } from 'vitest';
import { TwinWorlds } from '../../test/twin-worlds.ts';
import { systemPlatform } from '../platform.ts';
import type { World } from '../world.ts';
import { createWorldOfFile, type WorldFromFile } from './create-from-file.ts';
import { readFileSource } from './file-source.ts';
import { openFile } from './open-file.ts';

const SLOW_MS = 120_000;
const OBJECTS = 30;
const ALIAS = parseRoomAlias('#copy:twin.test');
const ACTOR = newActorId(systemPlatform.random);

async function settle(twin: TwinWorlds): Promise<void> {
  await twin.timers.advance(20_000);
}

function rule(
  twin: TwinWorlds,
  room: RoomId,
  stateKey: string,
  content: { readonly [name: string]: string | number },
) {
  return twin.homeserver('ann').sendState(room, { type: 'world.weft.rule', stateKey, content });
}

/** A world with rules, one of which hides an object, a declared component, and objects that were deleted and purged. */
async function plaza(
  twin: TwinWorlds,
): Promise<{ ann: World; lamp: ObjectId; gone: ObjectId; purged: ObjectId }> {
  const ann = await twin.create('ann');
  const [lamp, gone, purged] = ann.edit('furnish', (draft) => {
    const table = draft.add({ node: { name: 'Table' } });
    for (let at = 0; at < OBJECTS; at += 1) draft.add({ node: { name: `Cup ${at}` }, parent: table });
    draft.add({ node: { name: 'Sun' }, light: { intensity: 9 } });
    return [
      draft.add({ node: { name: 'Lamp' }, light: { intensity: 1 }, 'acme:door': { open: true } }),
      draft.add({ node: { name: 'Gone' } }),
      draft.add({ node: { name: 'Spam' } }),
    ] as const;
  }).value;
  ann.edit('remove', (draft) => draft.remove(gone));
  await settle(twin);
  await rule(twin, ann.room, 'dim', { kind: 'range', property: 'light.intensity', max: 5 });
  await twin.homeserver('ann').sendState(ann.room, {
    type: 'world.weft.component',
    stateKey: 'acme:door',
    content: { title: 'Door', schema: { type: 'object', properties: { open: { type: 'boolean' } } } },
  });
  await twin
    .homeserver('ann')
    .sendState(ann.room, { type: 'world.weft.object', stateKey: purged, content: {} });
  await settle(twin);
  return { ann, lamp, gone, purged };
}

function make(twin: TwinWorlds, user: string, bytes: Uint8Array, options: WorldFromFile = {}) {
  const platform = { timers: twin.timers, random: systemPlatform.random };
  return createWorldOfFile(twin.homeserver(user), readFileSource(bytes), options, platform);
}

function expectRules(world: World, lamp: ObjectId): void {
  expect(() => world.edit('x', (draft) => draft.set(lamp, { light: { intensity: 6 } }))).toThrow(
    expect.objectContaining({ code: 'rule', rule: 'dim' }),
  );
  expect(() => world.edit('x', (draft) => draft.set(lamp, { 'acme:door': { open: 'wide' } }))).toThrow(
    expect.objectContaining({ code: 'schema' }),
  );
}

describe('a world that is made from a file', () => {
  test.each(['weft', 'json'] as const)(
    '[Y8] shows the same under the same rules, to its maker and to who comes later (%s)',
    async (format) => {
      const twin = new TwinWorlds();
      const { ann, lamp, gone, purged } = await plaza(twin);
      const bytes = ann.export({ format });
      expect(openFile(bytes).hash()).toBe(ann.hash());
      const bob = twin.homeserver('bob').userId;
      const made = await twin.run(
        make(twin, 'cid', bytes, { alias: 'copy', invite: [bob], levels: { [bob]: 25 } }),
      );
      expect([made.problems, made.continued, made.world.title]).toEqual([[], false, 'Plaza']);
      const late = await twin.open('bob', made.world.room);
      for (const world of [made.world, late]) {
        expect(world.hash()).toBe(ann.hash());
        expect(world.authorsOf(lamp)).toEqual(ann.authorsOf(lamp));
        expect(world.toPatch().objects.get(gone)?.registers).toEqual(
          ann.toPatch().objects.get(gone)?.registers,
        );
        expect(world.toPatch().objects.has(purged)).toBe(false);
        expectRules(world, lamp);
        expect(openFile(world.export({ format })).info.policy).toEqual(openFile(bytes).info.policy);
      }
      expect([...late.objects()].some(({ node }) => node?.name === 'Sun')).toBe(false);
    },
  );

  test('[Y8] takes the title that is asked for, and stands beside one that was changed since it was made', async () => {
    const twin = new TwinWorlds();
    const { ann } = await plaza(twin);
    const bytes = ann.export();
    const first = await twin.run(make(twin, 'ann', bytes));
    const same = await twin.run(make(twin, 'ann', bytes));
    expect([same.continued, same.world.room]).toEqual([true, first.world.room]);
    await twin.run(first.world.edit('more', (draft) => draft.add({ node: { name: 'More' } })).durable);
    await settle(twin);
    const second = await twin.run(make(twin, 'ann', bytes));
    const third = await twin.run(make(twin, 'ann', bytes, { title: 'Mine' }));
    expect([first, second, third].map(({ continued, world }) => [continued, world.title])).toEqual([
      [false, 'Plaza'],
      [false, 'Plaza'],
      [false, 'Mine'],
    ]);
    expect(new Set([ann, first.world, second.world, third.world].map(({ room }) => room)).size).toBe(4);
  });

  test.each(['lost', 'answer-lost'] as const)(
    '[Y8] is gone on with after it was cut short at any request (%s), in one room',
    async (kind) => {
      let requests = 1;
      let cuts = 0;
      let continued = 0;
      for (let after = 0; after < requests; after += 1) {
        const twin = new TwinWorlds();
        const { ann, lamp } = await plaza(twin);
        const [hash, bytes] = [ann.hash(), ann.export()];
        await twin.run(ann.close());
        const before = twin.server.log.length;
        const passing = Array.from({ length: after }, () => ({ kind: 'none' }) as const);
        twin.homeserver('ann').faults.add(...passing, { kind });
        const first = await twin.run(
          make(twin, 'ann', bytes, { alias: 'copy' }).catch((error: unknown) => {
            if (error instanceof HomeserverError) return null;
            throw error;
          }),
        );
        requests = Math.max(requests, first === null ? after + 2 : twin.server.log.length - before);
        await settle(twin);
        if (first !== null) continue;
        cuts += 1;
        const again = await twin.run(make(twin, 'ann', bytes, { alias: 'copy' }));
        if (again.continued) continued += 1;
        expect(again.world.hash()).toBe(hash);
        expectRules(again.world, lamp);
        const homeserver = twin.homeserver('ann');
        expect((await homeserver.resolveAlias(ALIAS)).room).toBe(again.world.room);
      }
      expect(cuts).toBeGreaterThan(2);
      expect(continued).toBeGreaterThan(0);
    },
    SLOW_MS,
  );

  test('[Y8] leaves out personal objects and says so; one from the future is refused before a room is made', async () => {
    const twin = new TwinWorlds();
    const own = parseObjectId('u_0123456789012345678901_hat');
    expect(isPersonalObjectId(own)).toBe(true);
    const at = (ms: number, id: ObjectId) =>
      patchOf({
        registers: [
          {
            id,
            path: parsePath('node.name'),
            register: { value: 'Hat', stamp: { time: parseTime(ms * 2048), actor: ACTOR } },
          },
        ],
      });
    const file = (patch: ReturnType<typeof at>) => ({ patch, info: {}, problems: [] });
    const platform = { timers: twin.timers, random: systemPlatform.random };
    const make = (patch: ReturnType<typeof at>) =>
      createWorldOfFile(twin.homeserver('ann'), file(patch), {}, platform);
    const { world, problems } = await twin.run(make(at(1000, own)));
    expect([[...world.ids()], problems]).toEqual([[], [expect.objectContaining({ carrier: own })]]);
    expect(world.title).toBe('A world');
    const rooms = twin.writes();
    const ahead = at(twin.timers.now() + 3_600_000, parseObjectId('lamp'));
    expect(await twin.errorOf(make(ahead))).toMatchObject({ code: 'bad-file' });
    expect(twin.writes()).toBe(rooms);
  });
});

test('[Y9] importing a file takes none of its rules, and says so', async () => {
  const twin = new TwinWorlds();
  const { ann, lamp } = await plaza(twin);
  const other = await twin.create('ann', { title: 'Other' });
  const edit = other.import(ann.export(), { as: 'merge' });
  expect(edit.value.unusedPolicy).toBe(2);
  await twin.run(edit.durable);
  other.edit('brighter', (draft) => draft.set(lamp, { light: { intensity: 60 } }));
  await settle(twin);
  expect(openFile(other.export()).info.policy).toEqual({ world: { version: 1, title: 'Other' } });
  const third = await twin.create('ann', { title: 'Third' });
  expect(ann.checkImport(third.export(), { as: 'copy' }).unusedPolicy).toBe(0);
});

test('[Y9] a moment of the past is written with the rules of then', async () => {
  const twin = new TwinWorlds();
  const { ann } = await plaza(twin);
  const then = twin.timers.now();
  await twin.timers.advance(60_000);
  await rule(twin, ann.room, 'few', { kind: 'limit', count: 100 });
  await settle(twin);
  const moment = await twin.run(ann.at(then));
  expect(Object.keys(openFile(moment.export()).info.policy?.rules ?? {})).toEqual(['dim']);
  expect(Object.keys(openFile(ann.export()).info.policy?.rules ?? {})).toEqual(['dim', 'few']);
});
