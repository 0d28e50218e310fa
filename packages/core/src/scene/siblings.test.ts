import { SeededRandom } from '@weft/testing';
import { describe, expect, test } from 'vitest';
import { type ObjectId, parseObjectId } from '../ids.ts';
import { compareSiblings, Siblings } from './siblings.ts';

interface Child {
  readonly id: ObjectId;
  order: string | null;
  up: Child | null;
  visible: boolean;
}

const child = (name: string, up: Child | null): Child => ({
  id: parseObjectId(name),
  order: null,
  up,
  visible: true,
});

describe('Siblings', () => {
  test('keeps its order through thousands of changes, whether or not somebody asks in between', () => {
    const random = new SeededRandom('siblings');
    const parent = child('parent', null);
    const children = Array.from({ length: 20 }, (_, at) => child(`child-${at}`, null));
    const siblings = new Siblings<Child>();
    for (let step = 0; step < 5000; step++) {
      const one = children[random.below(children.length)];
      if (one === undefined) throw new TypeError('no child');
      if (random.below(3) === 0) one.up = one.up === null ? parent : null;
      else one.order = `a${random.below(50)}`;
      siblings.touch(one);
      if (random.below(200) > 0) continue;
      const expected = children.filter(({ up }) => up === parent).sort(compareSiblings);
      expect(new Set(siblings.unsorted.filter(({ up }) => up === parent))).toEqual(new Set(expected));
      if (random.below(2) === 0) continue;
      expect(siblings.nodes(parent)).toEqual(expected);
      expect(siblings.visible(parent)).toEqual(expected.map(({ id }) => id));
    }
  });
});
