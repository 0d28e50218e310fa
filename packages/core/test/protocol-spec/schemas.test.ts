import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMPONENTS, type ComponentDefinition, validateComponent } from '../../src/index.ts';
import { USER_IDS, value } from '../arbitraries.ts';
import { specFiles } from './files.ts';
import { wholeContent } from './random-history.ts';
import { schemaOf } from './schema.ts';

const definitions = Object.values<ComponentDefinition>(COMPONENTS);

const nearMiss = fc.oneof(
  fc.constantFrom('box', 'root', 'constructor', '#aabbcc', '@a:b', '!room', 'a'.repeat(200), 'a'.repeat(201)),
  fc.constantFrom('😀'.repeat(200), '😀'.repeat(201), '', true, 0, 1, -1, 0.5, 1e7, 1e7 + 1, 2 ** 53 - 1),
  fc.array(fc.constantFrom(-1, 0, 0.5, 1, 2, 'x'), { maxLength: 5 }),
  fc.record({ min: fc.constant([0, 0, 0]), max: fc.constantFrom([1, 1, 1], [1], 'x') }),
  fc.constantFrom([{ do: 'set', path: 'light.intensity', value: 1 }], [{ do: 'eval' }], [{}]),
  value.filter((each) => each !== null),
);

describe('schemas', () => {
  it('every one is JSON Schema 2020-12', () => {
    const paths = specFiles('schemas');
    expect(paths.length).toBeGreaterThan(definitions.length + 7);
    for (const path of paths) expect(schemaOf(path)(5), path).not.toEqual([]);
  });

  it.each(definitions.map(({ name }) => name))('the schema of %s judges like core', (name) => {
    const refusals = schemaOf(`schemas/components/${name}.json`);
    const properties = Object.keys(COMPONENTS[name as keyof typeof COMPONENTS].properties);
    expect(refusals({})).toEqual([]);
    expect(refusals({ 'of-a-later-version': 1 })).toEqual([]);
    fc.assert(
      fc.property(fc.constantFrom(...properties), nearMiss, (property, each) => {
        const fits = validateComponent(name, property, each) === null;
        expect(refusals({ [property]: each }).length === 0, `${property}: ${JSON.stringify(each)}`).toBe(
          fits,
        );
      }),
    );
  });

  it('accepts every object event that core writes', () => {
    const refusals = schemaOf('schemas/world.weft.object.json');
    fc.assert(
      fc.property(wholeContent, fc.constantFrom(...USER_IDS), (content, sender) => {
        expect(refusals({ type: 'world.weft.object', state_key: 'obj', sender, content })).toEqual([]);
      }),
    );
  });
});
