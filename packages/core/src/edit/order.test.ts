import { propertySettings } from '@weft/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Editor } from '../../test/editor.ts';
import { type ObjectId, parseObjectId, ROOT } from '../ids.ts';
import { compareSiblings } from '../scene/siblings.ts';
import { utf8Length } from '../value/utf8.ts';
import { MAX_ORDER_KEY_BYTES, placeAt, type Sibling } from './order.ts';

const orderKey = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom('a0', 'a1', 'a2', 'Zz', 'a0V', `a0${'V'.repeat(61)}`, `a0${'V'.repeat(62)}`),
  },
  { weight: 2, arbitrary: fc.constantFrom(null, '', '5', 'a00', 'zzzz', 'é', '~') },
  fc.string({ maxLength: 80 }),
);

const siblings: fc.Arbitrary<Sibling[]> = fc
  .array(orderKey, { maxLength: 12 })
  .map((orders) => orders.map((order, at) => ({ id: parseObjectId(`s${at}`), order })).sort(compareSiblings));

describe('sibling order', () => {
  it('[K1] puts an object exactly where asked, whatever keys its siblings have', () => {
    fc.assert(
      fc.property(siblings, fc.nat(), (before, place) => {
        const at = place % (before.length + 1);
        const { key, others } = placeAt(before, at);
        const placed: Sibling = { id: parseObjectId('new'), order: key };
        const after = before.map(({ id, order }) => ({ id, order: others.get(id) ?? order }));
        const expected = [
          ...before.slice(0, at).map(({ id }) => id),
          placed.id,
          ...before.slice(at).map(({ id }) => id),
        ];
        expect([...after, placed].sort(compareSiblings).map(({ id }) => id)).toEqual(expected);
        for (const order of [key, ...others.values()])
          expect(utf8Length(order)).toBeLessThanOrEqual(MAX_ORDER_KEY_BYTES);
      }),
      propertySettings(1000),
    );
  });

  it('[K1] leaves the others alone where there is room', () => {
    fc.assert(
      fc.property(fc.nat({ max: 20 }), (at) => {
        const keys = Array.from(
          { length: 20 },
          (_, index): Sibling => ({
            id: parseObjectId(`s${index}`),
            order: `a${String.fromCharCode(65 + index)}`,
          }),
        );
        expect(placeAt(keys, at).others.size).toBe(0);
      }),
    );
  });

  it('[K2] two who insert at the same place collide, and a third can still get between', () => {
    const ann = new Editor('ann');
    const bob = new Editor('bob');
    const start = ann.edit((e) => {
      e.add({ id: 'first' });
      e.add({ id: 'last' });
    });
    bob.replica.receive(start.patch, 'live');
    const one = ann.edit((e) => e.add({ id: 'one', after: 'first' }));
    const two = bob.edit((e) => e.add({ id: 'two', after: 'first' }));
    ann.replica.receive(two.patch, 'live');
    bob.replica.receive(one.patch, 'live');
    expect(ann.replica.scene.children(ROOT)).toEqual(['first', 'one', 'two', 'last']);
    ann.edit((e) => e.add({ id: 'between', after: 'one' }));
    expect(ann.replica.scene.children(ROOT)).toEqual(['first', 'one', 'between', 'two', 'last']);
  });

  it('[K3] a thousand insertions at one place keep every key short', () => {
    const ann = new Editor('ann');
    ann.edit((e) => {
      e.add({ id: 'first' });
      e.add({ id: 'last' });
    });
    const expected: ObjectId[] = [];
    for (let round = 0; round < 10; round++)
      ann.edit((e) => {
        for (let at = 0; at < 100; at++) expected.unshift(e.add({ after: 'first' }));
      });
    const { scene } = ann.replica;
    expect(scene.children(ROOT)).toEqual(['first', ...expected, 'last']);
    for (const id of scene.children(ROOT))
      expect(utf8Length(scene.get(id)?.node?.order ?? '')).toBeLessThanOrEqual(MAX_ORDER_KEY_BYTES);
  });

  it('[K4] moves before, after and into, within one parent and between two', () => {
    const ann = new Editor('ann');
    ann.edit((e) => {
      for (const id of ['a', 'b', 'c', 'd']) e.add({ id });
    });
    const order = () => ann.replica.scene.children(ROOT).join('');
    ann.edit((e) => e.move('d', { before: 'a' }));
    expect(order()).toBe('dabc');
    ann.edit((e) => e.move('d', { after: 'b' }));
    expect(order()).toBe('abdc');
    ann.edit((e) => e.move('a', {}));
    expect(order()).toBe('bdca');
    ann.edit((e) => e.move('c', { into: 'b' }));
    ann.edit((e) => e.move('d', { into: 'b', before: 'c' }));
    expect(ann.replica.scene.children(parseObjectId('b'))).toEqual(['d', 'c']);
    expect(() => ann.edit((e) => e.move('a', { into: 'b', after: 'b' }))).toThrow(/neighbour/);
  });
});
