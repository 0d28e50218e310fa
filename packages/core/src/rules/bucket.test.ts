import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseObjectId } from '../ids.ts';
import { Bucket, compareEntries, type Entry } from './bucket.ts';

const CAPACITY = 4;
const entry = (bucket: Bucket<number>, node: number): Entry<number> => ({
  node,
  id: parseObjectId(`object-${node}`),
  // Several at a time, so that the id decides.
  created: (node * 7) % 5,
  sealed: node % 6 === 0,
  bucket,
  lost: false,
  at: 0,
});

describe('Bucket', () => {
  test('tells who is beyond its capacity like one that is sorted after every change, whoever asks in between', () => {
    // Each step puts in what is out and takes out what is in.
    const steps = fc.array(
      fc.record({ flipped: fc.uniqueArray(fc.nat({ max: 30 }), { maxLength: 20 }), asked: fc.boolean() }),
      { maxLength: 12 },
    );
    let lost = 0;
    fc.assert(
      fc.property(steps, (all) => {
        const bucket = new Bucket<number>('', CAPACITY);
        const held = new Map<number, Entry<number>>();
        for (const { flipped, asked } of all) {
          const before = new Map([...held].map(([node, one]) => [node, one.lost]));
          const removed: Entry<number>[] = [];
          const added: Entry<number>[] = [];
          for (const node of flipped) {
            const known = held.get(node);
            if (known === undefined) added.push(entry(bucket, node));
            else removed.push(known);
          }
          for (const { node } of removed) held.delete(node);
          for (const one of added) held.set(one.node, one);
          const changed = bucket.change(removed, added);
          const sorted = [...held.values()].sort(compareEntries);
          const beyond = new Set(sorted.slice(CAPACITY).filter(({ sealed }) => !sealed));
          expect(bucket.size).toBe(sorted.length);
          for (const one of sorted) expect(one.lost).toBe(beyond.has(one));
          const expected = sorted.filter((one) => one.lost !== (before.get(one.node) ?? false));
          expect(new Set(changed)).toEqual(new Set(expected));
          if (asked) expect(bucket.winners(3)).toEqual(sorted.slice(0, 3));
          lost += beyond.size;
        }
      }),
      { numRuns: 500 },
    );
    expect(lost).toBeGreaterThan(100);
  });
});
