import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { FAILURE_CASES } from './failure-cases.ts';
import { failuresPage, rowHead } from './failures-page.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../../../../docs/assets.md'), 'utf8');

test('the page of failures has each case once, and no other; "npm run assets" writes it', () => {
  const rows = PAGE.split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2);
  expect(rows.length).toBe(FAILURE_CASES.length);
  for (const [at, each] of FAILURE_CASES.entries())
    expect(rows[at]?.startsWith(rowHead(each)), each.id).toBe(true);
});

test('a case that was not tried is on no page', () => {
  expect(() => failuresPage(new Map())).toThrow('was not tried');
});
