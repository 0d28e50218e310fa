import { propertySettings } from '@weft/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Editor } from '../../test/editor.ts';
import { refusal as refusalOf } from '../../test/refusal.ts';
import { writerHashOf } from '../carrier/writer-key.ts';
import { WeftError, type WeftErrorCode } from '../errors.ts';
import { isActorId, parseObjectId, parsePath, ROOT } from '../ids.ts';
import { patchOf } from '../register/patch.ts';
import { parseTime, timeFromMs } from '../stamp/stamp.ts';
import { MAX_EDIT_OBJECTS } from './compose.ts';
import type { EditDraft } from './draft.ts';

const id = parseObjectId;

function refusal(run: () => unknown): WeftError {
  const refused = refusalOf(run);
  if (refused === null) throw new Error('nothing was refused');
  return refused;
}

/** The edit is refused, and the world and the clock's work are as before. */
function expectRefused(editor: Editor, code: WeftErrorCode, fn: (draft: EditDraft) => void): WeftError {
  const before = [...editor.replica.scene.ids()].map((at) => editor.replica.scene.get(at));
  const error = refusal(() => editor.edit(fn));
  expect(error.code).toBe(code);
  expect([...editor.replica.scene.ids()].map((at) => editor.replica.scene.get(at))).toEqual(before);
  return error;
}

