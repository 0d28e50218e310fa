import { propertySettings } from '@weft/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { delivery } from '../../test/arbitraries.ts';
import { TREE_IDS } from '../../test/history.ts';
import { type RuleStep, ruleHistory, ruleList } from '../../test/rule-history.ts';
import { expectScene, snapshots } from '../../test/scene-plain.ts';
import { decodePatch } from '../binary/decode.ts';
import { encodePatch } from '../binary/encode.ts';
import { type ObjectId, ROOT } from '../ids.ts';
import { join } from '../register/join.ts';
import { emptyPatch } from '../register/patch.ts';
import { RegisterStore } from '../register/register-store.ts';
import { reduceAll } from '../scene/reduce-all.ts';
import { Reduction } from '../scene/reduction.ts';
import type { Rule } from './rule.ts';

const NONE: ReadonlySet<ObjectId> = new Set();

function world(sealed = NONE) {
  const store = new RegisterStore();
  const isSealed = (id: ObjectId) => sealed.has(id);
  const reduction = new Reduction((id) => store.get(id), isSealed);
  let rules: readonly Rule[] = [];
  return {
    scene: reduction.scene,
    rules: () => rules,
    take: ({ patch, rules: next }: RuleStep) => {
      rules = next ?? rules;
      return reduction.apply(store.join(patch), 'matrix', next);
    },
    expected: () =>
      reduceAll(new Map([...store.ids()].map((id) => [id, new Map(store.get(id))])), { rules, isSealed }),
  };
}

describe('suspension', () => {
  it('[L1] equals recomputing from nothing after every step of patches and rules', () => {
    const suspended = new Map<string, number>();
    fc.assert(
      fc.property(ruleHistory, fc.subarray([...TREE_IDS]), (steps, sealed) => {
        const one = world(new Set(sealed.slice(0, 2)));
        for (const step of steps) {
          one.take(step);
          const expected = one.expected();
          expectScene(one.scene, expected);
          for (const problem of expected.problems) {
            if (problem.reason !== 'rule') continue;
            const kind = one.rules().find(({ name }) => name === problem.rule)?.kind ?? 'none';
            suspended.set(kind, (suspended.get(kind) ?? 0) + 1);
          }
        }
      }),
      propertySettings(1000),
    );
    for (const kind of ['bounds', 'limit', 'parent', 'range', 'schema', 'unique'])
      expect(suspended.get(kind), kind).toBeGreaterThan(5);
    expect(suspended.size).toBe(6);
  });

  it('[L1] does not depend on the order in which patches and rules arrive', () => {
    fc.assert(
      fc.property(
        ruleHistory.chain((steps) => fc.tuple(fc.constant(steps), delivery(steps))),
        ruleList,
        ([steps, delivered], rules) => {
          const one = world();
          const other = world();
          for (const step of steps) one.take(step);
          one.take({ patch: emptyPatch, rules });
          other.take({ patch: emptyPatch, rules });
          for (const { patch } of delivered) other.take({ patch });
          expectScene(other.scene, other.expected());
          expectScene(one.scene, one.expected());
          expect(other.scene.problems).toEqual(one.scene.problems);
          expect([...other.scene.ids()].sort()).toEqual([...one.scene.ids()].sort());
        },
      ),
      propertySettings(400),
    );
  });

  it('[L1] a change set says exactly what came into the scene and what went, parents first', () => {
    fc.assert(
      fc.property(ruleHistory, (steps) => {
        const one = world();
        for (const step of steps) {
          const before = snapshots(one.scene);
          const { added, removed, changed } = one.take(step);
          const after = snapshots(one.scene);
          expect(new Set(added)).toEqual(new Set(after.keys()).difference(before));
          expect(new Set(removed)).toEqual(new Set(before.keys()).difference(after));
          expect(added.length + removed.length).toBe(new Set([...added, ...removed]).size);
          const placed = new Set<ObjectId>([ROOT, ...before.keys()]).difference(new Set(removed));
          for (const id of added) {
            expect(placed.has(one.scene.parent(id) ?? ROOT)).toBe(true);
            placed.add(id);
          }
          for (const [id, object] of before) {
            const now = after.get(id);
            if (now === undefined || changed.has(id)) continue;
            expect([...now.entries()]).toEqual([...object.entries()]);
            expect(now.parent).toBe(object.parent);
          }
          for (const id of changed.keys()) expect(before.has(id) && after.has(id)).toBe(true);
        }
      }),
      propertySettings(300),
    );
  });

  it('[L1] equals recomputing from nothing where the world came as a file', () => {
    let suspended = 0;
    fc.assert(
      fc.property(ruleHistory, fc.nat({ max: 12 }), (steps, loaded) => {
        const one = world();
        const blob = steps.slice(0, loaded).reduce((joined, { patch }) => join(joined, patch), emptyPatch);
        one.take({ patch: decodePatch(encodePatch(blob)).patch });
        for (const { rules } of steps.slice(0, loaded))
          if (rules !== undefined) one.take({ patch: emptyPatch, rules });
        for (const step of steps.slice(loaded)) {
          one.take(step);
          expectScene(one.scene, one.expected());
        }
        expectScene(one.scene, one.expected());
        suspended += one.expected().problems.filter(({ reason }) => reason === 'rule').length;
      }),
      propertySettings(400),
    );
    expect(suspended).toBeGreaterThan(50);
  });

  it('[L2] taking the rules away brings everything back', () => {
    fc.assert(
      fc.property(ruleHistory, (steps) => {
        const one = world();
        const free = world();
        for (const step of steps) {
          one.take(step);
          free.take({ patch: step.patch });
        }
        one.take({ patch: emptyPatch, rules: [] });
        expectScene(one.scene, free.expected());
      }),
      propertySettings(200),
    );
  });
});
