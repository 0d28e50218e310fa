import { propertySettings } from '@weft/testing';
import fc from 'fast-check';
import { Check } from 'typebox/schema';
import { describe, expect, it } from 'vitest';
import { hexFromLinear, linearFromHex } from './colour.ts';
import type { ComponentDefinition } from './component.ts';
import { fieldsOf } from './fields.ts';
import { type PropertySchema, predicateOf } from './predicate.ts';
import { MAX_THUMBNAIL_BYTES } from './property.ts';
import { COMPONENTS } from './registry.ts';
import { readComponent, readProperty, unknownProperty, validateComponent } from './validate.ts';

const definitions = Object.values<ComponentDefinition>(COMPONENTS);
const properties = definitions.flatMap(({ name, properties }) =>
  Object.entries<PropertySchema>(properties).map(([property, schema]) => ({ name, property, schema })),
);

const nearMisses = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      'box',
      'root',
      '#aabbcc',
      '#AABBCC',
      '@a:b',
      'OPAQUE',
      'a'.repeat(64),
      'a'.repeat(65),
    ),
  },
  { weight: 3, arbitrary: fc.array(fc.constantFrom(-1, 0, 0.5, 1, 2, 'x'), { maxLength: 5 }) },
  { weight: 3, arbitrary: fc.constantFrom(-1, 0, 0.5, 1, 2, 1e7, 1e7 + 1, Number.MAX_SAFE_INTEGER) },
  {
    weight: 1,
    arbitrary: fc.record({ min: fc.constant([0, 0, 0]), max: fc.constantFrom([1, 1, 1], [1], 'x') }),
  },
  {
    weight: 1,
    arbitrary: fc.record(
      {
        src: fc.constantFrom('mxc://a/b', ''),
        sha256: fc.constantFrom('a'.repeat(64), 'A'.repeat(64)),
        bytes: fc.constantFrom(0, 1, MAX_THUMBNAIL_BYTES, MAX_THUMBNAIL_BYTES + 1),
        alt: fc.constantFrom(['ipfs://c'], [''], Array(9).fill('mxc://a/b')),
      },
      { requiredKeys: ['src', 'bytes'] },
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom([{ do: 'set', path: 'light.intensity', value: 1 }], [{ do: 'eval' }], [{}]),
  },
  fc.boolean(),
  fc.string({ maxLength: 300 }),
  fc.jsonValue(),
);