describe('composeEdit', () => {
  it('[D1] writes only what was set, all under one stamp', () => {
    const ann = new Editor('ann');
    const { value: table } = ann.edit((e) =>
      e.add({ node: { name: 'Table', tags: ['oak'] }, transform: { position: [1.5, 0, -2.25] } }),
    );
    const { patch } = ann.edit((e) => {
      e.set(table, { light: { intensity: 2 }, 'acme:door': { open: true }, node: { name: 'Table' } });
    });
    const registers = patch.objects.get(table)?.registers;
    expect([...(registers?.keys() ?? [])].sort()).toEqual(['acme:door.open', 'light.intensity']);
    expect(new Set([...(registers?.values() ?? [])].map(({ stamp }) => stamp)).size).toBe(1);
    expect([...patch.actors]).toEqual([[ann.replica.clock.actor, new Set([ann.access.userId])]]);
    expect(ann.replica.scene.get(table)?.transform?.position).toEqual([1.5, 0, -2.25]);
    expect(ann.compose((e) => e.set(table, { light: { intensity: 2 } })).patch.objects.size).toBe(0);
  });

  it('[D2] sees its own changes', () => {
    const ann = new Editor('ann');
    ann.edit((e) => {
      const room = e.add({ node: { name: 'Room' } });
      const lamp = e.add({ parent: room, node: { name: 'Lamp' } });
      const desk = e.add({ before: lamp });
      expect(e.children(room)).toEqual([desk, lamp]);
      expect(e.parent(desk)).toBe(room);
      e.move(lamp, { into: ROOT });
      expect(e.children(room)).toEqual([desk]);
      e.set(lamp, { node: { name: 'Moon' } });
      expect(e.get(lamp, 'node.name')).toBe('Moon');
      e.remove(room);
      expect(e.has(desk)).toBe(false);
      expect(e.children(ROOT)).toEqual([lamp]);
      expect(() => e.add({ parent: desk })).toThrow(WeftError);
    });
    expect(ann.replica.scene.children(ROOT)).toHaveLength(1);
  });

  it('[D3] a refused edit changes nothing, whatever it did before', () => {
    const ann = new Editor('ann');
    const { value: table } = ann.edit((e) => e.add({ node: { name: 'Table' } }));
    expectRefused(ann, 'schema', (e) => {
      e.set(table, { node: { name: 'Desk' } });
      e.set(table, { transform: { position: JSON.parse('"here"') } });
    });
    expect(ann.replica.scene.get(table)?.node?.name).toBe('Table');
  });

  it('[D4] names what is wrong', () => {
    const ann = new Editor('ann');
    const { value: table } = ann.edit((e) => e.add({}));
    const wrong = (text: string) => JSON.parse(text);
    expect(
      expectRefused(ann, 'schema', (e) => e.set(table, wrong('{"transform":{"postion":[0,0,0]}}'))).message,
    ).toContain('position, rotation, scale');
    expect(
      expectRefused(ann, 'schema', (e) => e.set(table, wrong('{"door":{"open":true}}'))).message,
    ).toContain('acme:door');
    expectRefused(ann, 'schema', (e) => e.set(table, wrong('{"acme:door":{"a.b":1}}')));
    expectRefused(ann, 'schema', (e) => e.set(table, wrong('{"acme:door":{"__proto__":1}}')));
    expectRefused(ann, 'schema', (e) => e.set(table, { light: { intensity: -1 } }));
    expectRefused(ann, 'invalid-value', (e) => e.set(table, { 'acme:door': { open: Number.NaN } }));
    expectRefused(ann, 'invalid-value', (e) => e.set(table, { 'acme:door': { by: undefined } }));
    expectRefused(ann, 'invalid-value', (e) => e.set(table, wrong('{"light":5}')));
    expectRefused(ann, 'limit', (e) => e.set(table, { 'acme:door': { text: 'x'.repeat(4095) } }));
    expectRefused(ann, 'unknown-object', (e) => e.set('nobody', { light: { intensity: 1 } }));
    expectRefused(ann, 'unknown-object', (e) => e.add({ parent: 'nobody' }));
    expectRefused(ann, 'unknown-object', (e) => e.add({ after: 'nobody' }));
    expectRefused(ann, 'invalid-id', (e) => e.set('no/id', {}));
    expectRefused(ann, 'invalid-id', (e) => e.remove(ROOT));
    expectRefused(ann, 'invalid-id', (e) => e.move(ROOT, { into: table }));
    expectRefused(ann, 'invalid-id', (e) => e.add({ id: 'x', key: 'x' }));
    expectRefused(ann, 'invalid-id', (e) => e.add({ id: `u_${'a'.repeat(22)}_mine` }));
    expectRefused(ann, 'invalid-value', (e) => e.add({ before: table, after: table }));
    expectRefused(ann, 'object-exists', (e) => e.add({ id: table }));
    expectRefused(ann, 'object-exists', (e) => e.add({ id: 'root' }));
  });

  it('[D4] says where a value is wrong, and refuses what only looks like an edit', () => {
    const ann = new Editor('ann');
    const { value: table } = ann.edit((e) => e.add({ id: 'table' }));
    const endless: unknown[] = [];
    endless.push(endless);
    const odd: readonly unknown[] = [null, 5, 5n, 'text', [1], endless, new Date(0), new Map(), () => 1];
    for (const what of odd) {
      expectRefused(ann, 'invalid-value', (e) => void Reflect.apply(e.add, e, [what]));
      expectRefused(ann, 'invalid-value', (e) => void Reflect.apply(e.set, e, [table, what]));
      expectRefused(ann, 'invalid-value', (e) => void Reflect.apply(e.move, e, [table, what]));
      expectRefused(ann, 'invalid-id', (e) => void Reflect.apply(e.remove, e, [what === 'text' ? '' : what]));
      if (what === null) continue;
      const error = expectRefused(ann, 'invalid-value', (e) => {
        void Reflect.apply(e.set, e, [table, { 'acme:door': what }]);
      });
      expect(error.path).toBe('acme:door');
    }
    expectRefused(ann, 'invalid-id', (e) => void Reflect.apply(e.add, e, [{ parent: 5 }]));
    expectRefused(ann, 'invalid-id', (e) => void Reflect.apply(e.add, e, [{ key: 5 }]));
    expect(
      expectRefused(ann, 'invalid-value', (e) =>
        e.set(table, { transform: { position: [0, Number.NaN, 0] } }),
      ),
    ).toMatchObject({ path: 'transform.position.1', message: expect.stringContaining('got NaN at 1.') });
  });

  it('[D4] refuses by name whatever it is handed, and changes nothing', () => {
    const ann = new Editor('ann');
    ann.edit((e) => e.add({ id: 'table' }));
    const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withSparseArray: true });
    let refused = 0;
    fc.assert(
      fc.property(anything, fc.constantFrom('add', 'set', 'component', 'value', 'move'), (what, how) => {
        const before = ann.replica.toPatch();
        const done = refusalOf(() =>
          ann.compose((e) => {
            if (how === 'add') Reflect.apply(e.add, e, [what]);
            else if (how === 'move') Reflect.apply(e.move, e, ['table', what]);
            else if (how === 'set') Reflect.apply(e.set, e, ['table', what]);
            else if (how === 'component') Reflect.apply(e.set, e, ['table', { 'acme:door': what }]);
            else Reflect.apply(e.set, e, ['table', { 'acme:door': { open: what } }]);
          }),
        );
        refused += done === null ? 0 : 1;
        expect(ann.replica.toPatch()).toEqual(before);
      }),
      propertySettings(500),
    );
    expect(refused).toBeGreaterThan(100);
  });

  it('[D5] moves are checked for cycles and depth', () => {
    const ann = new Editor('ann');
    ann.edit((e) => {
      e.add({ id: 'a' });
      e.add({ id: 'b', parent: 'a' });
      e.add({ id: 'c', parent: 'b' });
    });
    expectRefused(ann, 'cycle', (e) => e.move('a', { into: 'c' }));
    expectRefused(ann, 'cycle', (e) => e.move('a', { into: 'a' }));
    expectRefused(ann, 'cycle', (e) => e.move('a', { before: 'b' }));
    expectRefused(ann, 'cycle', (e) => e.set('a', { node: { parent: 'c' } }));
    ann.edit((e) => {
      e.move('c', { into: ROOT });
      e.move('a', { into: 'c' });
    });
    expect(ann.replica.scene.parent(id('b'))).toBe('a');
    ann.edit((e) => {
      let parent: string = ROOT;
      for (let level = 0; level < 256; level++) parent = e.add({ id: `d${level}`, parent });
    });
    expectRefused(ann, 'limit', (e) => e.add({ parent: 'd255' }));
    expectRefused(ann, 'limit', (e) => e.move('c', { into: 'd253' }));
    ann.edit((e) => e.move('b', { into: 'd254' }));
    expect(ann.replica.scene.has(id('b'))).toBe(true);
  });

  it('[D6] a key gives the same id in every world, once', () => {
    const ann = new Editor('ann');
    const bob = new Editor('bob');
    const { value } = ann.edit((e) => e.add({ key: 'table-1' }));
    expect(bob.edit((e) => e.add({ key: 'table-1' })).value).toBe(value);
    expectRefused(ann, 'object-exists', (e) => e.add({ key: 'table-1' }));
    expectRefused(ann, 'invalid-id', (e) => e.add({ key: '' }));
  });

  it('[D7] deletion can be taken back, nothing else of a deleted object changed', () => {
    const ann = new Editor('ann');
    ann.edit((e) => e.add({ id: 'a', node: { name: 'A' } }));
    ann.edit((e) => e.remove('a'));
    expect(ann.replica.scene.size).toBe(0);
    expectRefused(ann, 'unknown-object', (e) => e.set('a', { node: { name: 'B' } }));
    expect(expectRefused(ann, 'object-exists', (e) => e.add({ id: 'a' })).hint).toContain('deleted');
    ann.edit((e) => e.set('a', { node: { deleted: null } }));
    expect(ann.replica.scene.get(id('a'))?.node?.name).toBe('A');
  });

  it('[D8] removes a component with null', () => {
    const ann = new Editor('ann');
    ann.edit((e) => e.add({ id: 'a', light: { intensity: 2, range: 5 } }));
    ann.edit((e) => e.set('a', { light: null }));
    expect(ann.replica.scene.get(id('a'))?.light).toBeUndefined();
    expect(ann.replica.scene.get(id('a'))?.componentNames).toEqual(['node']);
  });

  it('[D9] visitors may not, and locks and owners bind builders', () => {
    const ann = new Editor('ann');
    ann.edit((e) => {
      e.add({ id: 'mine', node: { owner: '@ann:test.org', locked: true } });
      e.add({ id: 'theirs', node: { owner: '@bob:test.org' } });
      e.add({ id: 'locked', node: { locked: true } });
      e.add({ id: 'free' });
    });
    ann.edit((e) => e.set('mine', { node: { name: 'x' } }));
    expect(expectRefused(ann, 'forbidden', (e) => e.set('theirs', { node: { name: 'x' } })).by).toBe(
      'steward',
    );
    expectRefused(ann, 'forbidden', (e) => e.remove('locked'));
    ann.edit((e) => e.move('free', { after: 'mine' }));
    ann.access = { ...ann.access, level: 24 };
    expect(expectRefused(ann, 'read-only', (e) => e.add({})).by).toBe('owner');
    ann.access = { ...ann.access, level: Number.NaN };
    expectRefused(ann, 'read-only', (e) => e.add({}));
    ann.access = { ...ann.access, level: 50 };
    ann.edit((e) => e.remove('theirs'));
    ann.access = { ...ann.access, level: Number.POSITIVE_INFINITY };
    ann.edit((e) => e.remove('locked'));
  });

  it('[D9] visitors put elsewhere and turn what is grabbable, and nothing else', () => {
    const ann = new Editor('ann');
    const grabbable = { interact: { grabbable: true } };
    ann.edit((e) => {
      e.add({ id: 'chair', ...grabbable });
      e.add({ id: 'nailed', node: { locked: true }, ...grabbable });
      e.add({ id: 'bobs', node: { owner: '@bob:test.org' }, ...grabbable });
      e.add({ id: 'anns', node: { owner: '@ann:test.org', locked: true }, ...grabbable });
      e.add({ id: 'wall' });
      e.add({ id: 'ghost', ...grabbable });
    });
    ann.edit((e) => e.set('ghost', { interact: null }));
    const move = { transform: { position: [1, 2, 3], rotation: [0, 1, 0, 0] } } as const;
    for (const level of [0, 24]) {
      ann.access = { ...ann.access, level };
      ann.edit((e) => e.set('chair', { transform: { position: [level, 2, 3], rotation: [0, 1, 0, 0] } }));
      ann.edit((e) => e.set('anns', { transform: { position: [level, 0, 0] } }));
      expect(ann.replica.scene.get(id('chair'))?.transform?.position).toEqual([level, 2, 3]);
      for (const other of ['wall', 'ghost']) expectRefused(ann, 'read-only', (e) => e.set(other, move));
      for (const other of ['nailed', 'bobs']) expectRefused(ann, 'forbidden', (e) => e.set(other, move));
      expectRefused(ann, 'read-only', (e) => e.set('chair', { transform: { scale: [9, 9, 9] } }));
      expectRefused(ann, 'read-only', (e) => e.set('chair', { ...move, node: { name: 'x' } }));
      expectRefused(ann, 'read-only', (e) => e.set('chair', { interact: { grabbable: false } }));
      expectRefused(ann, 'read-only', (e) => e.set('wall', { ...grabbable, ...move }));
      expectRefused(ann, 'read-only', (e) => e.move('chair', { into: 'wall' }));
      expectRefused(ann, 'read-only', (e) => e.remove('chair'));
      expectRefused(ann, 'read-only', (e) => e.add({ ...grabbable, ...move }));
    }
    for (const level of [-1, Number.NaN]) {
      ann.access = { ...ann.access, level };
      expectRefused(ann, 'read-only', (e) => e.set('chair', { transform: { position: [7, 7, 7] } }));
    }
  });

  it('[D9] everybody sits down and stands up as themselves, on locked seats and those of others too', () => {
    const ann = new Editor('ann');
    const me = ann.access.userId;
    const occupied = (occupant: string | null) => ({ seat: { occupant } });
    ann.edit((e) => {
      e.add({ id: 'bench', seat: { label: 'Rest' }, node: { locked: true } });
      e.add({ id: 'bobs', seat: { offset: [0, 1, 0] }, node: { owner: '@bob:test.org' } });
      e.add({ id: 'taken', seat: { label: 'Rest', occupant: '@bob:test.org' } });
      e.add({ id: 'wall' });
    });
    for (const level of [0, 24, 25]) {
      ann.access = { ...ann.access, level };
      for (const seat of ['bench', 'bobs', 'taken']) {
        ann.edit((e) => e.set(seat, occupied(me)));
        expect(ann.replica.scene.get(id(seat))?.seat?.occupant).toBe(me);
        ann.edit((e) => e.set(seat, occupied(null)));
        expect(ann.replica.scene.get(id(seat))?.seat?.occupant).toBeUndefined();
        const code = level < 25 ? 'read-only' : 'forbidden';
        if (seat !== 'taken') {
          expectRefused(ann, code, (e) => e.set(seat, occupied('@cid:test.org')));
          expectRefused(ann, code, (e) => e.set(seat, { ...occupied(me), node: { name: 'Mine' } }));
          expectRefused(ann, code, (e) => e.set(seat, { seat: { occupant: me, label: 'Mine' } }));
        }
      }
    }
    ann.access = { ...ann.access, level: 25 };
    ann.edit((e) => e.set('taken', occupied('@bob:test.org')));
    ann.access = { ...ann.access, level: 0 };
    expectRefused(ann, 'read-only', (e) => e.set('taken', occupied(null)));
    expectRefused(ann, 'read-only', (e) => e.set('wall', occupied(me)));
    expectRefused(ann, 'read-only', (e) => e.add(occupied(me)));
    ann.access = { ...ann.access, level: -1 };
    expectRefused(ann, 'read-only', (e) => e.set('bench', occupied(me)));
  });

  it('[D9] nobody but its user changes a personal object, whatever the role', () => {
    const bob = new Editor('bob');
    const ann = new Editor('ann');
    const keepsake = parseObjectId(`u_${writerHashOf(bob.access.userId)}_ring`);
    const register = { value: 'ring', stamp: bob.replica.clock.issue() };
    const patch = patchOf({ registers: [{ id: keepsake, path: parsePath('node.name'), register }] });
    for (const { replica } of [ann, bob]) replica.receive(patch, 'matrix');
    for (const level of [25, 50, Number.POSITIVE_INFINITY]) {
      ann.access = { ...ann.access, level };
      expectRefused(ann, 'forbidden', (e) => e.set(keepsake, { node: { name: 'x' } }));
      expectRefused(ann, 'forbidden', (e) => e.remove(keepsake));
    }
    bob.edit((e) => e.set(keepsake, { node: { name: 'band' } }));
    expect(bob.replica.scene.get(keepsake)?.node?.name).toBe('band');
  });

  it('[D10] is synchronous, and over when the function returns', () => {
    const ann = new Editor('ann');
    const late: { draft: EditDraft | null } = { draft: null };
    const asynchronous: (e: EditDraft) => unknown = async (e) => e.add({});
    expect(refusal(() => ann.compose(asynchronous)).code).toBe('invalid-value');
    // @ts-expect-error An edit cannot be async: TypeScript says so before anything runs.
    expect(refusal(() => ann.compose(async (e) => e.add({}))).code).toBe('invalid-value');
    ann.edit((e) => {
      late.draft = e;
    });
    expect(refusal(() => late.draft?.add({})).code).toBe('closed');
    expect(ann.replica.scene.size).toBe(0);
  });

  it('[D11] holds the bounds: objects an edit, bytes an object', () => {
    const ann = new Editor('ann');
    const addMany = (count: number) => (e: EditDraft) => {
      for (let at = 0; at < count; at++) e.add({});
    };
    expectRefused(ann, 'limit', addMany(MAX_EDIT_OBJECTS + 1));
    ann.edit(addMany(MAX_EDIT_OBJECTS));
    expect(ann.replica.scene.children(ROOT)).toHaveLength(MAX_EDIT_OBJECTS);
    const big = { 'acme:text': { a: 'x'.repeat(4000), b: 'x'.repeat(3000) } };
    ann.edit((e) => e.add({ id: 'big', ...big }));
    expect(
      expectRefused(ann, 'limit', (e) => e.set('big', { 'acme:text': { c: 'x'.repeat(1500) } })).path,
    ).toBe('big');
  });

  it('[D12] says so where a purge by a fast clock would take the edit at once', () => {
    const ann = new Editor('ann');
    const purge = timeFromMs(ann.nowMs + 300_000);
    ann.replica.receive(patchOf({ purges: [[id('a'), purge]] }), 'matrix');
    expect(expectRefused(ann, 'limit', (e) => void e.add({ id: 'a' })).hint).toContain('Try again in');
    ann.nowMs += 300_000;
    ann.edit((e) => e.add({ id: 'a' }));
    expect(ann.replica.scene.has(id('a'))).toBe(true);
  });

  it('[D12] says so where a fast clock would make the edit do nothing', () => {
    const ann = new Editor('ann');
    ann.edit((e) => e.add({ id: 'a' }));
    const [actor] = ['actor-fast'].filter(isActorId);
    if (actor === undefined) throw new Error('no actor');
    const stamp = { time: timeFromMs(ann.nowMs + 300_000), actor };
    ann.replica.receive(
      patchOf({
        registers: [{ id: id('a'), path: parsePath('node.name'), register: { value: 'x', stamp } }],
      }),
      'matrix',
    );
    expect(parseTime(stamp.time)).toBe(stamp.time);
    expect(expectRefused(ann, 'limit', (e) => e.set('a', { node: { name: 'y' } })).hint).toContain(
      'Try again in',
    );
    ann.nowMs += 300_000;
    ann.edit((e) => e.set('a', { node: { name: 'y' } }));
    expect(ann.replica.scene.get(id('a'))?.node?.name).toBe('y');
  });
});
