import { expect, test } from 'vitest';
import { places, repository } from './fixtures.ts';
import { machines, markers } from './wording.ts';

// Put together here, so that the checks do not find this file.
const UNFINISHED = ['TO', 'DO'].join('');
const HOME = ['', 'home', 'ada', 'weft'].join('/');
const REGISTRY = ['registry', 'npmjs', 'org'].join('.');

test('a mark of unfinished work is reported in every kind of file', () => {
  const project = repository({
    'a.md': `one\n${UNFINISHED}: two`,
    'packages/core/src/a.ts': `// ${UNFINISHED} three`,
  });
  expect(places(markers(project))).toEqual(['a.md:2', 'packages/core/src/a.ts:1']);
});

test('words that only contain the letters are fine', () => {
  expect(
    markers(repository({ 'a.md': `${UNFINISHED}S in a list, mas${UNFINISHED.toLowerCase()}n` })),
  ).toEqual([]);
});

test('a path of one machine and a registry are reported', () => {
  expect(machines(repository({ 'a.md': `see ${HOME}/a.ts` }))).toHaveLength(1);
  expect(machines(repository({ 'a.md': `from https://${REGISTRY}/core` }))).toHaveLength(1);
});

test('addresses, routes and relative paths are fine', () => {
  const text = 'https://example.org/home/ada ./work/a.ts packages/home/a /_matrix/client/v3/rooms';
  expect(machines(repository({ 'a.md': text }))).toEqual([]);
});

test('the lock file names no host', () => {
  const locked = `{ "resolved": "https://${REGISTRY}/a.tgz" }`;
  expect(machines(repository({ 'package-lock.json': locked }))).toHaveLength(1);
  expect(
    machines(repository({ 'package-lock.json': '{ "resolved": "packages/core", "link": true }' })),
  ).toEqual([]);
});
