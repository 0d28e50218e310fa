import { composeEdit, newActorId, parseUserId, Replica, type Scene } from '@weft/core';
import { SeededRandom } from '@weft/testing';
import { describe, expect, it } from 'vitest';
import { furnishPlaza } from './demo-world.ts';

/** What a room can be seeded with at its creation; the fountain comes afterwards. */
const MAX_SEEDED_OBJECTS = 100;
const BUILDER_LEVEL = 25;

/** The scene of an empty world after the furnishing, by the same rules as any edit. */
function furnished(): Scene {
  const random = new SeededRandom('plaza').bytes;
  const replica = new Replica({ actor: newActorId(random), now: () => 1_700_000_000_000 });
  const access = { userId: parseUserId('@builder:localhost'), level: BUILDER_LEVEL };
  replica.write(composeEdit(replica, access, random, furnishPlaza).patch, 'local');
  return replica.scene;
}

describe('the demo world', () => {
  it('is furnished, whole, and small enough to seed a room with', () => {
    const scene = furnished();
    expect(scene.size).toBeGreaterThanOrEqual(60);
    expect(scene.size).toBeLessThanOrEqual(MAX_SEEDED_OBJECTS);
    expect(scene.problems).toEqual([]);
  });

  it('has light, a sign to read, seats and one place to arrive', () => {
    const scene = furnished();
    const objects = [...scene.ids()].map((id) => scene.get(id));
    expect(objects.filter((object) => object?.light?.type === 'point')).toHaveLength(4);
    expect(objects.filter((object) => object?.text !== undefined)).toHaveLength(1);
    expect(objects.filter((object) => object?.seat !== undefined)).toHaveLength(4);
    expect(objects.filter((object) => object?.spawn?.default === true)).toHaveLength(1);
  });

  it('gives everything a name', () => {
    const scene = furnished();
    expect([...scene.ids()].filter((id) => (scene.get(id)?.node?.name ?? '') === '')).toEqual([]);
  });
});
