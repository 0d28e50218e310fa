import { SeededRandom } from '@weft/testing';
import { expect, test } from 'vitest';
import { Sequence } from './sequence.ts';

test('[LV3] numbers that come in order leave nothing missing', () => {
  const sequence = new Sequence(7);
  for (const seq of [8, 9, 10]) expect(sequence.add(seq)).toBe(true);
  expect([sequence.through, sequence.missing]).toEqual([10, 0]);
  for (const seq of [1, 7, 10]) expect(sequence.add(seq)).toBe(false);
});

test('[LV3] a hole is counted until it is filled, however much came after it', () => {
  const sequence = new Sequence(0);
  for (const seq of [1, 3, 4, 7]) sequence.add(seq);
  expect([sequence.through, sequence.missing]).toEqual([1, 3]);
  sequence.add(2);
  expect([sequence.through, sequence.missing]).toEqual([4, 2]);
  sequence.add(6);
  sequence.add(5);
  expect([sequence.through, sequence.missing]).toEqual([7, 0]);
});

test('[LV3] whatever the order and the repetition, the same is known', () => {
  const random = new SeededRandom('sequence');
  for (let round = 0; round < 200; round += 1) {
    const all = Array.from({ length: 1 + random.below(40) }, (_, at) => at + 1);
    const some = all.filter(() => random.chance(0.8));
    const sequence = new Sequence(0);
    for (const seq of random.shuffle([...some, ...some])) sequence.add(seq);
    const through = all.findIndex((seq) => !some.includes(seq));
    expect(sequence.through).toBe(through < 0 ? all.length : through);
    const latest = Math.max(0, ...some);
    expect(sequence.missing).toBe(all.filter((seq) => seq <= latest && !some.includes(seq)).length);
  }
});
