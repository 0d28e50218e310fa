import { WeftError } from '../errors.ts';
import { isObjectId, type ObjectId, ROOT } from '../ids.ts';
import type { Patch } from '../register/patch.ts';
import { PARENT_PATH, type Registers } from '../scene/facts.ts';
import { MAX_DEPTH } from '../scene/tree.ts';

/**
 * Whether what a patch moves hangs from itself afterwards, or too deep. A parent that is not known here may come by another
 * way, and is no reason to refuse.
 *
 * @throws WeftError `cycle`, `limit`
 */
export function checkPlace(
  id: ObjectId,
  patch: Patch,
  registersOf: (id: ObjectId) => Registers | undefined,
): void {
  if (patch.objects.get(id)?.registers.has(PARENT_PATH) !== true) return;
  const parentOf = (at: ObjectId): ObjectId => {
    const written = patch.objects.get(at)?.registers.get(PARENT_PATH);
    const value = (written ?? registersOf(at)?.get(PARENT_PATH))?.value;
    return isObjectId(value) ? value : ROOT;
  };
  const first = parentOf(id);
  let depth = 1;
  for (let at = first; at !== ROOT; at = parentOf(at)) {
    if (at === id) throw cycle(id, first);
    depth += 1;
    if (depth > MAX_DEPTH) throw tooDeep(id);
  }
}

function cycle(id: ObjectId, parent: ObjectId): WeftError {
  return new WeftError('cycle', {
    what: `hang ${id} from ${parent}`,
    expected: 'a parent that does not hang from the object itself',
    got: parent === id ? 'the object itself' : `${parent}, which hangs from it`,
    hint: 'Somebody moved the other one meanwhile: look again.',
    path: id,
  });
}

function tooDeep(id: ObjectId): WeftError {
  return new WeftError('limit', {
    what: `move ${id}`,
    expected: `at most ${MAX_DEPTH} levels below the root`,
    got: 'more',
    hint: 'Use a flatter tree.',
    path: id,
  });
}
