import { type ObjectId, parseObjectId, parsePath } from '@weft/core';
import type { LogEntry } from '@weft/matrix';
import { propertySettings } from '@weft/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TwinWorlds } from '../../test/twin-worlds.ts';
import type { World } from '../world.ts';
import { momentMs } from './moment-time.ts';

const add = (world: World, name: string, parent?: ObjectId) =>
  world.edit('add', (draft) =>
    draft.add({ node: { name }, light: { intensity: 1 }, ...(parent === undefined ? {} : { parent }) }),
  ).value;
const dim = (world: World, id: ObjectId, intensity: number) =>
  world.edit('dim', (draft) => draft.set(id, { light: { intensity } }));
const short = ({ user, objects, authors }: LogEntry) => [
  user,
  ...objects.map(({ name, kind, paths }) => [kind, name, ...paths].join(' ')),
  ...(authors.length === 1 && authors[0] === user ? [] : [`by ${authors.join()}`]),
];
const ANN = '@ann:twin.test';
const BOB = '@bob:twin.test';

/** Lets everything be written and heard; says what time it is then. */
async function settle(twin: TwinWorlds): Promise<number> {
  await twin.timers.advance(3_000);
  return twin.server.now();
}

describe('the log', () => {
  test('[Y3] says who changed what, newest first, and repairs that repeat say nothing', async () => {
    const twin = new TwinWorlds();
    const { ann, bob } = await twin.three();
    const lamp = add(ann, 'Lamp');
    await settle(twin);
    dim(bob, lamp, 2);
    await settle(twin);
    ann.edit('remove', (draft) => draft.remove(lamp));
    await settle(twin);
    ann.undo();
    await settle(twin);
    const { entries, next, incomplete } = await twin.run(ann.log());
    expect(entries.map(short)).toEqual([
      [ANN, 'restored Lamp node.deleted'],
      [ANN, 'deleted Lamp node.deleted'],
      [BOB, 'changed Lamp light.intensity'],
      [ANN, 'added Lamp light.intensity node.name node.order node.parent'],
    ]);
    expect({ next, incomplete }).toEqual({ next: null, incomplete: null });
    expect(entries.every(({ carrier, atMs }) => carrier === 'world.weft.object' && atMs > 0)).toBe(true);
    const only = async (options: Parameters<World['log']>[0]) =>
      (await twin.run(bob.log(options))).entries.length;
    expect(await only({ user: BOB })).toBe(1);
    expect(await only({ user: '@cid:twin.test' })).toBe(0);
    expect(await only({ object: lamp, limit: 2 })).toBe(2);
    expect(await only({ object: parseObjectId('other') })).toBe(0);
    expect(await only({ since: entries[1]?.atMs ?? 0 })).toBe(2);
    expect(await twin.errorOf(bob.log({ user: 'bob' }))).toMatchObject({ code: 'invalid-id' });
  });

  test('[Y3] tells the sender, whom homeservers vouch for, from the authors that an event claims', async () => {
    const twin = new TwinWorlds();
    const { ann, bob } = await twin.three();
    const table = add(ann, 'Table');
    await settle(twin);
    const file = bob.export();
    dim(ann, table, 5);
    await settle(twin);
    const copy = await twin.create('bob');
    await twin.run(copy.import(file, { as: 'merge' }).durable);
    const { entries } = await twin.run(copy.log());
    expect(entries.map(short)).toEqual([
      [BOB, 'added Table light.intensity node.name node.order node.parent', `by ${ANN}`],
    ]);
  });

  test('[Y3] tells of a redaction, and not of what it took', async () => {
    const twin = new TwinWorlds();
    const { ann, bob } = await twin.three();
    const spam = add(bob, 'Spam');
    // Each in an event of its own.
    await settle(twin);
    add(bob, 'Chair');
    await settle(twin);
    const { entries } = await twin.run(ann.log({ object: spam }));
    const [written] = entries;
    if (written === undefined) throw new Error('nothing was written');
    await twin.homeserver('ann').redact(ann.room, written.event, '');
    await settle(twin);
    const after = (await twin.run(ann.log())).entries;
    expect(after.map(short)).toEqual([
      [ANN, 'purged ', 'by '],
      [BOB, 'added Chair light.intensity node.name node.order node.parent'],
    ]);
    expect(after[0]).toMatchObject({ carrier: 'm.room.redaction', objects: [{ id: spam }] });
  });

  test('[Y3] reads what an event replaced where its page does not show it', async () => {
    const twin = new TwinWorlds();
    const { ann } = await twin.three();
    const lamp = add(ann, 'Lamp');
    await settle(twin);
    // More events than one page, of which none says anything.
    const room = twin.server.room('fill', ann.room);
    for (let n = 0; n < 1_100; n += 1) {
      const content = { node: 1, n };
      twin.server.append(room, { type: 'world.weft.object', stateKey: 'x', sender: room.creator, content });
    }
    dim(ann, lamp, 2);
    await settle(twin);
    const first = await twin.run(ann.log({ limit: 1 }));
    expect(first.entries.map(short)).toEqual([[ANN, 'changed Lamp light.intensity']]);
    const rest = await twin.run(ann.log({ before: first.next ?? '' }));
    expect(rest.entries.map(short)).toEqual([
      [ANN, 'added Lamp light.intensity node.name node.order node.parent'],
    ]);
  });

  test('[Y3] is the same read whole or page by page', async () => {
    const script = fc.array(
      fc.record({ who: fc.nat(1), what: fc.nat(3), pick: fc.nat(9), pause: fc.boolean() }),
      { minLength: 1, maxLength: 25 },
    );
    await fc.assert(
      fc.asyncProperty(script, fc.integer({ min: 1, max: 7 }), async (steps, limit) => {
        const twin = new TwinWorlds();
        const { ann, bob } = await twin.three();
        const ids: ObjectId[] = [];
        for (const { who, what, pick, pause } of steps) {
          const world = who === 0 ? ann : bob;
          const id = ids[pick % Math.max(1, ids.length)];
          if (what === 0 || id === undefined || world.get(id) === undefined) ids.push(add(world, `n${pick}`));
          else if (what === 1) dim(world, id, pick);
          else if (what === 2) world.edit('remove', (draft) => draft.remove(id));
          else world.undo();
          if (pause) await settle(twin);
        }
        await settle(twin);
        const whole = await twin.run(bob.log({ limit: 200 }));
        expect(whole.next).toBeNull();
        const paged: LogEntry[] = [];
        let before: string | null = null;
        do {
          const page: Awaited<ReturnType<World['log']>> = await twin.run(
            bob.log({ limit, ...(before === null ? {} : { before }) }),
          );
          expect(page.entries.length).toBeLessThanOrEqual(limit);
          paged.push(...page.entries);
          before = page.next;
        } while (before !== null);
        expect(paged).toEqual(whole.entries);
        await Promise.all([twin.run(ann.close()), twin.run(bob.close())]);
      }),
      propertySettings(30),
    );
  });
});

