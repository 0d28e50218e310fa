import { type ObjectId, ROOT } from '@weft/core';
import type { ViewSource } from './source.ts';

// Deeper than any scene: the reduction hides what is nested further.
const MAX_STEPS = 1_024;

/** Of several objects, the one that a walk through the tree from the top meets first. */
export function firstInTree(world: ViewSource, ids: readonly ObjectId[]): ObjectId | undefined {
  const places = ids.map((id) => ({ id, place: placeOf(world, id) }));
  places.sort((a, b) => comparePlaces(a.place, b.place));
  return places[0]?.id;
}

// An object's place among its siblings, and its ancestors' places, from the top down.
function placeOf(world: ViewSource, id: ObjectId): readonly number[] {
  const place: number[] = [];
  let at = world.get(id);
  for (let step = 0; at !== undefined && step < MAX_STEPS; step += 1) {
    place.unshift(world.children(at.parent).indexOf(at.id));
    if (at.parent === ROOT) break;
    at = world.get(at.parent);
  }
  return place;
}

function comparePlaces(a: readonly number[], b: readonly number[]): number {
  for (const [depth, place] of a.entries()) {
    const other = b[depth];
    if (other === undefined) return 1;
    if (place !== other) return place - other;
  }
  return a.length - b.length;
}
