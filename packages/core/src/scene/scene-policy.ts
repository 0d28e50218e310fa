import type { CustomComponent } from '../components/custom-component.ts';
import type { Rule } from '../rules/rule.ts';
import type { IsSealed } from '../rules/rule-set.ts';

/** What the room's state says besides registers. */
export interface ScenePolicy {
  readonly rules?: Iterable<Rule>;
  readonly components?: ReadonlyMap<string, CustomComponent>;
  readonly isSealed?: IsSealed;
}
