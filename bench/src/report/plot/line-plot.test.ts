import { describe, expect, test } from 'vitest';
import { linePlot, type PlotLine } from './line-plot.ts';
import { logScale, roundDown, roundUp } from './log-scale.ts';
import { spread } from './spread.ts';

const line = (label: string, ...ys: readonly number[]): PlotLine => ({
  ...{ label, colour: '#2f7ed8', isDashed: false, isThick: false },
  points: ys.map((y, at) => ({ x: 8 * 2 ** at, y, low: y * 0.9, high: y * 1.1 })),
});
const plot = (...lines: PlotLine[]): string =>
  linePlot({
    description: 'Ages & <movers>',
    xTitle: 'movers',
    panels: [
      { title: 'p95', lines, mark: { y: 100, label: 'keeps up' } },
      { title: 'p50', lines, mark: null },
    ],
  });

describe('a log axis', () => {
  test('gives equal factors equal lengths, and has round ticks', () => {
    const scale = logScale({ from: 1, to: 100 }, { from: 0, to: 200 });
    expect([1, 10, 100].map(scale.at)).toEqual([0, 100, 200]);
    expect(scale.ticks).toEqual([1, 2, 5, 10, 20, 50, 100]);
    expect([0.37, 5, 2300].map(roundDown)).toEqual([0.2, 5, 2000]);
    expect([0.37, 5, 2300].map(roundUp)).toEqual([0.5, 5, 5000]);
  });

  test.each([
    [0, 1],
    [2, 2],
    [-1, 3],
    [Number.NaN, 3],
  ])('from %d to %d is refused', (from, to) => {
    expect(() => logScale({ from, to }, { from: 0, to: 1 })).toThrow(RangeError);
  });
});

describe('labels', () => {
  test('stand where they are wanted, as far as they are apart and within bounds', () => {
    expect(spread([10, 12, 40], { gap: 10, from: 0, to: 100 })).toEqual([10, 20, 40]);
    expect(spread([98, 99, -5], { gap: 10, from: 0, to: 100 })).toEqual([90, 100, 0]);
    expect(spread([], { gap: 10, from: 0, to: 100 })).toEqual([]);
  });

  test('share the room evenly where there is too little', () => {
    expect(spread([50, 50, 50], { gap: 100, from: 0, to: 100 })).toEqual([0, 50, 100]);
  });
});

describe('a plot', () => {
  test('is the same bytes for the same lines, shows on light and dark pages, and escapes what it says', () => {
    const svg = plot(line('weft', 1, 2, 5), line('a<b', 3, 30, 900));
    expect(plot(line('weft', 1, 2, 5), line('a<b', 3, 30, 900))).toBe(svg);
    expect(svg).toContain('prefers-color-scheme: dark');
    expect(svg).toContain('<title>Ages &amp; &lt;movers&gt;</title>');
    expect(svg).toContain('a&lt;b</text>');
    expect(svg).not.toContain('NaN');
    expect(svg.match(/<(path|circle|line|text|rect)\b/g)?.length).toBe(
      svg.match(/<\/text>|\/>/g)?.length ?? 0,
    );
  });

  test('has no two labels on each other, however near its lines end', () => {
    const svg = plot(...Array.from({ length: 8 }, (_, at) => line(`system ${at}`, 10, 1000 + at)));
    const places = [...svg.matchAll(/<text x="696" y="([\d.]+)"[^>]*>system/g)].map(([, y]) => Number(y));
    for (const panel of [places.slice(0, 8), places.slice(8)]) {
      const sorted = panel.toSorted((a, b) => a - b);
      expect(sorted).toHaveLength(8);
      for (let at = 1; at < sorted.length; at++)
        expect((sorted[at] ?? 0) - (sorted[at - 1] ?? 0)).toBeGreaterThanOrEqual(16.9);
    }
  });

  test('has no two ticks on each other, and those of the least and the greatest', () => {
    const ladder = [8, 32, 64, 100, 110, 120, 600];
    const svg = plot({ ...line('weft'), points: ladder.map((x) => ({ x, y: x })) });
    const ticks = [...svg.matchAll(/<text x="([\d.]+)" y="308"[^>]*>(\d+)</g)].slice(0, 7);
    const names = new Set(ticks.map(([, , name]) => name));
    expect([...names]).toEqual(expect.arrayContaining(['8', '600']));
    expect(names).not.toContain('110');
  });
});
