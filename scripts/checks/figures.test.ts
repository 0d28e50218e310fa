import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { figures } from './figures.ts';
import { places } from './fixtures.ts';
import { readTree } from './read-tree.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const texts = readTree(root);
const page = readFileSync(join(root, 'README.md'), 'utf8');

function found(text: string): string[] {
  return places(figures({ texts: new Map(texts).set('README.md', text) }));
}

test('the first page as it is has the figures of its runs', () => {
  expect(found(page)).toEqual([]);
});

test('a figure that is not that of its run is found, and so is a page without them', () => {
  const figure = /\| 517 ms|\| \d[\d.]* m?s/.exec(page)?.[0] ?? '';
  expect(page.replace(figure, '| 3 ms')).not.toBe(page);
  expect(found(page.replace(figure, '| 3 ms'))).toHaveLength(1);
  expect(found('# Page\n')).toEqual(['README.md:0']);
});

test('a figure that somebody typed is found where it stands, code aside', () => {
  expect(found(`fast: 3 ms\n${page}`)).toEqual(['README.md:1']);
  expect(found(`${page}\n1.5 MiB\n\n\`\`\`\n3 ms\n\`\`\`\n`)).toHaveLength(1);
});

test('another page may say what it likes', () => {
  expect(figures({ texts: new Map([['docs/page.md', '3 ms']]) })).toEqual([]);
});
