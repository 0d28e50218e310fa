import { expect, test } from 'vitest';
import { places, repository } from './fixtures.ts';
import { laws } from './laws.ts';

const PAGE = { 'ARCHITECTURE.md': '# Laws\n\n| J1 | join is commutative |\n| J2 | join is associative |\n' };
const law = (id: string): string => `test('[${id}] holds', () => {});`;

test('a law without a test and a test without a law are reported', () => {
  expect(
    places(laws(repository({ ...PAGE, 'packages/core/src/a.test.ts': `\n${law('J1')}\n${law('K9')}` }))),
  ).toEqual(['packages/core/src/a.test.ts:3', 'ARCHITECTURE.md:4']);
});

test('tests beside the source and in test folders count, sources do not', () => {
  const proved = { 'packages/core/src/a.test.ts': law('J1'), 'packages/core/test/contract.ts': law('J2') };
  expect(laws(repository({ ...PAGE, ...proved }))).toEqual([]);
  expect(laws(repository({ ...PAGE, 'packages/core/src/a.ts': law('J1') + law('J2') }))).toHaveLength(2);
});
