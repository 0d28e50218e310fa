import type { CustomComponent } from '../components/custom-component.ts';
import { WeftError } from '../errors.ts';
import { componentOf, type ObjectId } from '../ids.ts';
import type { ObjectPatch } from '../register/patch.ts';
import { declaredMisfits } from './declared-misfits.ts';
import type { DraftFacts } from './draft-facts.ts';
import type { RuleView } from './rule-view.ts';

/**
 * Whether what a patch does to an object fits the components that the world declares. What was wrong before and is not
 * touched is nobody's fault now; what has to be there is asked for at once.
 *
 * @throws WeftError `schema`
 */
export function checkDeclared(
  declared: ReadonlyMap<string, CustomComponent>,
  view: RuleView,
  draft: DraftFacts,
  id: ObjectId,
  { registers: written }: ObjectPatch,
): void {
  const touched = new Set([...written.keys()].map(componentOf));
  if (![...touched].some((name) => declared.has(name))) return;
  const after = draft.registers(id);
  const { misfits, spentAt } = declaredMisfits(declared, after);
  const wasSpent = () => declaredMisfits(declared, view.read(id) ?? new Map()).spentAt !== null;
  const isNew = ({ path }: { readonly path: (typeof misfits)[number]['path'] }) =>
    written.has(path) ||
    (touched.has(componentOf(path)) && !after.has(path)) ||
    (path === spentAt && !wasSpent());
  const found = misfits.find(isNew);
  if (found === undefined) return;
  const { path, misfit } = found;
  throw new WeftError('schema', {
    what: `change ${id}`,
    expected: `${path}${misfit.at} to be ${misfit.expected}`,
    got: JSON.stringify(after.get(path)?.value ?? null),
    hint: `The world declares ${componentOf(path)} (world.weft.component); a steward can change that.`,
    path,
  });
}
