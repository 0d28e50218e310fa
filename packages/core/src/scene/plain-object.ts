import type { Value } from '../value/value.ts';
import type { SceneObject } from './scene-object.ts';

/** What each component of an object says, as written. */
export function plainComponents(
  object: SceneObject,
): Readonly<Record<string, Readonly<Record<string, Value>>>> {
  const components: Record<string, Readonly<Record<string, Value>>> = Object.create(null);
  for (const name of object.componentNames) components[name] = { ...object.component(name) };
  return components;
}

/** Where an object is in the world, in metres. */
export function worldPosition({ worldMatrix }: SceneObject): readonly [x: number, y: number, z: number] {
  return [worldMatrix[12] ?? 0, worldMatrix[13] ?? 0, worldMatrix[14] ?? 0];
}
