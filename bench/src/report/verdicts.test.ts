import { describe, expect, test } from 'vitest';
import { repeated, sampled } from '../record/measured.ts';
import { comparisons, losses, verdicts } from './verdicts.ts';

const of = (system: string, samples: readonly number[], clients = 2) =>
  repeated({ metric: 'edit seen, p50', system, parameters: { clients }, unit: 'ms', samples });

const measurements = [
  of('weft', [2, 2.1, 2, 2.2, 2.1]),
  of('floor', [1, 1, 1.1, 1, 1]),
  of('alike', [2.2, 2.3, 2.1, 2.2, 2]),
  of('slow', [21, 21, 21, 22, 20]),
  of('other clients', [1, 1, 1, 1, 1], 32),
];

describe('what a run says of who is faster', () => {
  test('is by whole intervals, among figures of the same name and parameters', () => {
    expect(comparisons({ measurements }).map(({ other, verdict }) => [other.system, verdict])).toEqual([
      ['floor', 'loses'],
      ['alike', 'no difference'],
      ['slow', 'wins'],
    ]);
    expect(losses({ measurements }).map(({ other, ratio }) => [other.system, ratio])).toEqual([
      ['floor', 2.1],
    ]);
  });

  test('is said in words', () => {
    expect(verdicts({ measurements })).toEqual([
      '',
      '2 clients · edit seen, p50: weft 2.10: 2.10 × floor, no difference from alike (overlapping intervals), 0.10 × slow',
    ]);
  });

  test('is of the first system in a run that has none of the name', () => {
    const ways = [of('relay', [2, 2, 2, 2, 2]), of('matrix', [200, 210, 200, 205, 200])];
    expect(comparisons({ measurements: ways })).toMatchObject([{ weft: { system: 'relay' }, ratio: 0.01 }]);
  });

  test('is nothing without intervals, and says so', () => {
    const few = [of('weft', [2, 2]), of('floor', [1, 1])];
    expect(comparisons({ measurements: few })).toEqual([]);
    expect(verdicts({ measurements: few })).toEqual([
      '',
      expect.stringContaining('Fewer than 5 repetitions'),
    ]);
  });

  test('is nothing where Weft is alone, or where samples are no repetitions', () => {
    expect(verdicts({ measurements: [of('weft', [1, 1, 1, 1, 1])] })).toEqual([]);
    const sample = { metric: 'x', parameters: {}, unit: 'ms', samples: [1, 2, 3, 4, 5, 6] } as const;
    const both = [sampled({ ...sample, system: 'weft' }), sampled({ ...sample, system: 'floor' })];
    expect(comparisons({ measurements: both })).toEqual([]);
  });
});
