import { slotPlaceOfProperty } from '../document/slot-path.ts';
import { type Path, parsePath } from '../ids.ts';
import { normaliseValue } from '../value/normalise.ts';
import type { Value } from '../value/value.ts';
import type { ComponentDefinition } from './component.ts';
import { type Predicate, type PropertySchema, predicateOf, wordsOf } from './predicate.ts';
import { COMPONENTS, type ComponentMap, type ComponentName } from './registry.ts';

/** What is known of a property of a built-in component. */
export interface PropertyCheck {
  readonly name: string;
  readonly path: Path;
  readonly schema: PropertySchema;
  readonly fits: Predicate;
  readonly defaultValue: Value | undefined;
}

const checks: ReadonlyMap<string, ReadonlyMap<string, PropertyCheck>> = new Map(
  Object.values<ComponentDefinition>(COMPONENTS).map((definition) => [definition.name, checksOf(definition)]),
);

const checksByPath: ReadonlyMap<string, PropertyCheck> = new Map(
  [...checks.values()].flatMap((properties) => [...properties.values()].map((check) => [check.path, check])),
);

/**
 * Whether a value fits the schema of its component: `null` if so, else what was expected, as the end of "expected ...".
 *
 * `null` always fits, since it removes the property. What is unknown fits too: components with a vendor prefix, and
 * properties that a later version added to a built-in one. No code is generated; a fraction of a microsecond.
 */
export function validateComponent(component: string, property: string, value: Value): string | null {
  return misfitOf(builtIn(component, property), value);
}

/** `validateComponent` for a path: one look-up, for checking whole worlds. */
export function checkPath(path: Path, value: Value): string | null {
  return misfitOf(value === null ? undefined : checksByPath.get(path), value);
}

/** What is known of a property; `undefined` where no built-in component has it. Puts no path together. */
export function builtIn(component: string, property: string): PropertyCheck | undefined {
  return checks.get(component)?.get(property);
}

/** `validateComponent` for what `builtIn` gave. */
export function misfitOf(check: PropertyCheck | undefined, value: Value): string | null {
  return check === undefined || value === null || check.fits(value) ? null : wordsOf(check.schema);
}

/** Why an author may not write a property of this name: `null` if they may, else the names there are. */
export function unknownProperty(component: string, property: string): string | null {
  const known = checks.get(component);
  if (known === undefined) {
    return component.includes(':')
      ? null
      : `one of the components ${[...checks.keys()].join(', ')}, or one of your own with a vendor prefix such as acme:${component}`;
  }
  if (known.has(property) || (component === 'document' && slotPlaceOfProperty(property) !== null))
    return null;
  return `one of the properties ${[...known.keys()].join(', ')}`;
}

/** A component as readers see it: defaults for what is absent or does not fit, frozen. */
export function readComponent<Name extends ComponentName>(
  name: Name,
  written: Readonly<Record<string, Value>>,
): ComponentMap[Name] {
  const result: Record<string, Value> = { ...written };
  for (const { name: property, fits, defaultValue } of checks.get(name)?.values() ?? []) {
    const value = written[property];
    if (value !== undefined && fits(value)) continue;
    if (defaultValue !== undefined) result[property] = defaultValue;
    else delete result[property];
  }
  // Checked property by property just now, which TypeScript cannot follow through a loop.
  return Object.freeze(result) as ComponentMap[Name];
}

/** The same for one property: its value if that fits, else its default. */
export function readProperty<Name extends ComponentName, Property extends keyof ComponentMap[Name] & string>(
  name: Name,
  property: Property,
  value: Value | undefined,
): ComponentMap[Name][Property] {
  const check = checks.get(name)?.get(property);
  const read =
    value !== undefined && value !== null && check?.fits(value) === true ? value : check?.defaultValue;
  return read as ComponentMap[Name][Property];
}

function checksOf({ name: component, properties }: ComponentDefinition): ReadonlyMap<string, PropertyCheck> {
  return new Map(
    Object.entries<PropertySchema>(properties).map(([name, schema]) => [
      name,
      {
        ...{ name, schema, path: parsePath(`${component}.${name}`) },
        ...{ fits: predicateOf(schema), defaultValue: defaultOf(schema) },
      },
    ]),
  );
}

function defaultOf(schema: PropertySchema): Value | undefined {
  return schema.default === undefined ? undefined : normaliseValue(schema.default, 'read a default');
}
