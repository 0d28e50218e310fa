import { AssetError, type PublishedAsset, refuseThumbnail } from '@weft/assets';
import { type ChangeSet, type ObjectId, parsePath } from '@weft/core';
import { HomeserverError, OBJECT_EVENT, RULE_EVENT, WORLD_ROOM_TYPE, WORLD_ROOM_VERSION } from '@weft/matrix';
import { triangleGlb } from '@weft/testing/gltf';
import { describe, expect, test } from 'vitest';
import { TwinWorlds } from '../test/twin-worlds.ts';
import type { World } from './world.ts';

function changesOf(world: World): ChangeSet[] {
  const changes: ChangeSet[] = [];
  world.on('change', (change) => changes.push(change));
  return changes;
}

const addChair = (world: World, name = 'Chair') =>
  world.edit('add', (draft) => draft.add({ node: { name } }));
const rename = (world: World, id: ObjectId, name: string) =>
  world.edit('rename', (draft) => draft.set(id, { node: { name } }));
const nameOf = (world: World, id: ObjectId) => world.get(id)?.node?.name;

describe('two people', () => {
  test('see each other and what the other does', async () => {
    const twin = new TwinWorlds();
    const { ann, bob } = await twin.three();
    expect(ann.title).toBe('Plaza');
    expect(ann.link).toBe(`matrix:roomid/${ann.room.slice(1)}?via=twin.test`);
    expect(ann.people.value.map(({ user, role, membership }) => [user, role, membership])).toEqual([
      ['@ann:twin.test', 'owner', 'join'],
      ['@bob:twin.test', 'builder', 'join'],
      ['@cid:twin.test', 'visitor', 'join'],
    ]);
    expect(ann.status.value).toEqual({
      graph: 'ready',
      lane: 'matrix',
      laneDetail: expect.stringMatching(/room alone/),
      connecting: false,
      role: 'owner',
      readOnly: null,
      unsaved: 0,
      notKept: expect.stringMatching(/without a store/),
      replacement: null,
      quarantined: 0,
      incomplete: 0,
    });

    const changes = changesOf(bob);
    const edit = ann.edit('add', (draft) =>
      draft.add({ node: { name: 'Lamp', kind: 'lamp' }, transform: { position: [0.1, -1.5e-7, 1e6] } }),
    );
    expect(nameOf(ann, edit.value)).toBe('Lamp');
    await twin.run(edit.durable);
    await twin.timers.advance(1_000);
    expect(changes).toMatchObject([{ origin: 'matrix', added: [edit.value], removed: [] }]);
    expect(bob.get(edit.value)?.transform?.position).toEqual([0.1, -1.5e-7, 1e6]);
    expect(bob.query({ kind: 'lamp' }).objects.map(({ id }) => id)).toEqual([edit.value]);
    expect([...bob.objects()].map(({ id }) => id)).toEqual([edit.value]);
    expect(bob.children(bob.get(edit.value)?.parent ?? edit.value)).toEqual([edit.value]);
  });

  test('an edit goes from local to durable, and says so', async () => {
    const twin = new TwinWorlds();
    const world = await twin.create('ann');
    const stages: string[] = [];
    world.on('stage', (ids) => stages.push(...ids.map((id) => world.stage(id))));
    let unsaved: number[] = [];
    world.status.subscribe(() => {
      unsaved = [...unsaved, world.status.value.unsaved];
    });
    const edit = addChair(world);
    expect([world.stage(edit.value), world.status.value.unsaved]).toEqual(['local', 1]);
    await twin.run(edit.durable);
    expect([world.stage(edit.value), world.status.value.unsaved]).toEqual(['durable', 0]);
    expect(stages).toEqual(['local', 'durable']);
    expect(unsaved).toEqual([1, 0]);
  });

  test('a seed is there from the first moment', async () => {
    const twin = new TwinWorlds();
    const world = await twin.create('ann', {
      seed: (draft) => {
        const table = draft.add({ key: 'table', node: { name: 'Table' } });
        draft.add({ parent: table, node: { name: 'Cup' } });
      },
    });
    const [table] = world.query({ name: 'Table' }).objects;
    expect(table?.children).toHaveLength(1);
    expect(world.status.value.unsaved).toBe(0);
  });
});

