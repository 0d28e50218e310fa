import { propertySettings } from '@weft/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shifted, USER_IDS } from '../../test/arbitraries.ts';
import { Editor } from '../../test/editor.ts';
import { TREE_IDS, treePatch } from '../../test/history.ts';
import { refusal } from '../../test/refusal.ts';
import { factPatch, ruleList, ruleNamed } from '../../test/rule-history.ts';
import { plainObject, snapshots } from '../../test/scene-plain.ts';
import { type ObjectId, parseObjectId } from '../ids.ts';
import { entriesOf, type Patch, patchOf } from '../register/patch.ts';
import { readComponentEvents } from '../rules/read-events.ts';
import type { Rule, RuleContent } from '../rules/rule.ts';
import type { EditDraft } from './draft.ts';
import type { Turn } from './history.ts';

const START_MS = new Editor('ann').nowMs;
const [OWNER] = USER_IDS;
const OBJECTS = TREE_IDS.slice(0, 8);

type Act = (draft: EditDraft) => void;

const act: fc.Arbitrary<Act> = fc.oneof(
  fc
    .record({
      id: fc.constantFrom(...OBJECTS),
      parent: fc.constantFrom(...TREE_IDS.slice(0, 9)),
      kind: fc.constantFrom('lamp', 'lamp', 'room'),
    })
    .map(
      ({ id, parent, kind }): Act =>
        (e) =>
          e.add({ id, parent, node: { kind } }),
    ),
  fc
    .record({
      id: fc.constantFrom(...OBJECTS),
      node: fc.constantFrom(
        { kind: 'lamp' },
        { kind: 'room' },
        { kind: null },
        { tags: ['x'] },
        { tags: null },
        { name: 'Sun' },
        { name: null },
      ),
    })
    .map(
      ({ id, node }): Act =>
        (e) =>
          e.set(id, { node }),
    ),
  fc
    .record({
      id: fc.constantFrom(...OBJECTS),
      position: fc.constantFrom<[number, number, number] | null>([1, 0, 0], [40, 0, -9], [-15, 1.5, 0], null),
    })
    .map(
      ({ id, position }): Act =>
        (e) =>
          e.set(id, { transform: { position } }),
    ),
  fc.record({ id: fc.constantFrom(...OBJECTS), open: fc.constantFrom(true, 3, 70, null) }).map(
    ({ id, open }): Act =>
      (e) =>
        e.set(id, { 'acme:door': { open } }),
  ),
  fc.record({ id: fc.constantFrom(...OBJECTS), into: fc.constantFrom(...TREE_IDS.slice(0, 9)) }).map(
    ({ id, into }): Act =>
      (e) =>
        e.move(id, { into }),
  ),
  fc.constantFrom(...OBJECTS).map(
    (id): Act =>
      (e) =>
        e.remove(id),
  ),
);

type Move = Act | Turn | { readonly patch: Patch } | { readonly rules: readonly Rule[] };

const moves: fc.Arbitrary<readonly Move[]> = fc.array(
  fc.oneof<fc.MaybeWeightedArbitrary<Move>[]>(
    { weight: 6, arbitrary: act },
    { weight: 6, arbitrary: fc.constantFrom<Turn>('undo', 'undo', 'redo') },
    {
      weight: 2,
      arbitrary: fc
        .oneof(factPatch, treePatch)
        // Not from a clock that is ahead, and no purge: those have laws of their own.
        .map((patch) => ({ patch: patchOf({ registers: entriesOf(patch) }) })),
    },
    { weight: 1, arbitrary: ruleList.map((rules) => ({ rules: withOneThatCounts(rules) })) },
  ),
  { minLength: 20, maxLength: 50, size: 'max' },
);

/** Of two rules that count, one may let in what the other then counts out. */
function withOneThatCounts(rules: readonly Rule[]): readonly Rule[] {
  const first = rules.find(counts);
  return rules.filter((rule) => !counts(rule) || rule === first);
}

function counts({ kind }: Rule): boolean {
  return kind === 'limit' || kind === 'unique';
}

