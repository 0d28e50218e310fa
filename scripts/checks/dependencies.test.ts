import { expect, test } from 'vitest';
import { dependencies } from './dependencies.ts';
import { manifest, places, repository } from './fixtures.ts';

test('an import that package.json does not declare is reported, built-in modules are free', () => {
  const project = repository({
    'packages/core/package.json': manifest('@weft/core', { dependencies: ['typebox'] }),
    'packages/core/src/a.ts':
      "import Type from 'typebox';\nimport 'node:fs';\nimport { mat4 } from 'gl-matrix/esm';",
  });
  expect(places(dependencies(project))).toEqual(['packages/core/src/a.ts:3']);
});

test('a declaration that no file imports is reported', () => {
  const project = repository({
    'packages/core/package.json': manifest('@weft/core', { dependencies: ['typebox', '@types/three'] }),
    'packages/core/src/a.ts': 'export {};',
  });
  expect(dependencies(project).map(({ message }) => message)).toEqual([
    'declares typebox, which no file imports',
  ]);
});

test('tests and tools may use what the root declares for development; sources may not', () => {
  const project = repository({
    'package.json': JSON.stringify({ devDependencies: { vitest: '*' } }),
    'packages/core/package.json': manifest('@weft/core'),
    'packages/core/src/a.test.ts': "import { test } from 'vitest';",
    'packages/core/src/a.ts': "import { test } from 'vitest';",
    'vitest.config.ts': "import { defineConfig } from 'vitest/config';",
  });
  expect(places(dependencies(project))).toEqual(['packages/core/src/a.ts:1']);
});