describe('another time', () => {
  test('[Y1] is a world for looking, under the rules of then', async () => {
    const twin = new TwinWorlds();
    const { ann, bob } = await twin.three();
    const lamp = add(ann, 'Lamp');
    const then = await settle(twin);
    const hash = ann.hash();
    await twin.homeserver('ann').sendState(ann.room, {
      type: 'world.weft.rule',
      stateKey: 'dark',
      content: { kind: 'range', property: 'light.intensity', max: 1 },
    });
    dim(bob, lamp, 0);
    add(bob, 'Chair', lamp);
    const later = await settle(twin);
    const pages: number[] = [];
    const moment = await twin.run(
      bob.at(new Date(then), { progress: ({ events }) => void pages.push(events) }),
    );
    expect(moment).toMatchObject({ title: 'Plaza', complete: true, reason: null, atMs: then });
    expect(moment.hash()).toBe(hash);
    expect(moment.get(lamp)?.light?.intensity).toBe(1);
    expect(moment.children(lamp)).toEqual([]);
    expect(moment.query({ name: 'Lamp' }).objects.length).toBe(1);
    expect(pages.length).toBeGreaterThan(0);
    const { added, removed, changed } = moment.diff(bob);
    expect({ added: added.length, removed }).toEqual({ added: 1, removed: [] });
    expect(changed.get(lamp)?.get(parsePath('light.intensity'))).toEqual([1, 0]);
    const now = await twin.run(bob.at(twin.server.now() + 3_600_000));
    expect([now.atMs, now.hash()]).toEqual([expect.any(Number), bob.hash()]);
    expect(now.atMs).toBeLessThan(later + 60_000);
    const before = await twin.run(bob.at(0));
    expect([...before.ids()]).toEqual([]);
    expect(before.complete).toBe(false);
  });

  test('[Y1] no longer holds what was purged since', async () => {
    const twin = new TwinWorlds();
    const { ann } = await twin.three();
    const [spam, chair] = [add(ann, 'Spam'), add(ann, 'Chair')];
    const then = await settle(twin);
    await twin.homeserver('ann').sendState(ann.room, {
      type: 'world.weft.object',
      stateKey: spam,
      content: {},
    });
    await settle(twin);
    const moment = await twin.run(ann.at(then));
    expect([...moment.ids()]).toEqual([chair]);
    expect(new TextDecoder().decode(moment.export({ format: 'json' }))).not.toContain('Spam');
    expect(ann.restore({ from: moment }).value).toMatchObject({ ids: [], purged: [spam] });
    expect(ann.restore({ from: moment, objects: [spam] }).value).toMatchObject({ ids: [], purged: [spam] });
  });

  test('[Y1] says of a time before its room that nothing is known of it', async () => {
    const twin = new TwinWorlds();
    await twin.timers.advance(3_600_000);
    const then = twin.timers.now() - 1;
    const ann = await twin.create('ann');
    add(ann, 'Lamp');
    await settle(twin);
    const moment = await twin.run(ann.at(then));
    expect([[...moment.ids()], moment.complete]).toEqual([[], false]);
    expect(moment.reason).toMatch(/made on .*, later/);
  });

  test('[Y1] says where the past is hidden from this user', async () => {
    const twin = new TwinWorlds();
    const ann = await twin.create('ann', { invite: ['@bob:twin.test'], levels: { '@bob:twin.test': 25 } });
    await twin.homeserver('ann').sendState(ann.room, {
      type: 'm.room.history_visibility',
      stateKey: '',
      content: { history_visibility: 'joined' },
    });
    const lamp = add(ann, 'Lamp');
    // Each in an event of its own.
    await settle(twin);
    const chair = add(ann, 'Chair');
    await settle(twin);
    const bob = await twin.open('bob', ann.room);
    const then = await settle(twin);
    dim(ann, lamp, 7);
    await settle(twin);
    const moment = await twin.run(bob.at(then));
    expect(moment.complete).toBe(false);
    expect(moment.reason).toMatch(/history visibility/);
    expect([...moment.ids()]).toEqual([chair]);
    // What is merely unknown is neither deleted nor emptied.
    expect(bob.checkRestore({ from: moment })).toMatchObject({ ids: [], unknown: [lamp] });
    expect(await twin.run(bob.log())).toMatchObject({ incomplete: expect.stringMatching(/visibility/) });
    expect((await twin.run(ann.at(then))).complete).toBe(true);
  });

  test.each(['yesterday', '', '2026-02-30T99:00Z', '2026-05-01T12:00', Number.NaN, -1, 'Infinity'])(
    '[Y1] is a time, not %s',
    (time) => {
      expect(() => momentMs(time)).toThrow(expect.objectContaining({ code: 'invalid-value' }));
    },
  );

  test('[Y1] may be told in several ways', () => {
    const ms = Date.UTC(2026, 4, 1, 12);
    expect([new Date(ms), ms, '2026-05-01T12:00Z', '2026-05-01T14:00:00+02:00'].map(momentMs)).toEqual(
      Array(4).fill(ms),
    );
    expect(momentMs('2026-05-01')).toBe(Date.UTC(2026, 4, 1));
  });
});