describe('an edit is all or nothing', () => {
  test.each<[string, string, (world: World, chair: ObjectId) => unknown]>([
    [
      'a value that its schema refuses',
      'schema',
      (world, chair) =>
        world.edit('move', (draft) => {
          draft.set(chair, { node: { name: 'Moved' } });
          draft.set(chair, { transform: { position: [Number.MAX_VALUE, 0, 0] } });
        }),
    ],
    [
      'NaN',
      'invalid-value',
      (world, chair) =>
        world.edit('move', (draft) => draft.set(chair, { transform: { position: [Number.NaN, 0, 0] } })),
    ],
    [
      'a value over 4 KiB',
      'limit',
      (world, chair) =>
        world.edit('write', (draft) => draft.set(chair, { 'acme:note': { text: 'x'.repeat(4_096) } })),
    ],
    [
      'an object over 8 KiB',
      'limit',
      (world, chair) =>
        world.edit('write', (draft) =>
          draft.set(chair, {
            'acme:note': { a: 'x'.repeat(3_000), b: 'x'.repeat(3_000), c: 'x'.repeat(3_000) },
          }),
        ),
    ],
    [
      'an id with illegal characters',
      'invalid-id',
      (world) => world.edit('add', (draft) => draft.add({ id: 'a b' })),
    ],
    [
      '__proto__ as an id',
      'invalid-id',
      (world) => world.edit('add', (draft) => draft.add({ id: '__proto__' })),
    ],
    [
      '__proto__ as a property',
      'schema',
      (world, chair) =>
        world.edit('write', (draft) => draft.set(chair, { 'acme:x': JSON.parse('{"__proto__":1}') })),
    ],
    [
      '__proto__ as a component',
      'schema',
      (world, chair) =>
        world.edit('write', (draft) => draft.set(chair, JSON.parse('{"__proto__":{"polluted":1}}'))),
    ],
    [
      '__proto__ within a value',
      'invalid-value',
      (world, chair) =>
        world.edit('write', (draft) => draft.set(chair, { 'acme:x': { y: JSON.parse('{"__proto__":1}') } })),
    ],
    [
      'an object that is not there',
      'unknown-object',
      (world, chair) =>
        world.edit('move', (draft) => {
          draft.remove(chair);
          draft.move(chair, { into: 'nowhere' });
        }),
    ],
    ['a cycle', 'cycle', (world, chair) => world.edit('move', (draft) => draft.move(chair, { into: chair }))],
  ])('%s: %s', async (_, code, attempt) => {
    const twin = new TwinWorlds();
    const world = await twin.create('ann');
    const chair = addChair(world);
    await twin.run(chair.durable);
    const [before, writes] = [world.get(chair.value), twin.writes()];
    const changes = changesOf(world);
    expect(() => attempt(world, chair.value)).toThrow(expect.objectContaining({ name: 'WeftError', code }));
    await twin.timers.advance(10_000);
    expect(world.get(chair.value)).toBe(before);
    expect(changes).toEqual([]);
    expect(twin.writes()).toBe(writes);
    expect(world.status.value.unsaved).toBe(0);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
    expect('polluted' in {}).toBe(false);
  });

  test('an edit that changes nothing is durable at once and is no step of undo', async () => {
    const twin = new TwinWorlds();
    const world = await twin.create('ann');
    const edit = world.edit('look', () => 7);
    expect([edit.value, edit.ids, world.canUndo]).toEqual([7, [], false]);
    await edit.durable;
  });

  test('check tries an edit out', async () => {
    const twin = new TwinWorlds();
    const world = await twin.create('ann');
    const { value } = world.check((draft) => draft.add({ node: { name: 'Ghost' } }));
    expect(world.get(value)).toBeUndefined();
    expect(() => world.check((draft) => draft.remove(value))).toThrow(/unknown or hidden/);
    expect([world.canUndo, world.status.value.unsaved]).toEqual([false, 0]);
  });

  test('[W29] check tells the events and bytes that an edit costs', async () => {
    const twin = new TwinWorlds();
    const world = await twin.create('ann');
    const costOf = (count: number) =>
      world.check((draft) => {
        for (let at = 0; at < count; at += 1) draft.add({ node: { name: `Lamp ${at}` } });
      }).cost;
    expect(costOf(0)).toEqual({ events: 0, bytes: 0 });
    const [one, some, many] = [costOf(1), costOf(500), costOf(5000)];
    expect([one.events, some.events, many.events]).toEqual([1, 1, 1]);
    expect(one.bytes).toBeGreaterThan(100);
    expect(some.bytes).toBeLessThan(61_440);
    expect(many.bytes).toBeGreaterThan(61_440);
    const log = twin.server.log.length;
    const lamp = world.edit('add', (draft) => draft.add({ node: { name: 'Lamp 0' } }));
    await twin.timers.advance(1000);
    await lamp.durable;
    const written = twin.server.log.slice(log).filter((line) => line.includes(' write '));
    expect(written).toHaveLength(one.events);
    const { content } = twin.server.room('look', world.room).current('world.weft.object', lamp.value) ?? {};
    // Equal but for the order of creation, which is part of the content.
    expect(Math.abs(JSON.stringify(content).length - one.bytes)).toBeLessThan(20);
  });

  test('[W28] a checkpoint is for stewards', async () => {
    const twin = new TwinWorlds();
    const world = await twin.create('ann');
    world.edit('add', (draft) => draft.add({ node: { name: 'Lamp' } }));
    const done = world.checkpoint();
    await twin.timers.advance(2000);
    await done;
    const layers = twin.server
      .room('look', world.room)
      .state.filter(({ type }) => type === 'world.weft.layer');
    expect(layers).toHaveLength(1);
  });
});

