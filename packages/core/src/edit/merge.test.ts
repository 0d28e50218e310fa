import { propertySettings } from '@weft/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainPatch, shifted } from '../../test/arbitraries.ts';
import { Editor } from '../../test/editor.ts';
import { treePatch } from '../../test/history.ts';
import {
  composeMerge,
  copyScene,
  decodePatch,
  type EditDraft,
  encodePatch,
  entriesOf,
  join,
  MAX_EDIT_OBJECTS,
  type Patch,
  parseObjectId,
  parsePath,
  patchFromJson,
  patchOf,
  patchToJson,
  QUARANTINE_LEAD_MS,
  ROLE_LEVELS,
  ROOT,
  readScene,
  sceneHash,
  WeftError,
} from '../index.ts';

const RUNS = propertySettings(300);

/** An export of the whole world, through the bytes of a file. */
const file = (patch: Patch): Patch => decodePatch(encodePatch(patch)).patch;
const jsonFile = (patch: Patch): Patch => patchFromJson(JSON.parse(JSON.stringify(patchToJson(patch)))).patch;

function merge(into: Editor, patch: Patch): Patch {
  const composed = composeMerge(into.replica, into.access, patch);
  into.replica.write(composed.patch, 'import');
  return composed.patch;
}

const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof WeftError) return error.code;
    throw error;
  }
  return 'none';
};

