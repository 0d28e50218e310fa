import { expect, test } from 'vitest';
import { repeated } from '../../record/measured.ts';
import { CITED } from './cited-runs.ts';
import { withMotionFigures } from './motion-section.ts';

const PAGE =
  '# Page\n\n<!-- measured: written by `npm run generate` from the runs in bench/results/cited.json -->\nold\n<!-- /measured -->\n\nEnd\n';
const RUN = '2026-01-02-0123456789/poses';

const largest = (system: string, movers: number) =>
  repeated({
    ...{ metric: 'largest crowd that keeps up', system, parameters: {}, unit: 'movers' },
    samples: [movers, movers, movers, movers, movers],
  });

test('the page on motion shows the plot and the largest crowds of the cited run, and without one where they come from', () => {
  const provenance = { commit: '0', dirty: false, lockfileSha256: '0' };
  const measurements = [largest('weft', 300), largest('floor', 600)];
  const files = new Map([
    [CITED, JSON.stringify({ poses: `${RUN}.json` })],
    [`bench/results/${RUN}.json`, JSON.stringify({ workload: 'poses', provenance, measurements })],
    [`bench/results/${RUN}.svg`, '<svg/>'],
  ]);
  const page = withMotionFigures(PAGE, (path) => files.get(path));
  expect(page).toContain(`](../bench/results/${RUN}.svg)`);
  expect(page).toContain('| Weft | 300 |\n| `ws` alone | 600 |');
  expect(page).not.toContain('old');
  expect(withMotionFigures(page, (path) => files.get(path))).toBe(page);
  const empty = withMotionFigures(page, () => '{}');
  expect(empty).not.toContain('300');
  expect(empty).toContain('../bench/README.md');
  expect(() => withMotionFigures('# Page', () => '{}')).toThrow('expected a part');
});
