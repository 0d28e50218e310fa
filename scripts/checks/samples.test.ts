import { expect, test } from 'vitest';
import { samplesOf } from './samples.ts';

const page = (text: string): ReadonlyMap<string, string> => new Map([['README.md', text]]);

test('finds the TypeScript of a page and where it stands', () => {
  expect(samplesOf(page('# A\n\n```ts\nconst a = 1;\n```\n\n```sh\nnpm start\n```\n'))).toEqual([
    { path: 'README.md', line: 4, text: 'const a = 1;\n' },
  ]);
});

test('a continued block stands behind the one before, each line where the page has it', () => {
  const [sample, none] = samplesOf(page('```ts\nconst a = 1;\n```\nso\n\n```ts continue\na;\n```\n'));
  expect(none).toBeUndefined();
  expect(sample?.text.split('\n').indexOf('a;')).toBe(5);
  expect(sample?.line).toBe(2);
});

test('a page that continues nothing begins anew', () => {
  expect(samplesOf(page('```ts continue\na;\n```\n'))).toHaveLength(1);
});
