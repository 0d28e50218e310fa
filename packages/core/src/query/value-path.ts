import { type ObjectId, type Path, parsePath } from '../ids.ts';
import type { Scene } from '../scene/scene.ts';
import { isList, type Value } from '../value/value.ts';
import { invalid } from './invalid.ts';
import { MAX_PATH_STEPS } from './limits.ts';

/** A property and the way into its value: `mesh.bounds.min.1`. */
export interface ValuePath {
  readonly path: Path;
  readonly steps: readonly string[];
  /** As written. */
  readonly text: string;
}

export function valuePathOf(text: string, part: string): ValuePath {
  const [component = '', property = '', ...steps] = text.split('.', MAX_PATH_STEPS + 3);
  if (steps.length > MAX_PATH_STEPS || steps.some((step) => step === '' || step.startsWith('$')))
    throw invalid(part, `component.property and at most ${MAX_PATH_STEPS} steps into its value`, text);
  try {
    return { path: parsePath(`${component}.${property}`), steps, text };
  } catch (cause) {
    throw invalid(part, 'component.property, such as light.intensity', text, cause);
  }
}

/** What is there; `null` where nothing is. */
export function readValuePath(scene: Scene, id: ObjectId, { path, steps }: ValuePath): Value {
  let value: Value = scene.valueAt(id, path) ?? null;
  for (const step of steps) value = memberOf(value, step);
  return value;
}

function memberOf(value: Value, step: string): Value {
  if (value === null || typeof value !== 'object') return null;
  if (isList(value)) return /^\d{1,4}$/.test(step) ? (value[Number(step)] ?? null) : null;
  return Object.hasOwn(value, step) ? (value[step] ?? null) : null;
}
