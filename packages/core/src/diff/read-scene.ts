import type { CustomComponent } from '../components/custom-component.ts';
import type { Patch } from '../register/patch.ts';
import type { Rule } from '../rules/rule.ts';
import { Reduction } from '../scene/reduction.ts';
import type { Scene } from '../scene/scene.ts';

/** What a room demanded of the objects in a patch. */
export interface SceneConstraints {
  readonly rules?: Iterable<Rule>;
  readonly components?: Iterable<CustomComponent>;
}

/**
 * The scene that a patch shows by itself, without a room: what is in a file. It does not know the clock, so it shows what
 * a quarantine would hold back, nor any rules but those that it is given.
 */
export function readScene({ objects }: Patch, { rules, components = [] }: SceneConstraints = {}): Scene {
  const reduction = new Reduction((id) => objects.get(id)?.registers);
  const all = new Map([...objects].map(([id, { registers }]) => [id, new Set(registers.keys())]));
  reduction.setComponents(new Map([...components].map((component) => [component.name, component])));
  reduction.apply(all, 'import', rules);
  return reduction.scene;
}