describe('undo and redo', () => {
  test('travel like any edit', async () => {
    const twin = new TwinWorlds();
    const { ann, bob } = await twin.three();
    const chair = addChair(ann);
    rename(ann, chair.value, 'Throne');
    const changes = changesOf(ann);
    expect([ann.undo(), nameOf(ann, chair.value), ann.canRedo]).toEqual([true, 'Chair', true]);
    expect(changes).toMatchObject([{ origin: 'undo' }]);
    await twin.timers.advance(5_000);
    expect(nameOf(bob, chair.value)).toBe('Chair');
    expect([ann.redo(), nameOf(ann, chair.value)]).toEqual([true, 'Throne']);
    expect([ann.undo(), ann.undo(), ann.get(chair.value)]).toEqual([true, true, undefined]);
    expect(ann.undo()).toBe(false);
    await twin.timers.advance(5_000);
    expect(bob.get(chair.value)).toBeUndefined();
  });

  test('edits under one key are one step', async () => {
    const twin = new TwinWorlds();
    const world = await twin.create('ann');
    const chair = addChair(world);
    for (const x of [1, 2, 3]) {
      world.edit('drag', (draft) => draft.set(chair.value, { transform: { position: [x, 0, 0] } }), {
        coalesce: 'drag-1',
      });
    }
    const position = parsePath('transform.position');
    expect(world.valueAt(chair.value, position)).toEqual([3, 0, 0]);
    world.undo();
    expect(world.get(chair.value)?.transform).toBeUndefined();
    expect(world.valueAt(chair.value, position)).toBeUndefined();
  });

  test('never bring back what was redacted', async () => {
    const twin = new TwinWorlds();
    const { ann, bob } = await twin.three();
    const chair = addChair(bob);
    await twin.run(chair.durable);
    const event = twin.server.room('find', ann.room).current(OBJECT_EVENT, chair.value);
    if (event === undefined) throw new TypeError('no event');
    await twin.run(twin.homeserver('ann').redact(ann.room, event.event_id, 'spam'));
    await twin.timers.advance(10_000);
    expect(bob.get(chair.value)).toBeUndefined();
    expect([bob.undo(), bob.redo()]).toEqual([false, false]);
  });
});

