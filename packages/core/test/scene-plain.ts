import { expect } from 'vitest';
import {
  canonicalJson,
  type ObjectId,
  type ReducedScene,
  type RegisterStore,
  ROOT,
  reduceAll,
  type Scene,
  type SceneObject,
} from '../src/index.ts';

/** What a snapshot says, as plain data. */
export function plainObject(object: SceneObject): unknown {
  return {
    parent: object.parent,
    children: object.children,
    values: [...object.entries()].map(([path, value]) => `${path}=${canonicalJson(value)}`).sort(),
    matrix: [...object.worldMatrix],
  };
}

export function snapshots(scene: Scene): Map<ObjectId, SceneObject> {
  const objects = new Map<ObjectId, SceneObject>();
  for (const id of scene.ids()) {
    const object = scene.get(id);
    if (object !== undefined) objects.set(id, object);
  }
  return objects;
}

export function recompute(store: RegisterStore): ReducedScene {
  return reduceAll(new Map([...store.ids()].map((id) => [id, new Map(store.get(id))])));
}

/** Fails unless the scene is what recomputing from nothing gives. */
export function expectScene(scene: Scene, expected: ReducedScene): void {
  expect([...scene.ids()].sort()).toEqual([...expected.objects.keys()].sort());
  expect(scene.size).toBe(expected.objects.size);
  for (const none of [ROOT, 'no id']) expect(scene.idOf(none)).toBeUndefined();
  expect(scene.children(ROOT)).toEqual(expected.children.get(ROOT) ?? []);
  expect(scene.problems).toEqual(expected.problems);
  for (const [id, { parent, registers }] of expected.objects) {
    const object = scene.get(id);
    expect(scene.idOf(`${id}`)).toBe(id);
    expect(object?.parent).toBe(parent);
    expect(object?.children).toEqual(expected.children.get(id) ?? []);
    for (const [path, { value }] of registers) expect(object?.get(path)).toBe(value ?? undefined);
  }
}
