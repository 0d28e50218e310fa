import { type Path, parsePath } from '../ids.ts';
import { normaliseValue } from '../value/normalise.ts';
import type { Value } from '../value/value.ts';
import type { ComponentDefinition } from './component.ts';
import type { PropertySchema } from './predicate.ts';
import type { EditorKind } from './property.ts';
import { COMPONENTS } from './registry.ts';

/** One property as an inspector shows it. */
export interface FieldDescription {
  readonly path: Path;
  readonly component: string;
  readonly property: string;
  readonly label: string;
  readonly description: string;
  readonly editor: EditorKind;
  /** `m`, `rad`, ...; `null` where the value has none. */
  readonly unit: string | null;
  /** Bounds of the number, or of each number of a vector; of the length for text and lists. */
  readonly min: number | null;
  readonly max: number | null;
  /** A sensible step for a number or each number of a vector. */
  readonly step: number | null;
  /** What there is to choose from; empty unless `editor` is `choice`. */
  readonly options: readonly string[];
  readonly defaultValue: Value | null;
  /** Written by Weft itself: show, do not edit. */
  readonly readOnly: boolean;
}

/** The fields of a built-in component in the order to show them; none for a component of your own. */
export function fieldsOf(component: string): readonly FieldDescription[] {
  return fields.get(component) ?? [];
}

const fields: ReadonlyMap<string, readonly FieldDescription[]> = new Map(
  Object.values<ComponentDefinition>(COMPONENTS).map((definition) => [
    definition.name,
    Object.entries<PropertySchema>(definition.properties).map(([property, schema]) =>
      Object.freeze(describe(definition.name, property, schema)),
    ),
  ]),
);

function describe(component: string, property: string, schema: PropertySchema): FieldDescription {
  return {
    path: parsePath(`${component}.${property}`),
    component,
    property,
    label: schema.title ?? property,
    description: schema.description ?? '',
    editor: schema.editor ?? 'json',
    unit: schema.unit ?? null,
    min: lowerBound(schema),
    max: upperBound(schema),
    step: schema.step ?? null,
    options: (schema.enum ?? []).map(String),
    defaultValue: schema.default === undefined ? null : normaliseValue(schema.default, 'read a default'),
    readOnly: schema.readOnly ?? false,
  };
}

function lowerBound(schema: PropertySchema): number | null {
  return schema.minimum ?? schema.minLength ?? firstItem(schema)?.minimum ?? null;
}

function upperBound(schema: PropertySchema): number | null {
  return schema.maximum ?? schema.maxLength ?? schema.maxItems ?? firstItem(schema)?.maximum ?? null;
}

function firstItem({ items }: PropertySchema): PropertySchema | undefined {
  return Array.isArray(items) ? items[0] : undefined;
}
