import { propertySettings } from '@weft/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BASE_TIME, shifted, USER_IDS } from '../../test/arbitraries.ts';
import { treePatch } from '../../test/history.ts';
import { refusal } from '../../test/refusal.ts';
import { factPatch, ruleHistory, ruleNamed } from '../../test/rule-history.ts';
import { composeEdit } from '../edit/compose.ts';
import type { EditDraft } from '../edit/draft.ts';
import { isActorId, type ObjectId, parseObjectId } from '../ids.ts';
import { entriesOf, type Patch, patchOf } from '../register/patch.ts';
import { Replica } from '../replica/replica.ts';
import { msOf } from '../stamp/stamp.ts';
import type { Rule, RuleContent } from './rule.ts';

const DAY_MS = 86_400_000;
const [USER] = USER_IDS;
if (USER === undefined) throw new Error('no user');
const BUILDER = { userId: USER, level: 25 };
const STEWARD = { userId: USER, level: 50 };
const ACTOR: string = 'actor-of-the-author';

function replica(rules: readonly Rule[] = []): Replica {
  if (!isActorId(ACTOR)) throw new Error(ACTOR);
  let nowMs = msOf(BASE_TIME) + 2 * DAY_MS;
  const made = new Replica({ actor: ACTOR, now: () => nowMs++ });
  made.setRules(rules);
  return made;
}

/** What breaks a rule and hangs from something that breaks none. */
function brokenIn({ scene }: Replica): ReadonlySet<ObjectId> {
  return new Set(scene.problems.filter(({ reason }) => reason === 'rule').map(({ object }) => object));
}

/** What only rules keep out of the scene. */
function suspendedIn(world: Replica): ReadonlySet<ObjectId> {
  const seen = new Set(world.scene.ids());
  world.setRules([]);
  return new Set(world.scene.ids()).difference(seen);
}

function hasCycle({ scene }: Replica): boolean {
  return scene.problems.some(({ reason }) => reason === 'cycle');
}

