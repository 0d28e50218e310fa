import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { patch as anyPatch, BASE_TIME, plainPatch } from '../../test/arbitraries.ts';
import { decodePatch, encodePatch, entriesOf, patchFromJson, patchToJson } from '../index.ts';

const register = ['Lamp', BASE_TIME, 'actor-aaaaaa'];

describe('patchToJson and patchFromJson', () => {
  test('give back every patch through text, and say the same as the file', () => {
    fc.assert(
      fc.property(anyPatch, (patch) => {
        const text = JSON.stringify(patchToJson(patch, { title: 'A' }));
        const read = patchFromJson(JSON.parse(text));
        expect(plainPatch(read.patch)).toEqual(plainPatch(patch));
        expect(read.info).toEqual({ title: 'A' });
        expect(JSON.stringify(patchToJson(decodePatch(encodePatch(patch)).patch, { title: 'A' }))).toBe(text);
      }),
    );
  });

  test('has the shape that people read', () => {
    const json = { weft: 1, objects: { lamp: { node: { name: register } } }, purges: { gone: BASE_TIME } };
    const { patch, problems } = patchFromJson(json);
    expect(problems).toEqual([]);
    expect(JSON.parse(JSON.stringify(patchToJson(patch)))).toEqual(json);
  });

  test.each<[string, unknown]>([
    ['null', null],
    ['text', 'weft'],
    ['an array', []],
    ['no version', { objects: {} }],
    ['another version', { weft: 2, objects: {} }],
    [
      'a version nested without end',
      { weft: JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`), objects: {} },
    ],
    ['objects that are none', { weft: 1, objects: [] }],
    ['purges that are none', { weft: 1, purges: 5 }],
    ['actors that are none', { weft: 1, actors: 'ann' }],
  ])('refuses %s', (_, json) => {
    expect(() => patchFromJson(json)).toThrow(expect.objectContaining({ code: 'bad-file' }));
  });

  test('drops what is malformed alone and says where', () => {
    const cyclic: unknown[] = [];
    cyclic.push(cyclic);
    const { patch, problems } = patchFromJson(
      {
        weft: 1,
        objects: {
          'no/id': {},
          root: { node: { name: register } },
          lamp: {
            node: {
              name: register,
              order: [1],
              kind: ['x', -1, 'actor-aaaaaa'],
              tags: [[], BASE_TIME, 'x y'],
            },
            'no component': { name: register },
            light: 5,
            text: {
              value: [cyclic, BASE_TIME, 'actor-aaaaaa'],
              size: [Number.NaN, BASE_TIME, 'actor-aaaaaa'],
            },
          },
          table: null,
        },
        purges: { gone: 1.5, 'no/id': 1 },
        actors: { 'actor-aaaaaa': '@ann:a.org' },
      },
      'import',
    );
    expect([...entriesOf(patch)].map(({ id, path }) => `${id} ${path}`)).toEqual(['lamp node.name']);
    expect(problems.map(({ carrier, path }) => `${carrier} ${path}`)).toEqual([
      'import null',
      'import null',
      'import/lamp node.order',
      'import/lamp node.kind',
      'import/lamp node.tags',
      'import/lamp no component.name',
      'import/lamp light',
      'import/lamp text.value',
      'import/lamp text.size',
      'import/table null',
      'import/gone null',
      'import null',
      'import null',
    ]);
  });

  test('reads members that would reach a prototype as names, and refuses them', () => {
    const text = `{"weft":1,"objects":{"__proto__":{"node":{"name":${JSON.stringify(register)}}}}}`;
    const { patch, problems } = patchFromJson(JSON.parse(text));
    expect(patch.objects.size).toBe(0);
    expect(problems).toHaveLength(1);
  });
});