describe('undo under rules', () => {
  test('[U8] is refused with the rule and what is in the way, and done when the way is free', async () => {
    const twin = new TwinWorlds();
    const { ann, bob } = await twin.three();
    const first = bob.edit('hang a lamp', (draft) => draft.add({ node: { kind: 'lamp' } }));
    bob.edit('take it down', (draft) => draft.remove(first.value));
    const second = ann.edit('hang another', (draft) => draft.add({ node: { kind: 'lamp' } }));
    const content = { kind: 'limit', match: { kind: 'lamp' }, count: 1 };
    await twin.timers.advance(5_000);
    await twin.run(
      twin.homeserver('ann').sendState(ann.room, { type: RULE_EVENT, stateKey: 'one-lamp', content }),
    );
    await twin.timers.advance(5_000);
    const refusal = expect.objectContaining({
      code: 'rule',
      rule: 'one-lamp',
      got: `2, beside ${second.value}`,
      what: `undo take it down (change ${first.value})`,
    });
    const heard = changesOf(bob);
    expect(() => bob.undo()).toThrow(refusal);
    expect(() => bob.undo()).toThrow(refusal);
    expect([bob.canUndo, bob.canRedo, bob.status.value.unsaved, heard]).toEqual([true, false, 0, []]);
    ann.undo();
    await twin.timers.advance(5_000);
    expect([bob.undo(), bob.get(first.value)?.node?.kind]).toEqual([true, 'lamp']);
    await twin.timers.advance(5_000);
    expect(() => ann.redo()).toThrow(expect.objectContaining({ code: 'rule', rule: 'one-lamp' }));
  });

  test('[U7] is refused where a lock came in between', async () => {
    const twin = new TwinWorlds();
    const { ann, bob } = await twin.three();
    const chair = addChair(bob);
    rename(bob, chair.value, 'Throne');
    await twin.timers.advance(5_000);
    ann.edit('lock', (draft) => draft.set(chair.value, { node: { locked: true } }));
    await twin.timers.advance(5_000);
    expect(() => bob.undo()).toThrow(expect.objectContaining({ code: 'forbidden', by: 'steward' }));
    expect([nameOf(bob, chair.value), bob.canUndo]).toEqual(['Throne', true]);
    expect([bob.skipRefused(), bob.skipRefused()]).toEqual([true, false]);
    // What is left is the creation of an object on which somebody else has worked since.
    expect([bob.undo(), nameOf(bob, chair.value)]).toEqual([false, 'Throne']);
  });
});

describe('when somebody else wins', () => {
  test('the edit is told, and the newer value stays', async () => {
    const twin = new TwinWorlds();
    const { ann, bob } = await twin.three();
    const chair = addChair(ann);
    await twin.run(chair.durable);
    await twin.timers.advance(1_000);
    twin.homeserver('bob').faults.offline = true;
    const late = rename(bob, chair.value, 'Bob’s');
    await twin.timers.advance(1_000);
    await twin.run(rename(ann, chair.value, 'Ann’s').durable);
    twin.homeserver('bob').faults.offline = false;
    expect(await twin.errorOf(late.durable)).toMatchObject({ code: 'superseded', path: 'node.name' });
    expect([nameOf(ann, chair.value), nameOf(bob, chair.value)]).toEqual(['Ann’s', 'Ann’s']);
    expect(bob.status.value.unsaved).toBe(0);
  });
});