describe('merging files', () => {
  it('[T2] two copies edited apart merge to the same world in either order, as bytes or as JSON', () => {
    fc.assert(
      fc.property(treePatch, treePatch, treePatch, (start, left, right) => {
        const [a, b] = [file(join(start, left)), jsonFile(join(start, right))];
        const [ab, ba] = [new Editor('ab', ROLE_LEVELS.steward), new Editor('ba', ROLE_LEVELS.steward)];
        for (const patch of [a, b]) merge(ab, patch);
        for (const patch of [b, a, b]) merge(ba, patch);
        expect(plainPatch(ab.replica.toPatch())).toEqual(plainPatch(ba.replica.toPatch()));
        expect(sceneHash(ab.replica.scene)).toBe(sceneHash(ba.replica.scene));
        expect(merge(ab, b).objects.size).toBe(0);
      }),
      RUNS,
    );
  });

  it('[T2] each of two copies that takes in the other’s export shows what the other shows', () => {
    fc.assert(
      fc.property(treePatch, treePatch, treePatch, (start, left, right) => {
        const [ann, bob] = [new Editor('ann', ROLE_LEVELS.steward), new Editor('bob', ROLE_LEVELS.steward)];
        for (const [editor, own] of [[ann, left] as const, [bob, right] as const])
          for (const patch of [start, own]) merge(editor, patch);
        ann.edit((e) => void e.add({ id: 'annes', node: { name: 'Anne’s' } }));
        const [a, b] = [encodePatch(ann.replica.toPatch()), encodePatch(bob.replica.toPatch())];
        merge(ann, decodePatch(b).patch);
        merge(bob, decodePatch(a).patch);
        expect(sceneHash(ann.replica.scene)).toBe(sceneHash(bob.replica.scene));
      }),
      RUNS,
    );
  });

  it('[T4] writes what is news under its own stamp, with the claims of its authors and no purge', () => {
    const ann = new Editor('ann');
    ann.edit((e) => void e.add({ id: 'table', node: { name: 'Table' } }));
    const exported = file(ann.replica.toPatch());
    const bob = new Editor('bob');
    const merged = merge(bob, {
      ...exported,
      objects: new Map([
        ...exported.objects,
        [parseObjectId('old'), { registers: new Map(), purge: bob.replica.clock.issue().time }],
      ]),
    });
    expect(plainPatch(merged)).toEqual(plainPatch(ann.replica.toPatch()));
    expect(bob.replica.scene.get(parseObjectId('table'))?.node?.name).toBe('Table');
    expect([...bob.replica.usersOf(ann.replica.clock.actor)]).toEqual([ann.access.userId]);
    expect(merge(bob, exported).objects.size).toBe(0);
  });

  it('[T4] never brings back what the room purged, nor what a newer value replaced', () => {
    const [ann, bob] = [new Editor('ann'), new Editor('bob')];
    ann.edit((e) => {
      e.add({ id: 'gone' });
      e.add({ id: 'kept', node: { name: 'Old' } });
    });
    const exported = file(ann.replica.toPatch());
    bob.replica.receive(exported, 'matrix');
    bob.nowMs = ann.nowMs + 10;
    bob.edit((e) => e.set('kept', { node: { name: 'New' } }));
    const purge = bob.replica.clock.issue().time;
    bob.replica.receive(patchOf({ purges: [[parseObjectId('gone'), purge]] }), 'matrix');
    expect(merge(bob, exported).objects.size).toBe(0);
    expect(bob.replica.scene.has(parseObjectId('gone'))).toBe(false);
    expect(bob.replica.scene.get(parseObjectId('kept'))?.node?.name).toBe('New');
  });

  it('[T4] all or nothing: the future, roles, owners and sizes are refused before anything is written', () => {
    const ann = new Editor('ann', ROLE_LEVELS.owner);
    ann.edit((e) => {
      e.add({ id: 'free', node: { name: 'Free' } });
      e.add({ id: 'hers', node: { name: 'Hers', owner: ann.access.userId } });
    });
    const first = ann.replica.toPatch();
    ann.edit((e) => {
      e.set('free', { node: { name: 'Freer' } });
      e.set('hers', { node: { name: 'Still hers' } });
    });
    const second = ann.replica.toPatch();
    const refusal = (editor: Editor, patch: Patch) => {
      const before = plainPatch(editor.replica.toPatch());
      const code = codeOf(() => merge(editor, patch));
      expect(plainPatch(editor.replica.toPatch())).toEqual(before);
      return code;
    };
    expect(refusal(new Editor('cid', ROLE_LEVELS.visitor), first)).toBe('read-only');
    const bob = new Editor('bob');
    bob.replica.receive(first, 'matrix');
    expect(refusal(bob, second)).toBe('forbidden');
    const [dan, eve] = [new Editor('dan'), new Editor('eve')];
    dan.nowMs = eve.nowMs = ann.nowMs - 1;
    expect(refusal(eve, shifted(first, QUARANTINE_LEAD_MS + 1))).toBe('bad-file');
    expect(codeOf(() => merge(dan, shifted(first, QUARANTINE_LEAD_MS)))).toBe('none');
  });

  it('[T4] takes 5,000 objects that change and not one more; those that are there already do not count', () => {
    const many = (count: number) => {
      const ann = new Editor('ann');
      const stamp = ann.replica.clock.issue();
      const path = parsePath('node.name');
      return patchOf({
        registers: Array.from({ length: count }, (_, at) => ({
          id: parseObjectId(`o${at}`),
          path,
          register: { value: null, stamp },
        })),
      });
    };
    const bob = new Editor('bob');
    expect(codeOf(() => merge(bob, many(MAX_EDIT_OBJECTS + 1)))).toBe('limit');
    expect(codeOf(() => merge(bob, many(MAX_EDIT_OBJECTS)))).toBe('none');
    expect(codeOf(() => merge(bob, many(MAX_EDIT_OBJECTS + 1)))).toBe('none');
  });

  it('[T4] leaves out objects that only their owner may carry, and says which', () => {
    const id = parseObjectId(`u_${'a'.repeat(22)}_b`);
    const ann = new Editor('ann');
    const register = { value: 'Mine', stamp: ann.replica.clock.issue() };
    const { patch, personal } = composeMerge(
      ann.replica,
      ann.access,
      patchOf({ registers: [{ id, path: parsePath('node.name'), register }] }),
    );
    expect([patch.objects.size, personal]).toEqual([0, [id]]);
  });
});

