import { expect, test } from 'vitest';
import { places, repository } from './fixtures.ts';
import { LAYERS, layers } from './layers.ts';

test('a lower layer may not import a higher one, not even a type', () => {
  const project = repository({
    'packages/core/src/a.ts': "import { openRoom } from '@weft/matrix';",
    'packages/core/src/b.ts': "\nimport type { World } from '@weft/world';",
    'packages/core/src/c.ts': "export type { World } from '@weft/world';",
    'packages/core/src/d.ts': "export const open = () => import('@weft/world');",
    'packages/core/src/e.ts': "export type World = import('@weft/world').World;",
    'packages/matrix/src/f.ts': "import { join } from '@weft/core';",
  });
  expect(places(layers(project))).toEqual([
    'packages/core/src/a.ts:1',
    'packages/core/src/b.ts:2',
    'packages/core/src/c.ts:1',
    'packages/core/src/d.ts:1',
    'packages/core/src/e.ts:1',
  ]);
});

test('only tests and bench import the testing package', () => {
  const project = repository({
    'packages/world/src/a.ts': "import { FakeTimers } from '@weft/testing';",
    'packages/world/src/a.test.ts': "import { FakeTimers } from '@weft/testing';",
    'packages/world/test/b.ts': "import { FakeTimers } from '@weft/testing';",
    'bench/src/c.ts': "import { SeededRandom } from '@weft/testing';",
  });
  expect(places(layers(project))).toEqual(['packages/world/src/a.ts:1']);
});

test('a package does not import itself by name; its tests may', () => {
  const project = repository({
    'packages/core/src/a.ts': "import { join } from '@weft/core';",
    'packages/core/test/a.test.ts': "import { join } from '@weft/core';",
  });
  expect(places(layers(project))).toEqual(['packages/core/src/a.ts:1']);
});

test('a layer that is not in the table is reported', () => {
  expect(layers(repository({ 'packages/magic/src/a.ts': '' }))).toHaveLength(1);
});

test('the table has no way back: no two layers may import each other', () => {
  for (const [layer, below] of LAYERS) {
    for (const lower of below) expect(LAYERS.get(lower) ?? []).not.toContain(layer);
  }
});
