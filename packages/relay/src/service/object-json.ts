import { plainComponents, type SceneObject, type Value, worldPosition } from '@weft/core';

/** An object as services see it: its place, and what each component says. */
export interface ObjectJson {
  readonly id: string;
  readonly parent: string;
  readonly children: readonly string[];
  /** In the world, in metres. */
  readonly position: readonly number[];
  readonly components: Readonly<Record<string, Readonly<Record<string, Value>>>>;
}

export function objectJson(object: SceneObject): ObjectJson {
  const { id, parent, children } = object;
  return { id, parent, children, position: worldPosition(object), components: plainComponents(object) };
}