describe('restoring', () => {
  test('[Y4] sets everything back in one edit, which undo takes back', async () => {
    const twin = new TwinWorlds();
    const { ann, bob } = await twin.three();
    const [table, lamp] = [add(ann, 'Table'), add(ann, 'Lamp')];
    ann.edit('more', (draft) => draft.set(lamp, { 'acme:door': { open: true } }));
    const then = await settle(twin);
    const was = ann.hash();
    bob.edit('mess', (draft) => {
      draft.move(lamp, { into: table });
      draft.set(lamp, { light: { intensity: 9 }, 'acme:door': null, text: { value: 'Ha' } });
      draft.remove(table);
      draft.add({ node: { name: 'Junk' } });
    });
    await settle(twin);
    const mess = ann.hash();
    const moment = await twin.run(ann.at(then));
    expect(ann.checkRestore({ from: moment }).ids.length).toBe(3);
    expect(ann.hash()).toBe(mess);
    const edit = ann.restore({ from: moment });
    expect(edit).toMatchObject({ name: 'restore', value: { purged: [], hidden: [] } });
    await twin.run(edit.durable);
    await settle(twin);
    expect([ann.hash(), bob.hash()]).toEqual([was, was]);
    expect(ann.restore({ from: moment }).ids).toEqual([]);
    ann.undo();
    expect(ann.hash()).toBe(mess);
  });

  test('[Y4] takes single objects and properties, and says what stays hidden', async () => {
    const twin = new TwinWorlds();
    const { ann, bob } = await twin.three();
    const table = add(ann, 'Table');
    const lamp = add(ann, 'Lamp', table);
    const then = await settle(twin);
    bob.edit('mess', (draft) => {
      draft.set(lamp, { node: { name: 'Lump' }, light: { intensity: 9 } });
      draft.remove(lamp);
      draft.remove(table);
    });
    await settle(twin);
    const moment = await twin.run(bob.at(then));
    const some = { from: moment, objects: [lamp], paths: [parsePath('node.name')] };
    expect(bob.restore(some).ids).toEqual([lamp]);
    expect(bob.restore({ from: moment, objects: [lamp], name: 'bring back' }).value).toMatchObject({
      ids: [lamp],
      hidden: [lamp],
    });
    expect(bob.get(lamp)).toBeUndefined();
    bob.restore({ from: moment, objects: [table] });
    expect(bob.get(lamp)?.light?.intensity).toBe(1);
    const unknown = { from: moment, objects: [parseObjectId('never')] };
    expect(() => bob.restore(unknown)).toThrow(expect.objectContaining({ code: 'unknown-object' }));
  });

  test('[Y4] is checked as any edit: roles, locks, rules, cycles', async () => {
    const twin = new TwinWorlds();
    const { ann, bob, cid } = await twin.three();
    const [a, b] = [add(ann, 'A'), add(ann, 'B')];
    ann.edit('into', (draft) => draft.move(a, { into: b }));
    const then = await settle(twin);
    ann.edit('turn', (draft) => {
      draft.move(a, {});
      draft.move(a, { into: 'root' });
      draft.move(b, { into: a });
    });
    await settle(twin);
    const moment = await twin.run(bob.at(then));
    const codeOf = (act: () => unknown) => {
      try {
        return act();
      } catch (error) {
        return error instanceof Error && 'code' in error ? error.code : error;
      }
    };
    expect(codeOf(() => bob.restore({ from: moment, objects: [a] }))).toBe('cycle');
    expect(codeOf(() => cid.restore({ from: moment }))).toBe('forbidden');
    ann.edit('lock', (draft) => draft.set(b, { node: { locked: true } }));
    await settle(twin);
    expect(codeOf(() => bob.restore({ from: moment }))).toBe('forbidden');
    expect(ann.restore({ from: moment }).ids.length).toBe(2);
    await settle(twin);
    dim(ann, a, 9);
    dim(ann, b, 9);
    await twin.homeserver('ann').sendState(ann.room, {
      type: 'world.weft.rule',
      stateKey: 'bright',
      content: { kind: 'range', property: 'light.intensity', min: 5 },
    });
    await settle(twin);
    expect(codeOf(() => bob.restore({ from: moment, objects: [a] }))).toBe('rule');
  });
});