describe('copying a scene', () => {
  const source = () => {
    const ann = new Editor('ann', ROLE_LEVELS.steward);
    ann.edit((e) => {
      const table = e.add({ node: { name: 'Table', owner: ann.access.userId, locked: true } });
      for (const name of ['One', 'Two', 'Three']) e.add({ parent: table, node: { name } });
      e.add({ node: { name: 'Switch' }, 'acme:switch': { turns: [table, 'Table'], at: { of: table } } });
      e.remove(e.add({ node: { name: 'Trash' } }));
    });
    return { ann, table: ann.replica.scene.children(ROOT)[0] ?? ROOT };
  };
  const shape = (editor: Editor, top: string): unknown => {
    const { scene } = editor.replica;
    const name = (id: string) => scene.get(parseObjectId(id))?.node?.name;
    const walk = (id: string): unknown => [name(id), scene.children(parseObjectId(id)).map(walk)];
    return scene.children(parseObjectId(top)).map(walk);
  };
  const copy = (from: Editor) => (e: EditDraft) => {
    const under = e.add({ id: 'under' });
    return copyScene(e, readScene(file(from.replica.toPatch())), under);
  };

  it('[T5] adds all that is visible below a parent, in order, under new ids and own stamps', () => {
    const { ann, table } = source();
    const bob = new Editor('bob');
    // Ids of these editors count up from the same start.
    bob.compose((e) => {
      for (let drawn = 0; drawn < 10; drawn++) e.add({});
    });
    const { value, patch } = bob.edit(copy(ann));
    expect(shape(bob, 'under')).toEqual(shape(ann, 'root'));
    expect(value.problems).toEqual([]);
    for (const [from, to] of value.ids) expect(to).not.toBe(from);
    const copied = value.ids.get(table) ?? ROOT;
    expect(bob.replica.scene.get(copied)?.node).toMatchObject({ name: 'Table', locked: false });
    expect(bob.replica.scene.get(copied)?.node?.owner).toBeUndefined();
    const custom = [...bob.replica.scene.ids()]
      .map((id) => bob.replica.scene.get(id)?.component('acme:switch'))
      .find((found) => found !== undefined);
    expect(custom).toEqual({ turns: [copied, 'Table'], at: { of: copied } });
    for (const { register } of entriesOf(patch)) expect(register.stamp.actor).toBe(bob.replica.clock.actor);
  });

  it('[T5] is one step that undo takes back and redo brings back', () => {
    const { ann } = source();
    const bob = new Editor('bob');
    bob.edit(copy(ann));
    bob.undo();
    expect(shape(bob, 'root')).toEqual([]);
    bob.redo();
    expect(shape(bob, 'under')).toEqual(shape(ann, 'root'));
  });

  it('[T5] takes 5,000 objects and not one more', () => {
    const many = (count: number) => {
      const ann = new Editor('ann');
      const stamp = ann.replica.clock.issue();
      const path = parsePath('node.name');
      const register = { value: 'One of many', stamp };
      return readScene(
        patchOf({
          registers: Array.from({ length: count }, (_, at) => ({
            id: parseObjectId(`o${at}`),
            path,
            register,
          })),
        }),
      );
    };
    const bob = new Editor('bob');
    const copied = (count: number) => codeOf(() => bob.compose((e) => void copyScene(e, many(count), ROOT)));
    expect([copied(MAX_EDIT_OBJECTS), copied(MAX_EDIT_OBJECTS + 1)]).toEqual(['none', 'limit']);
  });

  it('[T5] leaves out what authors here may not write, and says so', () => {
    const { ann, table } = source();
    const [entry] = entriesOf(ann.compose((e) => e.set(table, { node: { name: 'x' } })).patch);
    if (entry === undefined) throw new Error('no entry');
    const { stamp } = entry.register;
    ann.replica.receive(patchOf({ registers: [{ ...entry, register: { value: 7, stamp } }] }), 'matrix');
    const bob = new Editor('bob');
    const { value } = bob.edit(copy(ann));
    expect(value.problems).toEqual([{ carrier: table, path: 'node.name', reason: expect.any(String) }]);
    expect(value.ids.size).toBe(5);
  });
});
