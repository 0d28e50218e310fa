import { type CustomComponent, type Rule, readComponentEvents, readRuleEvents } from '@weft/core';
import { COMPONENT_EVENT, RULE_EVENT } from '../event-types.ts';
import type { RoomEvent } from '../room-event.ts';
import type { RoomModel } from './room-model.ts';
import type { ModelStep } from './state-entries.ts';

/** What the room's state demands of its objects. */
export interface Constraints {
  readonly rules: readonly Rule[];
  readonly components: readonly CustomComponent[];
  readonly problems: readonly { carrier: string; path: string | null; reason: string }[];
}

const TYPES: readonly string[] = [RULE_EVENT, COMPONENT_EVENT];

/** What will be demanded when these steps are taken; `null` where that is what the model demands already. */
export function constraintsAfter(model: RoomModel, steps: readonly ModelStep[]): Constraints | null {
  if (!steps.some(concerns)) return null;
  const before = TYPES.flatMap((type) => [...model.all(type)]);
  let after = new Map(before.map((event) => [keyOf(event), event]));
  for (const { whole, entries } of steps) {
    if (whole) after = new Map();
    for (const { event } of entries.values()) if (TYPES.includes(event.type)) after.set(keyOf(event), event);
  }
  const known = new Set(before.map(versionOf));
  if (known.size === after.size && [...after.values()].every((event) => known.has(versionOf(event))))
    return null;
  const ofType = (type: string) => [...after.values()].filter((event) => event.type === type);
  const { rules, problems } = readRuleEvents(ofType(RULE_EVENT));
  const declared = readComponentEvents(ofType(COMPONENT_EVENT));
  return { rules, components: declared.components, problems: [...problems, ...declared.problems] };
}

function concerns({ whole, entries }: ModelStep): boolean {
  if (whole) return true;
  for (const { event } of entries.values()) if (TYPES.includes(event.type)) return true;
  return false;
}

function keyOf({ type, stateKey }: RoomEvent): string {
  return `${type}\0${stateKey}`;
}

// A redaction blanks an event that keeps its id.
function versionOf({ id, redactedAtMs }: RoomEvent): string {
  return `${id}\0${redactedAtMs}`;
}
