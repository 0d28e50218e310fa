import {
  type ComponentReading,
  type CustomComponent,
  decodeComponentEvent,
  MAX_CUSTOM_COMPONENTS,
} from '../components/custom-component.ts';
import type { IntakeProblem } from '../event/intake-problem.ts';
import { compareUtf8 } from '../value/utf8.ts';
import { decodeRuleEvent, type RuleReading } from './decode-rule.ts';
import { MAX_RULES, type Rule } from './rule.ts';

/** One current state event of a room. */
export interface NamedEvent {
  readonly stateKey: unknown;
  readonly content: unknown;
}

/**
 * The rules that a room's `world.weft.rule` events hold. Blanked and redacted events hold none; of more than `MAX_RULES`
 * others the first in UTF-8 order of their state keys are read. Never throws.
 */
export function readRuleEvents(events: Iterable<NamedEvent>): {
  readonly rules: readonly Rule[];
  readonly problems: readonly IntakeProblem[];
} {
  const problems: IntakeProblem[] = [];
  const rules: Rule[] = [];
  for (const [carrier, reading] of readAll<RuleReading>(
    'world.weft.rule',
    events,
    MAX_RULES,
    decodeRuleEvent,
    problems,
  ))
    if ('problem' in reading)
      problems.push({ carrier, path: null, reason: `It is no rule: ${reading.problem}.` });
    else rules.push(reading.rule);
  return { rules, problems };
}

/** As `readRuleEvents`, for the components that `world.weft.component` events declare. */
export function readComponentEvents(events: Iterable<NamedEvent>): {
  readonly components: readonly CustomComponent[];
  readonly problems: readonly IntakeProblem[];
} {
  const problems: IntakeProblem[] = [];
  const components: CustomComponent[] = [];
  const all = readAll<ComponentReading>(
    'world.weft.component',
    events,
    MAX_CUSTOM_COMPONENTS,
    decodeComponentEvent,
    problems,
  );
  for (const [carrier, reading] of all)
    if ('problem' in reading)
      problems.push({ carrier, path: null, reason: `It declares no component: ${reading.problem}.` });
    else components.push(reading.component);
  return { components, problems };
}

function* readAll<Reading>(
  type: string,
  events: Iterable<NamedEvent>,
  most: number,
  decode: (event: NamedEvent) => Reading,
  problems: IntakeProblem[],
): Generator<readonly [string, Reading]> {
  const written = [...events].filter(({ content }) => !isBlank(content));
  const sorted = written.sort((a, b) => compareUtf8(String(a.stateKey), String(b.stateKey)));
  for (const event of sorted.slice(0, most)) yield [`${type}/${String(event.stateKey)}`, decode(event)];
  if (sorted.length > most)
    problems.push({
      carrier: type,
      path: null,
      reason: `There are ${sorted.length} of these events: only the first ${most} by name count.`,
    });
}

function isBlank(content: unknown): boolean {
  return typeof content === 'object' && content !== null && Object.keys(content).length === 0;
}