describe('when the homeserver refuses', () => {
  test('403 is final: the waiting edit and the listeners are told, the scene falls back', async () => {
    const twin = new TwinWorlds();
    const { ann, bob } = await twin.three();
    const chair = addChair(ann);
    await twin.run(chair.durable);
    await twin.timers.advance(1_000);
    const refused: unknown[] = [];
    bob.on('refused', ({ ids, error }) => refused.push([ids, error.code]));
    twin.homeserver('bob').faults.add({ kind: 'answer', status: 403, errcode: 'M_FORBIDDEN' });
    const edit = rename(bob, chair.value, 'Bob’s');
    expect(nameOf(bob, chair.value)).toBe('Bob’s');
    const error = await twin.errorOf(edit.durable);
    expect(error).toBeInstanceOf(HomeserverError);
    expect(error).toMatchObject({ code: 'forbidden', by: 'steward' });
    expect(refused).toEqual([[[chair.value], 'forbidden']]);
    expect([nameOf(bob, chair.value), bob.stage(chair.value), bob.status.value.unsaved]).toEqual([
      'Chair',
      'durable',
      0,
    ]);
  });

  test('what it cannot take is told and kept here, unsaved, and listed', async () => {
    const twin = new TwinWorlds();
    const world = await twin.create('ann');
    twin.homeserver('ann').faults.add({ kind: 'answer', status: 413, errcode: 'M_TOO_LARGE' });
    const edit = addChair(world);
    expect(await twin.errorOf(edit.durable)).toMatchObject({ code: 'too-large' });
    expect([nameOf(world, edit.value), world.status.value.unsaved]).toEqual(['Chair', 1]);
    expect(world.problems.value).toMatchObject([{ where: `${OBJECT_EVENT}/${edit.value}` }]);
  });

  test('a token that ended fails every edit on its way', async () => {
    const twin = new TwinWorlds();
    const world = await twin.create('ann');
    twin.homeserver('ann').faults.add({ kind: 'answer', status: 401, errcode: 'M_UNKNOWN_TOKEN' });
    const edits = [addChair(world), addChair(world)];
    for (const { durable } of edits) {
      expect(await twin.errorOf(durable)).toMatchObject({ code: 'unknown-token' });
    }
    expect(world.status.value.unsaved).toBe(2);
  });

  test('lost requests, lost answers and limits only delay', async () => {
    const twin = new TwinWorlds();
    const { ann, bob } = await twin.three();
    twin
      .homeserver('ann')
      .faults.add(
        { kind: 'lost' },
        { kind: 'answer', status: 429, errcode: 'M_LIMIT_EXCEEDED', retryAfterMs: 3_000 },
        { kind: 'answer', status: 500, errcode: 'M_UNKNOWN' },
        { kind: 'answer-lost' },
      );
    const edit = addChair(ann);
    await twin.run(edit.durable);
    await twin.timers.advance(1_000);
    expect(nameOf(bob, edit.value)).toBe('Chair');
  });
});

describe('a visitor', () => {
  test('is refused before anything is written or uploaded, and told whom to ask', async () => {
    const twin = new TwinWorlds();
    const { ann, cid } = await twin.three();
    const chair = addChair(ann);
    await twin.run(chair.durable);
    await twin.timers.advance(1_000);
    const writes = twin.writes();
    const refusal = expect.objectContaining({
      code: 'forbidden',
      hint: expect.stringContaining('@ann:twin.test'),
    });
    expect(() => rename(cid, chair.value, 'Mine')).toThrow(refusal);
    expect(() => cid.check((draft) => draft.remove(chair.value))).toThrow(refusal);
    // Where it is already: nothing would change, and to be told that it was moved would be wrong.
    expect(() => cid.edit('move', (draft) => draft.move(chair.value, { into: 'root' }))).toThrow(refusal);
    expect(() => cid.undo()).toThrow(refusal);
    expect(await twin.errorOf(cid.importGlb(triangleGlb()))).toEqual(refusal);
    await twin.timers.advance(10_000);
    expect(twin.writes()).toBe(writes);
    expect(nameOf(cid, chair.value)).toBe('Chair');
    expect(cid.status.value).toMatchObject({ role: 'visitor', readOnly: expect.stringContaining('visitor') });
  });

  test('may build as soon as an owner says so', async () => {
    const twin = new TwinWorlds();
    const { ann, cid } = await twin.three();
    const room = twin.server.room('find', ann.room);
    const levels = room.current('m.room.power_levels', '')?.content ?? {};
    const users = { [cid.userId]: 25 };
    twin.server.append(room, {
      type: 'm.room.power_levels',
      sender: ann.userId,
      stateKey: '',
      content: { ...levels, users },
    });
    await twin.timers.advance(5_000);
    expect(cid.status.value).toMatchObject({ role: 'builder', readOnly: null });
    expect(ann.people.value.find(({ user }) => user === cid.userId)?.role).toBe('builder');
    await twin.run(addChair(cid).durable);
  });
});

