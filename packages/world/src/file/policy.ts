import {
  type ContentsByKey,
  type EventContent,
  type FilePolicy,
  readComponentEvents,
  readRuleEvents,
} from '@weft/core';
import { COMPONENT_EVENT, RULE_EVENT, type StateContent, WORLD_EVENT } from '@weft/matrix';

/** What a file carries of a world's own events: what it says of itself and what it demands. */
export function policyOf(state: readonly StateContent[]): FilePolicy {
  const world = state.find(({ type, stateKey }) => type === WORLD_EVENT && stateKey === '')?.content;
  const [rules, components] = [contentsOf(state, RULE_EVENT), contentsOf(state, COMPONENT_EVENT)];
  return { ...(world === undefined ? {} : { world }), rules, components };
}

/** The same as events of a new room. */
export function stateOf({ world, rules = {}, components = {} }: FilePolicy): readonly StateContent[] {
  return [
    ...(world === undefined ? [] : [{ type: WORLD_EVENT, stateKey: '', content: world }]),
    ...eventsOf(rules).map((event) => ({ type: RULE_EVENT, ...event })),
    ...eventsOf(components).map((event) => ({ type: COMPONENT_EVENT, ...event })),
  ];
}

/** What the policy of a file demands of the objects in it. */
export function constraintsOf({ rules = {}, components = {} }: FilePolicy) {
  const demanded = readRuleEvents(eventsOf(rules));
  const declared = readComponentEvents(eventsOf(components));
  return {
    rules: demanded.rules,
    components: declared.components,
    problems: [...demanded.problems, ...declared.problems],
  };
}

function eventsOf(contents: ContentsByKey): readonly Omit<StateContent, 'type'>[] {
  return Object.entries(contents).map(([stateKey, content]) => ({ stateKey, content }));
}

function contentsOf(state: readonly StateContent[], wanted: string): ContentsByKey {
  const contents: Record<string, EventContent> = Object.create(null);
  for (const { type, stateKey, content } of state) if (type === wanted) contents[stateKey] = content;
  return contents;
}
