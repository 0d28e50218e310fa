import type { SceneObject, Value } from '@weft/core';

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
  const { id, parent, children, worldMatrix } = object;
  const components: Record<string, Readonly<Record<string, Value>>> = Object.create(null);
  for (const name of object.componentNames) components[name] = { ...object.component(name) };
  return { id, parent, children, position: [12, 13, 14].map((at) => worldMatrix[at] ?? 0), components };
}