test('an encrypted room opens, and can only be looked at', async () => {
  const twin = new TwinWorlds();
  const homeserver = twin.homeserver('ann');
  const chair = { node: { name: 'Chair' } };
  const room = await homeserver.createRoom({
    name: 'Secret',
    access: 'private',
    roomVersion: WORLD_ROOM_VERSION,
    creation: { type: WORLD_ROOM_TYPE },
    aliasLocalpart: null,
    invite: [],
    powerLevels: {},
    initialState: [
      { type: 'm.room.encryption', stateKey: '', content: { algorithm: 'm.megolm.v1.aes-sha2' } },
      { type: OBJECT_EVENT, stateKey: 'chair', content: chair },
    ],
  });
  const world = await twin.open('ann', room);
  expect([...world.objects()].map(({ node }) => node?.name)).toEqual(['Chair']);
  expect(world.status.value.readOnly).toMatch(/encrypted/);
  expect(() => addChair(world)).toThrow(expect.objectContaining({ code: 'read-only' }));
  expect(() => addChair(world)).toThrow(/encrypted.*without encryption/);
});

test('what was malformed when the world was opened is listed; the rest is there', async () => {
  const twin = new TwinWorlds();
  const world = await twin.create('ann');
  await twin.run(addChair(world).durable);
  const room = twin.server.room('find', world.room);
  const content = { node: { name: 'Odd', order: '~[1.5' } };
  twin.server.append(room, { type: OBJECT_EVENT, sender: world.userId, stateKey: 'odd', content });
  await world.close();
  const again = await twin.open('ann', world.room);
  expect([...again.objects()].map(({ node }) => node?.name).sort()).toEqual(['Chair', 'Odd']);
  expect(again.problems.value).toMatchObject([{ where: expect.stringContaining('odd'), path: 'node.order' }]);
});

