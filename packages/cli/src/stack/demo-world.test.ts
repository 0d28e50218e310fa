import { newObjectId, type ObjectId, validateComponent } from '@weft/core';
import { describe, expect, it } from 'vitest';
import { furnishPlaza, type PlazaObject } from './demo-world.ts';

/** What a room can be seeded with at its creation; the fountain comes afterwards. */
const MAX_SEEDED_OBJECTS = 100;

function furnished(): Map<ObjectId, PlazaObject> {
  const objects = new Map<ObjectId, PlazaObject>();
  furnishPlaza({
    add(object) {
      const id = newObjectId((length) => new Uint8Array(length).fill(objects.size));
      objects.set(id, object);
      return id;
    },
  });
  return objects;
}

describe('the demo world', () => {
  it('is furnished, and small enough to seed a room with', () => {
    const { size } = furnished();
    expect(size).toBeGreaterThanOrEqual(60);
    expect(size).toBeLessThanOrEqual(MAX_SEEDED_OBJECTS);
  });

  it('holds only values that the components accept', () => {
    const problems = [...furnished().values()].flatMap(({ parent: _, ...components }) =>
      Object.entries(components).flatMap(([name, properties]) =>
        Object.entries(properties).map(([property, value]) => validateComponent(name, property, value)),
      ),
    );
    expect(problems.filter((problem) => problem !== null)).toEqual([]);
    expect(problems.length).toBeGreaterThan(200);
  });

  it('hangs parts from objects that were added before them', () => {
    const objects = furnished();
    const seen = new Set<ObjectId>();
    for (const [id, { parent }] of objects) {
      if (parent !== undefined) expect(seen).toContain(parent);
      seen.add(id);
    }
  });

  it('has light, a sign to read, seats and one place to arrive', () => {
    const objects = [...furnished().values()];
    expect(objects.filter(({ light }) => light?.type === 'point')).toHaveLength(4);
    expect(objects.filter(({ text }) => text !== undefined)).toHaveLength(1);
    expect(objects.filter(({ seat }) => seat !== undefined)).toHaveLength(4);
    expect(objects.filter(({ spawn }) => spawn?.default === true)).toHaveLength(1);
  });
});
