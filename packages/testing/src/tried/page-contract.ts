import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rowHead, type TriedPage, writtenPage } from './tried-page.ts';

const ROOT = join(import.meta.dirname, '../../../..');

/**
 * Tests that a page has what its suite tries, and nothing else, and that what writes it says so.
 *
 * @param script what the command runs, below the root
 */
export function pageContract(
  page: TriedPage<string>,
  { command, script }: { readonly command: string; readonly script: string },
): void {
  const run = (flag: string) => spawnSync(process.execPath, [join(ROOT, script), flag], { encoding: 'utf8' });

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

  test(`"${command} -- --help" says what it writes and tries nothing; what it does not know ends it with 2`, () => {
    expect(run('--help')).toMatchObject({ status: 0, stdout: expect.stringContaining(page.file) });
    expect(run('--nonsense')).toMatchObject({
      status: 2,
      stdout: '',
      stderr: expect.stringContaining('--nonsense'),
    });
  });
}
