import { SchemaCheck } from '../components/custom-check.ts';
import {
  type CustomComponent,
  componentMisfits,
  type PropertyMisfit,
} from '../components/custom-component.ts';
import { componentOf, type Path } from '../ids.ts';
import type { Registers } from '../scene/facts.ts';
import { compareUtf8 } from '../value/utf8.ts';
import { propertiesOf } from './facts.ts';

/** What does not fit in the declared components of one object. */
export interface DeclaredMisfits {
  readonly misfits: readonly PropertyMisfit[];
  /** The last of them where the steps of the object ended there: what comes after it was not looked at. */
  readonly spentAt: Path | null;
}

/** Component by component, in UTF-8 order of their names, out of one pool of steps. Never throws. */
export function declaredMisfits(
  declared: ReadonlyMap<string, CustomComponent>,
  registers: Registers,
): DeclaredMisfits {
  const check = new SchemaCheck();
  const misfits: PropertyMisfit[] = [];
  for (const name of [...new Set([...registers.keys()].map(componentOf))].sort(compareUtf8)) {
    const component = declared.get(name);
    const written = component === undefined ? null : propertiesOf(registers, name);
    if (component === undefined || written === null || written.size === 0) continue;
    misfits.push(...componentMisfits(component, written, check));
    if (check.isSpent) break;
  }
  return { misfits, spentAt: check.isSpent ? (misfits.at(-1)?.path ?? null) : null };
}