describe('models', () => {
  test('are checked, uploaded and shown; the other side fetches the same bytes, and [AS83] the thumbnail', async () => {
    const twin = new TwinWorlds();
    const { ann, bob } = await twin.three();
    // The validator works in a thread, past the clock of the twin.
    const stored = Promise.withResolvers<PublishedAsset>();
    const options = { name: 'Sign', position: [0, 1, 0], onPublished: stored.resolve } as const;
    const importing = ann.importGlb(triangleGlb(), options);
    expect(await stored.promise).toMatchObject({ kind: { use: 'model' }, report: { isValid: true } });
    const edit = await twin.run(importing);
    await twin.run(edit.durable);
    await twin.timers.advance(1_000);
    const { node, mesh, transform } = bob.get(edit.value) ?? {};
    expect([node?.name, transform?.position]).toEqual(['Sign', [0, 1, 0]]);
    expect(mesh).toMatchObject({ bytes: triangleGlb().length, bounds: { min: [0, 0, 3], max: [1, 2, 3] } });
    const { src = '', sha256 = '' } = mesh ?? {};
    const { bytes, from } = await twin.run(bob.assets.load({ src, sha256 }));
    expect([bytes, from]).toEqual([triangleGlb(), src]);
    expect((await twin.run(bob.assets.load({ src, sha256 }))).from).toBe('cache');
    const { thumbnail } = mesh ?? {};
    const drawn = await twin.run(bob.assets.load(thumbnail ?? { src: '' }, { kind: 'picture' }));
    expect([drawn.bytes.length, refuseThumbnail(drawn.bytes)]).toEqual([thumbnail?.bytes, null]);
  });

  test('a file that is none, or a parent that is not there, is refused before the upload', async () => {
    const twin = new TwinWorlds();
    const world = await twin.create('ann');
    const writes = twin.writes();
    const error = await twin.errorOf(world.importGlb(new TextEncoder().encode('poem'), { name: 'poem' }));
    expect(error).toBeInstanceOf(AssetError);
    expect(error).toMatchObject({ code: 'not-a-glb' });
    const chair = addChair(world);
    await twin.run(chair.durable);
    world.edit('remove', (draft) => draft.remove(chair.value));
    expect(await twin.errorOf(world.importGlb(triangleGlb(), { parent: chair.value }))).toMatchObject({
      code: 'unknown-object',
    });
    expect(twin.server.media.size).toBe(0);
    expect([...world.objects()]).toEqual([]);
    expect(twin.writes()).toBe(writes + 1);
  });
});

describe('closing', () => {
  test('sends what is unsaved first, and leaves nothing behind', async () => {
    const twin = new TwinWorlds();
    const { ann, bob, cid } = await twin.three();
    const edit = addChair(ann);
    expect(await twin.run(ann.close())).toEqual({ unsaved: 0 });
    await edit.durable;
    await twin.timers.advance(1_000);
    expect(nameOf(bob, edit.value)).toBe('Chair');
    await twin.run(Promise.all([bob.close(), cid.close()]));
    expect([twin.timers.pending, twin.server.followers]).toEqual([0, 0]);
  });

  test('waits no longer than it is told, and says what the room does not hold', async () => {
    const twin = new TwinWorlds();
    const world = await twin.create('ann');
    twin.homeserver('ann').faults.offline = true;
    const edit = addChair(world);
    const startMs = twin.timers.now();
    const closed = world.close({ waitMs: 2_000 });
    expect(await twin.run(closed)).toEqual({ unsaved: 1 });
    expect(twin.timers.now() - startMs).toBeLessThanOrEqual(2_100);
    expect(await twin.errorOf(edit.durable)).toMatchObject({ code: 'closed' });
    expect(twin.timers.pending).toBe(0);
  });

  test('is final: reads go on, edits are refused, a second close is the first', async () => {
    const twin = new TwinWorlds();
    const world = await twin.create('ann');
    const chair = addChair(world);
    await twin.run(chair.durable);
    const closed = world.close();
    expect(world.close()).toBe(closed);
    expect(() => addChair(world)).toThrow(expect.objectContaining({ code: 'closed' }));
    await twin.run(closed);
    expect(nameOf(world, chair.value)).toBe('Chair');
    expect(world.status.value).toMatchObject({ lane: 'offline', readOnly: 'The world was closed.' });
  });

  test('a listener that throws keeps nobody else from being told', async () => {
    const twin = new TwinWorlds();
    const world = await twin.create('ann');
    const uncaught: unknown[] = [];
    const note = (error: unknown) => uncaught.push(error);
    const before = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException').on('uncaughtException', note);
    world.on('change', () => {
      throw new Error('mine');
    });
    const changes = changesOf(world);
    addChair(world);
    await twin.timers.advance(1);
    process.off('uncaughtException', note);
    for (const listener of before) process.on('uncaughtException', listener);
    expect(changes).toHaveLength(1);
    expect(uncaught).toMatchObject([{ message: 'mine' }]);
  });
});