describe('components', () => {
  it('[C1] the closures agree with typebox on every property', () => {
    for (const { name, property, schema } of properties) {
      const fits = predicateOf(schema);
      fc.assert(
        fc.property(nearMisses, (value) => {
          expect(fits(value), `${name}.${property}`).toBe(Check(schema, value));
        }),
        propertySettings(60),
      );
    }
  });

  it('[C1] takes every default, and null as removal', () => {
    for (const { name, property, schema } of properties) {
      if (schema.default !== undefined)
        expect(predicateOf(schema)(schema.default), `${name}.${property}`).toBe(true);
      expect(validateComponent(name, property, null)).toBeNull();
    }
  });

  it('[C1] keeps what it does not know: components and properties of others and of later versions', () => {
    expect(validateComponent('acme:door', 'open', 'ajar')).toBeNull();
    expect(validateComponent('transform', 'shear', [1, 2])).toBeNull();
    expect(unknownProperty('acme:door', 'open')).toBeNull();
    expect(unknownProperty('transform', 'postion')).toContain('position, rotation, scale');
    expect(unknownProperty('door', 'open')).toContain('acme:door');
    expect(unknownProperty('toString', 'x')).not.toBeNull();
    expect(unknownProperty('transform', 'toString')).not.toBeNull();
  });

  it('[C1] says what was expected, with the range', () => {
    expect(validateComponent('light', 'intensity', -1)).toBe('a number from 0 to 1000000');
    expect(validateComponent('transform', 'position', 'here')).toBe(
      'an array of 3 items, each a number from -10000000 to 10000000',
    );
    expect(validateComponent('primitive', 'shape', 'banana')).toContain('box, sphere');
    expect(validateComponent('node', 'parent', 'constructor')).not.toBeNull();
  });

  it('[C1] accepts at the bound and refuses one past it', () => {
    expect(validateComponent('material', 'metallicFactor', 1)).toBeNull();
    expect(validateComponent('material', 'metallicFactor', 1.0001)).not.toBeNull();
    expect(validateComponent('transform', 'position', [1e7, 0, 0])).toBeNull();
    expect(validateComponent('transform', 'position', [1e7 + 1, 0, 0])).not.toBeNull();
    expect(validateComponent('node', 'name', 'x'.repeat(200))).toBeNull();
    expect(validateComponent('node', 'name', 'x'.repeat(201))).not.toBeNull();
    expect(validateComponent('node', 'name', '😀'.repeat(200))).toBeNull();
    expect(validateComponent('node', 'name', '😀'.repeat(201))).not.toBeNull();
    expect(validateComponent('node', 'tags', Array(32).fill('a'))).toBeNull();
    expect(validateComponent('node', 'tags', Array(33).fill('a'))).not.toBeNull();
  });

  it('[AS83] a thumbnail names its hash and its size, which is bounded; readers see none in place of any other', () => {
    const fits = { src: 'mxc://example.org/small', sha256: '0a'.repeat(32), bytes: MAX_THUMBNAIL_BYTES };
    for (const name of ['mesh', 'image'] as const) {
      expect(readComponent(name, { thumbnail: fits }).thumbnail).toEqual(fits);
      const { sha256: _, ...unnamed } = fits;
      const { bytes: __, ...unsized } = fits;
      for (const thumbnail of [
        unnamed,
        unsized,
        { ...fits, bytes: fits.bytes + 1 },
        { ...fits, bytes: 0 },
        fits.src,
      ])
        expect(readComponent(name, { thumbnail }).thumbnail).toBeUndefined();
    }
  });

  it('[C1] readers get the default where a value is absent or nonsense', () => {
    const read = readComponent('transform', { position: [1, 2, 3], rotation: 'sideways', later: true });
    expect(read).toEqual({ position: [1, 2, 3], rotation: [0, 0, 0, 1], scale: [1, 1, 1], later: true });
    expect(Object.isFrozen(read)).toBe(true);
    expect(readComponent('mesh', { src: 5 }).src).toBeUndefined();
    expect(readProperty('node', 'name', 5)).toBe('');
    expect(readProperty('node', 'name', null)).toBe('');
    expect(readProperty('node', 'name', 'Lamp')).toBe('Lamp');
  });

  it('[C1] describes every property for an inspector', () => {
    for (const { name, properties } of definitions) {
      const fields = fieldsOf(name);
      expect(fields.map((field) => field.property)).toEqual(Object.keys(properties));
      for (const field of fields) {
        expect(field.label, field.path).toMatch(/^[A-Z0-9]/);
        expect(field.description, field.path).toMatch(/\.$/);
        expect(field.options.length > 0, field.path).toBe(field.editor === 'choice');
      }
    }
    expect(fieldsOf('light').find(({ property }) => property === 'range')).toMatchObject({
      unit: 'm',
      min: 0,
      step: 0.5,
    });
    expect(fieldsOf('acme:door')).toEqual([]);
  });

  it('[C1] every component is plain JSON Schema', () => {
    for (const { schema } of definitions)
      expect(JSON.parse(JSON.stringify(schema))).toMatchObject({ type: 'object' });
  });

  it('[C1] colours survive the way to linear and back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffffff }), (rgb) => {
        const hex = `#${rgb.toString(16).padStart(6, '0')}`;
        const linear = linearFromHex(hex);
        expect(linear && hexFromLinear(linear)).toBe(hex);
      }),
    );
    expect(linearFromHex('red')).toBeNull();
  });
});
