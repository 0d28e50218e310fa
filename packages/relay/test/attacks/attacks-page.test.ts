import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ATTACK_CASES } from './attack-cases.ts';
import { attacksPage, rowHead } from './attacks-page.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../../../../docs/attacks.md'), 'utf8');

test('the page of attacks has each case once, and no other; "npm run attacks" writes it', () => {
  const rows = PAGE.split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2);
  expect(rows.length).toBe(ATTACK_CASES.length);
  for (const [at, each] of ATTACK_CASES.entries())
    expect(rows[at]?.startsWith(rowHead(each)), each.id).toBe(true);
});

test('a case that was not tried is on no page', () => {
  expect(() => attacksPage(new Map())).toThrow('was not tried');
});