/** What breaks a rule and hangs from something that breaks none. */
function brokenIn({ replica }: Editor): ReadonlySet<ObjectId> {
  return new Set(
    replica.scene.problems.filter(({ reason }) => reason === 'rule').map(({ object }) => object),
  );
}

/** What only rules keep out of the scene. */
function suspendedIn({ replica }: Editor, rules: readonly Rule[]): ReadonlySet<ObjectId> {
  const seen = new Set(replica.scene.ids());
  replica.setRules([]);
  const all = new Set(replica.scene.ids());
  replica.setRules(rules);
  return all.difference(seen);
}

/** Steps to take back from the first move on. */
function settled(): Editor {
  const editor = new Editor('ann');
  for (const id of OBJECTS.slice(0, 5)) editor.edit((e) => e.add({ id, node: { kind: 'lamp' } }));
  return editor;
}

function scenePlain({ scene }: Editor['replica']): unknown {
  return new Map([...snapshots(scene)].map(([id, object]) => [id, plainObject(object)]));
}

/** All that a refusal must not change. */
function stateOf({ replica, history }: Editor): unknown {
  const { canUndo, canRedo, undoName, redoName } = history;
  return {
    scene: scenePlain(replica),
    problems: replica.scene.problems,
    dirty: replica.dirty(),
    canUndo,
    canRedo,
    undoName,
    redoName,
  };
}

const rule = (content: RuleContent) => [ruleNamed('the-rule', content)];

