import { expect, test } from 'vitest';
import { places, repository } from './fixtures.ts';
import { links } from './links.ts';

const PAGE = { 'docs/page.md': '# Page one\n## A `code` word, twice!\n## A `code` word, twice!\n' };

test('a link to a file that is not there is reported', () => {
  expect(
    places(links(repository({ ...PAGE, 'a.md': 'see\n[page](docs/none.md) and ![image](none.png)' }))),
  ).toEqual(['a.md:2', 'a.md:2']);
});

test('files, folders, addresses and code are fine', () => {
  const text =
    '[a](docs/page.md) [b](docs/) [c](https://example.org/x) [d](mailto:a@b) `[e](none.md)`\n```\n[f](no)\n```';
  expect(links(repository({ ...PAGE, 'a.md': text }))).toEqual([]);
});

test('a link is relative to its own page', () => {
  expect(links(repository({ ...PAGE, 'docs/b.md': '[a](page.md) [b](../docs/page.md)' }))).toEqual([]);
});

test('a heading must exist, by the rule that pages are shown with', () => {
  const good = '[a](docs/page.md#page-one) [b](docs/page.md#a-code-word-twice-1)';
  expect(links(repository({ ...PAGE, 'a.md': good }))).toEqual([]);
  expect(links(repository({ ...PAGE, 'a.md': '[a](docs/page.md#page-two) [b](#here)' }))).toHaveLength(2);
});
