import type { ObjectId, Path } from '../ids.ts';
import type { RegisterEntry } from '../register/patch.ts';
import type { Register } from '../register/register.ts';
import type { ObjectRegisters } from './refused.ts';

/** These entries by object and path; as many times as one place comes with different registers. */
export function layersOf(entries: Iterable<RegisterEntry>): ObjectRegisters[] {
  const layers: Map<ObjectId, Map<Path, Register>>[] = [];
  for (const { id, path, register } of entries) {
    let layer = layers.find((each) => each.get(id)?.has(path) !== true);
    if (layer === undefined) {
      layer = new Map();
      layers.push(layer);
    }
    const paths = layer.get(id) ?? new Map<Path, Register>();
    layer.set(id, paths.set(path, register));
  }
  return layers;
}