describe('undo and redo', () => {
  it('[U9] suspend nothing new, whatever the rules and whatever others did', () => {
    let passed = 0;
    const refused = new Map<string, number>();
    fc.assert(
      fc.property(moves, (all) => {
        const ann = settled();
        let rules: readonly Rule[] = [];
        for (const move of all) {
          ann.nowMs += 1;
          if (typeof move === 'function') refusal(() => ann.edit(move));
          else if (typeof move === 'string') {
            const before = stateOf(ann);
            const suspended = suspendedIn(ann, rules);
            const counting = rules.find(counts)?.name;
            const { problems } = ann.replica.scene;
            const seen = new Set(ann.replica.scene.ids());
            const error = refusal(() => ann[move]());
            if (error !== null) {
              refused.set(error.code, (refused.get(error.code) ?? 0) + 1);
              expect(stateOf(ann)).toEqual(before);
              continue;
            }
            // Where one too many is there already, any write may change who of them it is; see [L3] for cycles.
            if (problems.some((problem) => problem.reason === 'rule' && problem.rule === counting)) continue;
            if ([...problems, ...ann.replica.scene.problems].some(({ reason }) => reason === 'cycle'))
              continue;
            passed += 1;
            expect(brokenIn(ann).difference(suspended)).toEqual(new Set());
            expect(suspendedIn(ann, rules).intersection(seen)).toEqual(new Set());
          } else if ('patch' in move)
            ann.replica.receive(shifted(move.patch, ann.nowMs - START_MS), 'matrix');
          else {
            ({ rules } = move);
            ann.replica.setRules(rules);
          }
        }
      }),
      propertySettings(400),
    );
    expect(passed).toBeGreaterThan(500);
    expect(refused.get('rule') ?? 0).toBeGreaterThan(50);
  });

  it('[U8] what a rule refuses is done once the rule is gone, and nothing of it before', () => {
    let again = 0;
    fc.assert(
      fc.property(fc.array(act, { minLength: 4, maxLength: 12 }), ruleList, (acts, rules) => {
        const [bound, free] = [settled(), settled()];
        for (const editor of [bound, free]) for (const fn of acts) refusal(() => editor.edit(fn));
        bound.nowMs = free.nowMs;
        while (free.history.canUndo) {
          bound.replica.setRules(rules);
          const before = stateOf(bound);
          const error = refusal(() => bound.undo());
          if (error !== null) {
            again += 1;
            expect(error.code).toBe('rule');
            expect(rules.map(({ name }) => name)).toContain(error.rule);
            expect(stateOf(bound)).toEqual(before);
            bound.replica.setRules([]);
            bound.undo();
          }
          bound.replica.setRules([]);
          free.undo();
          expect(scenePlain(bound.replica)).toEqual(scenePlain(free.replica));
        }
      }),
      propertySettings(200),
    );
    expect(again).toBeGreaterThan(50);
  });

  const lamp =
    (id: string, more: object = {}): Act =>
    (e) =>
      void e.add({ id, node: { kind: 'lamp' }, ...more });

  it.each<[string, RuleContent, readonly Act[], string]>([
    [
      'limit',
      { kind: 'limit', match: { kind: 'lamp' }, count: 1 },
      [lamp('a'), (e) => e.remove('a'), lamp('b')],
      'expected at most 1 of them, got 2, beside b',
    ],
    [
      'unique',
      { kind: 'unique', property: 'node.name' },
      [
        lamp('a', { node: { name: 'Sun' } }),
        (e) => e.set('a', { node: { name: 'Moon' } }),
        lamp('b', { node: { name: 'Sun' } }),
      ],
      'expected a node.name that no other object has, got the same as b',
    ],
    [
      'range',
      { kind: 'range', property: 'light.intensity', max: 10 },
      [lamp('a', { light: { intensity: 99 } }), (e) => e.set('a', { light: { intensity: 9 } })],
      'expected light.intensity up to 10, got 99',
    ],
    [
      'bounds in the world',
      { kind: 'bounds', match: { kind: 'lamp' }, min: [-5, -5, -5], max: [5, 5, 5] },
      [
        lamp('a', { transform: { position: [9, 0, 0] } }),
        (e) => e.set('a', { transform: { position: [1, 0, 0] } }),
      ],
      'expected an origin from [-5, -5, -5] to [5, 5, 5] metres, got [9,0,0]',
    ],
    [
      'parent',
      { kind: 'parent', match: { kind: 'lamp' }, parents: [{ kind: 'room' }] },
      [
        (e) => {
          e.add({ id: 'room', node: { kind: 'room' } });
          e.add({ id: 'a', node: { kind: 'lamp' } });
        },
        (e) => e.move('a', { into: 'room' }),
      ],
      'expected to hang from an object with kind room, got none',
    ],
    [
      'locked',
      { kind: 'locked', match: { kind: 'lamp' }, level: 50 },
      [lamp('a'), (e) => e.set('a', { node: { name: 'Sun' } })],
      'expected a power level of at least 50, got 25',
    ],
    [
      'schema',
      { kind: 'schema', component: 'acme:door', schema: { required: ['open'] } },
      [lamp('a', { 'acme:door': { colour: 'red' } }), (e) => e.set('a', { 'acme:door': { open: true } })],
      'expected acme:door.open to be a value, got null',
    ],
  ])('[U8] are refused by name and with what is in the way: %s', (kind, content, acts, words) => {
    const ann = new Editor('ann');
    const bob = new Editor('bob');
    for (const [at, fn] of acts.entries()) {
      // The last act of those that count is somebody else's.
      const other = at === 2 ? bob : null;
      if (other === null) bob.replica.receive(ann.edit(fn).patch, 'live');
      else {
        other.nowMs = ann.nowMs;
        ann.replica.receive(other.edit(fn).patch, 'live');
        ann.nowMs = other.nowMs;
      }
    }
    ann.replica.setRules(rule(content));
    const before = stateOf(ann);
    const error = refusal(() => ann.undo());
    expect(error).toMatchObject({ code: 'rule', rule: 'the-rule', by: 'steward' });
    expect(error?.message).toMatch(/^Cannot undo edit \(change a\): /);
    expect(error?.message).toContain(words);
    expect(error?.message).toContain('That is the rule the-rule of this world; a steward can change it');
    expect(stateOf(ann), kind).toEqual(before);
    ann.replica.setRules([]);
    expect(ann.undo()).not.toBeNull();
  });

  it('[U8] are refused what a declared component does not take any more', () => {
    const ann = new Editor('ann');
    ann.edit((e) => e.add({ id: 'a', 'acme:door': { open: 3 } }));
    ann.edit((e) => e.set('a', { 'acme:door': { open: true } }));
    const content = { schema: { properties: { open: { type: 'boolean' } } } };
    const { components } = readComponentEvents([{ stateKey: 'acme:door', content }]);
    ann.replica.setComponents(components);
    const before = stateOf(ann);
    const error = refusal(() => ann.undo());
    expect(error).toMatchObject({ code: 'schema', path: 'acme:door.open', got: '3' });
    expect(stateOf(ann)).toEqual(before);
    ann.replica.setComponents([]);
    expect(ann.undo()).not.toBeNull();
    expect(ann.replica.scene.get(parseObjectId('a'))?.component('acme:door')).toEqual({ open: 3 });
  });

  it('[U8] redo asks as undo does', () => {
    const ann = new Editor('ann');
    ann.edit(lamp('a'));
    ann.undo();
    ann.replica.setRules(rule({ kind: 'limit', match: { kind: 'lamp' }, count: 0 }));
    expect(refusal(() => ann.redo())).toMatchObject({ code: 'rule', rule: 'the-rule' });
    expect(ann.history.canRedo).toBe(true);
    ann.replica.setRules([]);
    expect(ann.redo()).not.toBeNull();
    expect(ann.replica.scene.size).toBe(1);
  });

  it('[U8] tie no cycle', () => {
    const [ann, bob] = [new Editor('ann'), new Editor('bob')];
    const { patch } = bob.edit((e) => {
      e.add({ id: 'a' });
      e.add({ id: 'b' });
      e.move('b', { into: 'a' });
    });
    ann.replica.receive(patch, 'live');
    ann.nowMs = bob.nowMs;
    bob.replica.receive(ann.edit((e) => e.move('b', { into: 'root' })).patch, 'live');
    bob.nowMs = ann.nowMs;
    ann.replica.receive(bob.edit((e) => e.move('a', { into: 'b' })).patch, 'live');
    const before = stateOf(ann);
    expect(refusal(() => ann.undo())).toMatchObject({ code: 'cycle', path: 'b' });
    expect(stateOf(ann)).toEqual(before);
    ann.nowMs = bob.nowMs;
    ann.replica.receive(bob.edit((e) => e.move('a', { into: 'root' })).patch, 'live');
    expect(ann.undo()).not.toBeNull();
    expect(ann.replica.scene.parent(parseObjectId('b'))).toBe('a');
  });

  it('[U8] hide nothing under what somebody deleted', () => {
    const [ann, bob] = [new Editor('ann'), new Editor('bob')];
    const { patch } = bob.edit((e) => {
      e.add({ id: 'box' });
      e.add({ id: 'a', parent: 'box' });
    });
    ann.replica.receive(patch, 'live');
    ann.nowMs = bob.nowMs;
    bob.replica.receive(ann.edit((e) => e.move('a', { into: 'root' })).patch, 'live');
    bob.nowMs = ann.nowMs;
    ann.replica.receive(bob.edit((e) => e.remove('box')).patch, 'live');
    ann.nowMs = bob.nowMs;
    expect(refusal(() => ann.undo())).toMatchObject({ code: 'unknown-object', path: 'box' });
    expect([...ann.replica.scene.ids()]).toEqual(['a']);
    bob.undo();
    ann.replica.receive(bob.replica.toPatch(), 'live');
    ann.undo();
    expect(ann.replica.scene.parent(parseObjectId('a'))).toBe('box');
  });

  it('[U8] hide nothing under what a rule keeps out, and name the rule', () => {
    const ann = new Editor('ann');
    ann.edit((e) => e.add({ id: 'box', light: { intensity: 99 } }));
    ann.edit((e) => {
      e.add({ id: 'shelf', parent: 'box' });
      e.add({ id: 'a', parent: 'shelf' });
    });
    ann.edit((e) => e.move('a', { into: 'root' }));
    ann.replica.setRules(rule({ kind: 'range', property: 'light.intensity', max: 10 }));
    const before = stateOf(ann);
    expect(refusal(() => ann.undo())).toMatchObject({ code: 'rule', rule: 'the-rule', got: 'box' });
    expect(stateOf(ann)).toEqual(before);
    ann.replica.setRules([]);
    ann.undo();
    expect(ann.replica.scene.parent(parseObjectId('a'))).toBe('shelf');
  });

  it('[U7] are refused what the user may no longer write: role, lock, owner', () => {
    const [ann, eve] = [new Editor('ann'), new Editor('eve', 50)];
    ann.edit((e) => e.add({ id: 'a', node: { name: 'A' } }));
    ann.edit((e) => e.set('a', { node: { name: 'B' } }));
    const tries = (code: string) => {
      const before = stateOf(ann);
      expect(refusal(() => ann.undo())).toMatchObject({ code });
      expect(stateOf(ann)).toEqual(before);
    };
    const { access } = ann;
    ann.access = { ...access, level: 0 };
    tries('read-only');
    ann.access = access;
    eve.replica.receive(ann.replica.toPatch(), 'live');
    const decree = (fn: Act) => {
      eve.nowMs = ann.nowMs;
      ann.replica.receive(eve.edit(fn).patch, 'live');
      ann.nowMs = eve.nowMs;
    };
    decree((e) => e.set('a', { node: { locked: true } }));
    tries('forbidden');
    decree((e) => e.set('a', { node: { locked: false, owner: OWNER ?? '' } }));
    tries('forbidden');
    decree((e) => e.set('a', { node: { owner: access.userId } }));
    ann.undo();
    expect(ann.replica.scene.get(parseObjectId('a'))?.node?.name).toBe('A');
  });

  it('[U8] hold the bytes of an object', () => {
    const [ann, bob] = [new Editor('ann'), new Editor('bob')];
    const text = (letter: string) => letter.repeat(3_000);
    ann.edit((e) => e.add({ id: 'a', 'acme:x': { one: text('1'), two: text('2') } }));
    bob.replica.receive(ann.edit((e) => e.set('a', { 'acme:x': { one: null } })).patch, 'live');
    bob.replica.receive(ann.replica.toPatch(), 'live');
    bob.nowMs = ann.nowMs;
    ann.replica.receive(bob.edit((e) => e.set('a', { 'acme:x': { three: text('3') } })).patch, 'live');
    ann.nowMs = bob.nowMs;
    expect(refusal(() => ann.undo())).toMatchObject({ code: 'limit', path: 'a' });
  });

  it('[U10] a refused step that is skipped keeps none of the others from being taken back', () => {
    const ann = new Editor('ann');
    ann.edit((e) => e.add({ id: 'a', node: { name: 'A' } }));
    ann.edit((e) => e.add({ id: 'b', light: { intensity: 99 } }));
    ann.edit((e) => e.set('b', { light: { intensity: 9 } }));
    expect(ann.history.skipRefused()).toBe(false);
    ann.replica.setRules(rule({ kind: 'range', property: 'light.intensity', max: 10 }));
    expect(refusal(() => ann.undo())).toMatchObject({ code: 'rule' });
    ann.edit((e) => e.set('a', { node: { name: 'B' } }));
    expect([ann.history.skipRefused(), ann.history.skipRefused()]).toEqual([true, false]);
    ann.undo();
    expect(ann.replica.scene.get(parseObjectId('a'))?.node?.name).toBe('A');
    expect(ann.replica.scene.get(parseObjectId('b'))?.light?.intensity).toBe(9);
    ann.undo();
    expect([...ann.replica.scene.ids()]).toEqual(['a']);
    ann.undo();
    expect([ann.undo(), ann.replica.scene.size]).toEqual([null, 0]);
  });

  it('[U10] what was refused and then turned is not skipped', () => {
    const ann = new Editor('ann');
    ann.edit(lamp('a'));
    ann.replica.setRules(rule({ kind: 'locked', match: {}, level: 50 }));
    expect(refusal(() => ann.undo())).toMatchObject({ code: 'rule' });
    ann.replica.setRules([]);
    ann.undo();
    expect([ann.history.skipRefused(), ann.history.canRedo]).toEqual([false, true]);
  });
});