describe('the check of an edit', () => {
  const later = fc
    .oneof(factPatch, treePatch)
    .map((patch): Patch => shifted(patchOf({ registers: entriesOf(patch) }), DAY_MS));

  it('[L3] lets nothing through that the reduction would then suspend', () => {
    let refused = 0;
    let passed = 0;
    fc.assert(
      fc.property(ruleHistory, later, (steps, edit) => {
        const all = steps.flatMap(({ rules = [] }) => rules);
        // Of two rules that count, one may let in what the other then counts out.
        const counting = all.find(({ kind }) => kind === 'limit' || kind === 'unique');
        const rules = all.filter(
          (rule) => (rule.kind !== 'limit' && rule.kind !== 'unique') || rule === counting,
        );
        const named = rules.map((rule, at) => ({ ...rule, name: `rule-${at}` }));
        const [before, after] = [replica(named), replica(named)];
        for (const { patch } of steps) {
          before.receive(patch, 'matrix');
          after.receive(patch, 'matrix');
        }
        // Where one too many is there already, any write may change who of them it is.
        const name = named.find(({ kind }) => kind === counting?.kind)?.name;
        if (before.scene.problems.some((problem) => problem.reason === 'rule' && problem.rule === name))
          return;
        if (refusal(() => before.check(edit, STEWARD)) !== null) {
          refused += 1;
          return;
        }
        after.write(edit, 'local');
        // `EditDraft` and relays refuse cycles before; where there is one, nothing is moved here.
        if (hasCycle(before) || hasCycle(after)) return;
        passed += 1;
        const seen = new Set(before.scene.ids());
        expect(brokenIn(after).difference(suspendedIn(before))).toEqual(new Set());
        expect(suspendedIn(after).intersection(seen)).toEqual(new Set());
      }),
      propertySettings(1500),
    );
    expect(refused).toBeGreaterThan(30);
    expect(passed).toBeGreaterThan(100);
  });

  const compose = (world: Replica, edit: (draft: EditDraft) => void, access = BUILDER) => {
    const { patch } = composeEdit(world, access, (length) => new Uint8Array(length).fill(7), edit);
    world.write(patch, 'local');
  };
  const rule = (content: RuleContent) => [ruleNamed('the-rule', content)];
  const lamp =
    (id: string, more: object = {}) =>
    (draft: EditDraft) =>
      void draft.add({ id, node: { kind: 'lamp', ...more } });

  it.each<[string, RuleContent, (draft: EditDraft) => void, (draft: EditDraft) => void, string]>([
    [
      'limit',
      { kind: 'limit', match: { kind: 'lamp' }, count: 1 },
      lamp('a'),
      lamp('b'),
      'expected at most 1 of them, got 2, beside a',
    ],
    [
      'limit per owner',
      { kind: 'limit', match: { kind: 'lamp' }, count: 1, per: 'owner' },
      lamp('a', { owner: USER }),
      lamp('b', { owner: USER }),
      'expected at most 1 of them for each owner, got 2, beside a',
    ],
    [
      'unique',
      { kind: 'unique', property: 'node.name' },
      lamp('a', { name: 'Sun' }),
      lamp('b', { name: 'Sun' }),
      'expected a node.name that no other object has, got the same as a',
    ],
    [
      'range',
      { kind: 'range', property: 'light.intensity', min: 0, max: 10 },
      (draft) => void draft.add({ id: 'a', light: { intensity: 10 } }),
      (draft) => draft.set('a', { light: { intensity: 11 } }),
      'expected light.intensity from 0 to 10, got 11',
    ],
    [
      'bounds in the world, by what it hangs from',
      { kind: 'bounds', match: { kind: 'lamp' }, min: [-5, -5, -5], max: [5, 5, 5] },
      (draft) => {
        draft.add({ id: 'a', transform: { position: [4, 0, 0] } });
        draft.add({ id: 'b', parent: 'a', node: { kind: 'lamp' }, transform: { position: [1, 0, 0] } });
      },
      (draft) => draft.set('a', { transform: { position: [4.5, 0, 0] } }),
      'expected an origin from [-5, -5, -5] to [5, 5, 5] metres, got [1,0,0]',
    ],
    [
      'parent',
      { kind: 'parent', match: { kind: 'lamp' }, parents: [{ kind: 'room' }] },
      (draft) => {
        draft.add({ id: 'room', node: { kind: 'room' } });
        draft.add({ id: 'a', parent: 'room', node: { kind: 'lamp' } });
      },
      (draft) => draft.set('room', { node: { kind: 'hall' } }),
      'expected to hang from an object with kind room, got room',
    ],
    [
      'schema',
      { kind: 'schema', component: 'acme:door', schema: { required: ['open'] } },
      (draft) => void draft.add({ id: 'a', 'acme:door': { open: true, colour: 'red' } }),
      (draft) => draft.set('a', { 'acme:door': { open: null } }),
      'expected acme:door.open to be a value, got null',
    ],
    [
      'locked',
      { kind: 'locked', match: { tag: 'exhibit' }, level: 50 },
      (draft) => void draft.add({ id: 'a' }),
      (draft) => draft.set('a', { node: { tags: ['exhibit'] } }),
      'expected a power level of at least 50, got 25',
    ],
  ])('[L3] tells the author what a rule wants: %s', (_kind, content, allowed, refused, words) => {
    const world = replica(rule(content));
    compose(world, allowed);
    expect(world.scene.problems).toEqual([]);
    const before = world.dirty();
    const error = refusal(() => compose(world, refused));
    expect(error).toMatchObject({ code: 'rule', rule: 'the-rule', by: 'steward' });
    expect(error?.message).toContain(words);
    expect(error?.message).toContain('That is the rule the-rule of this world; a steward can change it');
    expect(world.dirty()).toEqual(before);
    expect(world.scene.problems).toEqual([]);
  });

  it('[L3] a lock is no matter to those who hold its level, and binds who would lift it', () => {
    const world = replica(rule({ kind: 'locked', match: { tag: 'exhibit' }, level: 50 }));
    compose(world, (draft) => void draft.add({ id: 'a', node: { tags: ['exhibit'] } }), STEWARD);
    expect(refusal(() => compose(world, (draft) => draft.set('a', { node: { tags: null } })))).toMatchObject({
      code: 'rule',
    });
    expect(refusal(() => compose(world, (draft) => draft.remove('a')))).toMatchObject({ code: 'rule' });
    compose(world, (draft) => draft.remove('a'), STEWARD);
    expect(world.scene.size).toBe(0);
  });

  it('[L3] what comes back when something far above it is mended is counted again', () => {
    const world = replica();
    compose(world, (draft) => {
      draft.add({ id: 'shelf', node: { kind: 'lamp' } });
      draft.add({ id: 'board', parent: 'shelf' });
      draft.add({ id: 'sun', parent: 'board', node: { name: 'Sun' } });
      draft.add({ id: 'other', node: { name: 'Sun' } });
    });
    world.setRules([
      ruleNamed('no-lamps', { kind: 'parent', match: { kind: 'lamp' }, parents: [], root: false }),
      ruleNamed('one-of-each', { kind: 'unique', property: 'node.name' }),
    ]);
    expect([...world.scene.ids()]).toEqual(['other']);
    const back = refusal(() => compose(world, (draft) => draft.set('shelf', { node: { kind: 'shelf' } })));
    expect(back).toMatchObject({ code: 'rule', rule: 'one-of-each' });
    expect(back?.message).toContain('change sun:');
  });

  it('[L3] what goes makes room in the same edit, and what is brought back is counted again', () => {
    const world = replica(rule({ kind: 'limit', match: { kind: 'lamp' }, count: 1 }));
    compose(world, (draft) => {
      draft.add({ id: 'shelf' });
      draft.add({ id: 'a', parent: 'shelf', node: { kind: 'lamp' } });
    });
    compose(world, (draft) => {
      draft.remove('shelf');
      draft.add({ id: 'b', node: { kind: 'lamp' } });
    });
    expect([...world.scene.ids()]).toEqual(['b']);
    const back = refusal(() => compose(world, (draft) => draft.set('shelf', { node: { deleted: null } })));
    expect(back).toMatchObject({ code: 'rule', rule: 'the-rule' });
    expect(back?.message).toContain('change a:');
  });

  it('[L3] hangs nothing that is seen below what a rule keeps out', () => {
    const world = replica();
    compose(world, (draft) => {
      draft.add({ id: 'box', light: { intensity: 99 } });
      draft.add({ id: 'shelf', parent: 'box' });
      draft.add({ id: 'a' });
    });
    world.setRules(rule({ kind: 'range', property: 'light.intensity', max: 10 }));
    const error = refusal(() => compose(world, (draft) => draft.move('a', { into: 'shelf' })));
    expect(error).toMatchObject({ code: 'rule', rule: 'the-rule', got: 'box' });
    expect([...world.scene.ids()]).toEqual(['a']);
    compose(world, (draft) => {
      draft.set('box', { light: { intensity: 9 } });
      draft.move('a', { into: 'shelf' });
    });
    expect(new Set(world.scene.ids())).toEqual(new Set(['a', 'box', 'shelf']));
  });

  it('[L3] what was broken before may stay broken, and can be mended', () => {
    const world = replica();
    compose(world, (draft) => void draft.add({ id: 'a', light: { intensity: 99, range: 1 } }));
    world.setRules(rule({ kind: 'range', property: 'light.intensity', max: 10 }));
    expect(world.scene.has(parseObjectId('a'))).toBe(false);
    compose(world, (draft) => draft.set('a', { light: { range: 2 } }));
    expect(world.scene.problems).toHaveLength(1);
    compose(world, (draft) => draft.set('a', { light: { intensity: 9 } }));
    expect(world.scene.problems).toEqual([]);
    expect(world.scene.has(parseObjectId('a'))).toBe(true);
  });
});
