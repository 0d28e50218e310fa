import { isComponentName, isPropertyName, type Value } from '@weft/core';
import { UsageError } from './failure.ts';

/** What an edit sets: by component, either properties (`null` removes one) or `null` for the whole component. */
export type ComponentChanges = Record<string, Record<string, Value> | null>;

const SHAPE = 'Write component.property=value, such as transform.position=[1,0,2] or node.name="Oak table"';

/**
 * Reads `component.property=value` and `component={"property":value}`; a later one wins. A value is JSON if
 * it parses as JSON, else it is text.
 * @throws UsageError
 */
export function parseAssignments(texts: readonly string[]): ComponentChanges {
  // A null prototype: a component may be named by anybody, "__proto__" included.
  const changes: ComponentChanges = Object.create(null);
  for (const text of texts) {
    const equals = text.indexOf('=');
    if (equals <= 0) throw new UsageError(`${JSON.stringify(text)} sets nothing. ${SHAPE}.`);
    const target = text.slice(0, equals);
    const value = parseValue(text.slice(equals + 1));
    const dot = target.indexOf('.');
    if (dot < 0) {
      changes[nameOf(target, isComponentName, 'component')] = wholeComponent(target, value);
      continue;
    }
    const component = nameOf(target.slice(0, dot), isComponentName, 'component');
    const property = nameOf(target.slice(dot + 1), isPropertyName, 'property');
    changes[component] = { ...changes[component], [property]: value };
  }
  return changes;
}

/** JSON if it parses, else text. */
export function parseValue(text: string): Value {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** @throws UsageError unless the text is three numbers with commas between them, in brackets or not */
export function parseVector(text: string, flag: string): readonly [number, number, number] {
  const parts = text
    .replace(/^\[|\]$/g, '')
    .split(',')
    .map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  const [x, y, z] = parts;
  if (x !== undefined && y !== undefined && z !== undefined && parts.length === 3) {
    if (parts.every(Number.isFinite)) return [x, y, z];
  }
  throw new UsageError(
    `${flag} takes three numbers in metres, such as 1,0,-2.5, not ${JSON.stringify(text)}.`,
  );
}

function wholeComponent(name: string, value: Value): Record<string, Value> | null {
  if (value === null) return null;
  if (typeof value === 'object' && !isArray(value)) return { ...value };
  throw new UsageError(
    `${name} is a component: give it an object of properties, or null to remove it. ${SHAPE}.`,
  );
}

function isArray(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function nameOf(name: string, legal: (name: string) => boolean, kind: string): string {
  if (legal(name)) return name;
  const rule =
    kind === 'component'
      ? 'lowercase first, then letters, digits and _; your own carry a prefix, as in acme:door'
      : 'letters, digits, _ and -, and none of __proto__, constructor, prototype';
  throw new UsageError(`${JSON.stringify(name)} cannot name a ${kind} (${rule}). ${SHAPE}.`);
}
