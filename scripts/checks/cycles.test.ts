import { expect, test } from 'vitest';
import { cycles } from './cycles.ts';
import { repository } from './fixtures.ts';

test('a file that imports itself by way of others is reported once, with the way', () => {
  const project = repository({
    'packages/core/src/a.ts': "import './b.ts';",
    'packages/core/src/b.ts': "import type { C } from './deep/c.ts';",
    'packages/core/src/deep/c.ts': "import '../a.ts';",
  });
  expect(cycles(project).map(({ message }) => message)).toEqual([
    'imports itself: packages/core/src/a.ts -> packages/core/src/b.ts -> packages/core/src/deep/c.ts -> packages/core/src/a.ts',
  ]);
});

test('two ways to the same file are no cycle', () => {
  const project = repository({
    'packages/core/src/a.ts': "import './b.ts';\nimport './c.ts';",
    'packages/core/src/b.ts': "import './c.ts';",
    'packages/core/src/c.ts': '',
  });
  expect(cycles(project)).toEqual([]);
});
