import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rowHead, type TriedPage, writtenPage } from './tried-page.ts';

const ROOT = join(import.meta.dirname, '../../../..');

/** Tests that a page has what its suite tries, and nothing else. */
export function pageContract(page: TriedPage<string>, command: string): void {
  test(`${page.file} has each case once, and no other; "${command}" writes it`, () => {
    const rows = readFileSync(join(ROOT, page.file), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| '))
      .slice(2);
    expect(rows.length).toBe(page.cases.length);
    for (const [at, each] of page.cases.entries())
      expect(rows[at]?.startsWith(rowHead(each)), each.id).toBe(true);
  });

  test('a case that was not tried is on no page', () => {
    expect(() => writtenPage(page, new Map())).toThrow('was not tried');
  });
}
