import { expect, test } from 'vitest';
import { entries } from './entries.ts';
import { manifest, places, repository } from './fixtures.ts';

const CORE = { 'packages/core/package.json': manifest('@weft/core'), 'packages/core/src/index.ts': '' };

test('a package is entered by what it exports and by nothing else', () => {
  const project = repository({
    ...CORE,
    'packages/matrix/src/a.ts':
      "import '@weft/core';\nimport '@weft/core/src/join.ts';\nimport '@weft/core/none';",
  });
  expect(places(entries(project))).toEqual(['packages/matrix/src/a.ts:2', 'packages/matrix/src/a.ts:3']);
});

test('inside, nothing imports the entry; its tests may', () => {
  const project = repository({
    ...CORE,
    'packages/core/src/a.ts': "import './index.ts';",
    'packages/core/test/b.test.ts': "import '../src/index.ts';",
  });
  expect(places(entries(project))).toEqual(['packages/core/src/a.ts:1']);
});

test('no path leads out of a package', () => {
  const project = repository({ ...CORE, 'packages/core/src/a.ts': "import '../../matrix/src/room.ts';" });
  expect(places(entries(project))).toEqual(['packages/core/src/a.ts:1']);
});

test('an export that names no file is reported', () => {
  const project = repository({ 'packages/core/package.json': manifest('@weft/core') });
  expect(places(entries(project))).toEqual(['packages/core/package.json:0']);
});
