import { describe, expect, it } from 'vitest';
import { ACTOR_IDS } from '../../test/arbitraries.ts';
import { parseObjectId, parsePath } from '../ids.ts';
import { patchOf } from '../register/patch.ts';
import { RegisterStore } from '../register/register-store.ts';
import { reduceAll } from '../scene/reduce-all.ts';
import { Reduction } from '../scene/reduction.ts';
import { parseTime } from '../stamp/stamp.ts';
import type { Value } from '../value/value.ts';
import { type CustomComponent, customFieldsOf, decodeComponentEvent } from './custom-component.ts';

const DOOR = {
  title: 'Door',
  schema: {
    required: ['open'],
    additionalProperties: false,
    properties: {
      open: { type: 'boolean', title: 'Open', description: 'Whether one can walk through.', default: false },
      width: '~not a number',
    },
  },
};

function read(stateKey: unknown, content: unknown): CustomComponent {
  const reading = decodeComponentEvent({ stateKey, content });
  if ('problem' in reading) throw new Error(reading.problem);
  return reading.component;
}

const problemOf = (stateKey: unknown, content: unknown) => {
  const reading = decodeComponentEvent({ stateKey, content });
  return 'problem' in reading ? reading.problem : 'none';
};

const door = read('acme:door', {
  title: 'Door',
  schema: `~${JSON.stringify({
    ...DOOR.schema,
    properties: {
      open: DOOR.schema.properties.open,
      width: { type: 'number', minimum: 0.5, maximum: 2, unit: 'm', step: 0.1 },
      style: { enum: ['plain', 'carved'] },
      label: { type: 'string', maxLength: 20, editor: 'paragraph' },
      size: { type: 'array', items: { type: 'number' } },
    },
  })}`,
});

function world(values: Readonly<Record<string, Value>>) {
  const [actor] = ACTOR_IDS;
  if (actor === undefined) throw new Error('no actor');
  const store = new RegisterStore();
  const reduction = new Reduction((id) => store.get(id));
  const stamp = { time: parseTime(1), actor };
  const write = (written: Readonly<Record<string, Value>>) =>
    reduction.apply(
      store.join(
        patchOf({
          registers: Object.entries(written).map(([path, value]) => ({
            id: parseObjectId('a'),
            path: parsePath(path),
            register: { value, stamp },
          })),
        }),
      ),
      'matrix',
    );
  write(values);
  return { store, reduction, write };
}

describe('a component that a world declares', () => {
  it('[C7] lists what does not fit and hides nothing, before and after it is declared', () => {
    const { reduction, store, write } = world({ 'acme:door.width': 3 });
    expect(reduction.scene.problems).toEqual([]);
    const components = new Map([[door.name, door]]);
    reduction.setComponents(components);
    const problems = [
      { reason: 'schema', object: 'a', path: 'acme:door.open', expected: 'a value' },
      { reason: 'schema', object: 'a', path: 'acme:door.width', expected: 'a number from 0.5 to 2' },
    ];
    expect(reduction.scene.problems).toEqual(problems);
    const plain = new Map([...store.ids()].map((id) => [id, new Map(store.get(id))]));
    expect(reduceAll(plain, { components }).problems).toEqual(problems);
    expect(reduction.scene.get(parseObjectId('a'))?.get(parsePath('acme:door.width'))).toBe(3);
    write({ 'acme:door.open': true, 'acme:door.bell': 'ding' });
    expect(reduction.scene.problems).toEqual([
      {
        reason: 'schema',
        object: 'a',
        path: 'acme:door.bell',
        expected: 'only properties that the component declares',
      },
      problems[1],
    ]);
    reduction.setComponents(new Map());
    expect(reduction.scene.problems).toEqual([]);
  });

  it('[C7] tells an inspector its fields', () => {
    const fields = customFieldsOf(door);
    expect(fields.map(({ property, editor }) => [property, editor])).toEqual([
      ['label', 'paragraph'],
      ['open', 'switch'],
      ['size', 'json'],
      ['style', 'choice'],
      ['width', 'number'],
    ]);
    expect(fields.find(({ property }) => property === 'width')).toEqual({
      path: 'acme:door.width',
      component: 'acme:door',
      property: 'width',
      label: 'width',
      description: '',
      editor: 'number',
      unit: 'm',
      min: 0.5,
      max: 2,
      step: 0.1,
      options: [],
      defaultValue: null,
      readOnly: false,
    });
    expect(fields.find(({ property }) => property === 'style')?.options).toEqual(['plain', 'carved']);
    expect(fields.find(({ property }) => property === 'open')).toMatchObject({
      label: 'Open',
      defaultValue: false,
    });
  });

  it('[C6] is unchecked where its event is malformed, with the reason', () => {
    const cyclic: Record<string, unknown> = {};
    cyclic.schema = cyclic;
    const deep = JSON.parse(`${'{"items":'.repeat(600)}{}${'}'.repeat(600)}`);
    const cases: [unknown, unknown, string][] = [
      ['door', DOOR, 'vendor:name'],
      ['__proto__', DOOR, 'vendor:name'],
      [7, DOOR, 'vendor:name'],
      ['acme:door', null, 'malformed'],
      ['acme:door', [], 'malformed'],
      ['acme:door', cyclic, 'malformed'],
      ['acme:door', { schema: { minimum: Number.NaN } }, 'malformed'],
      ['acme:door', { schema: deep }, 'malformed'],
      ['acme:door', { schema: '~{' }, 'malformed'],
      ['acme:door', { schema: `~${JSON.stringify(deep)}` }, 'malformed'],
      ['acme:door', { schema: { enum: Array.from({ length: 9000 }, () => 1) } }, 'malformed'],
      ['acme:door', { title: 'Door' }, 'no schema'],
      ['acme:door', DOOR, 'schema.properties.width should be an object'],
      ['acme:door', { schema: { properties: { 'a.b': {} } } }, 'no property can be called "a.b"'],
      ['acme:door', { schema: { properties: { open: { pattern: '(a+)+$' } } } }, 'uses pattern'],
    ];
    for (const [stateKey, content, words] of cases) expect(problemOf(stateKey, content)).toContain(words);
  });
});
