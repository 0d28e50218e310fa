import type { Patch } from '../register/patch.ts';
import { Reduction } from '../scene/reduction.ts';
import type { Scene } from '../scene/scene.ts';

/**
 * The scene that a patch shows by itself, without a room: what is in a file. It knows neither the clock nor the rules of
 * a room, so it shows what either would hold back.
 */
export function readScene({ objects }: Patch): Scene {
  const reduction = new Reduction((id) => objects.get(id)?.registers);
  const all = new Map([...objects].map(([id, { registers }]) => [id, new Set(registers.keys())]));
  reduction.apply(all, 'import');
  return reduction.scene;
}
