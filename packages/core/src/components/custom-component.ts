import { decodePolicyContent } from '../event/policy-content.ts';
import { isComponentName, isPropertyName, type Path, parsePath, pathOf } from '../ids.ts';
import { readValue } from '../value/normalise.ts';
import { compareUtf8 } from '../value/utf8.ts';
import type { Value } from '../value/value.ts';
import type { Misfit, SchemaCheck } from './custom-check.ts';
import { type CustomSchema, parseSchema } from './custom-schema.ts';
import type { FieldDescription } from './fields.ts';

/** Components that a world may declare; of more, the first in UTF-8 order of their names count. */
export const MAX_CUSTOM_COMPONENTS = 256;

const UNDECLARED: Misfit = { at: '', expected: 'only properties that the component declares' };

/** A component that the world declares (`world.weft.component`), with the schema its properties are judged by. */
export interface CustomComponent {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly schema: CustomSchema;
  /** Properties that have to be there, in UTF-8 order. */
  readonly required: readonly string[];
}

/** What one state event declares, or why it declares nothing: then the component is unchecked. */
export type ComponentReading = { readonly component: CustomComponent } | { readonly problem: string };

/** Reads a `world.weft.component` event. Never throws; bounded by 8 KiB of content. */
export function decodeComponentEvent(event: {
  readonly stateKey: unknown;
  readonly content: unknown;
}): ComponentReading {
  const { stateKey: name } = event;
  if (typeof name !== 'string' || !isComponentName(name) || !name.includes(':'))
    return { problem: 'the state key should be vendor:name' };
  const content = decodePolicyContent(event.content);
  if (content === null) return { problem: 'the content is malformed or larger than 8192 bytes' };
  const json = content.schema;
  if (json === undefined) return { problem: 'it has no schema' };
  const reading = parseSchema(json);
  if ('problem' in reading) return reading;
  const { schema } = reading;
  const odd = [...schema.properties.keys()].find((property) => !isPropertyName(property));
  if (odd !== undefined) return { problem: `no property can be called ${JSON.stringify(odd).slice(0, 80)}` };
  const title = typeof content.title === 'string' ? content.title : (schema.title ?? name);
  const description =
    typeof content.description === 'string' ? content.description : (schema.description ?? '');
  const required = requiredOf(schema);
  return { component: Object.freeze({ name, title, description, schema, required }) };
}

/** The names in the `required` of a component's schema that a property can have, in UTF-8 order. */
export function requiredOf({ required }: CustomSchema): readonly string[] {
  return required.filter(isPropertyName).sort(compareUtf8);
}

/** A property that does not fit the schema of its component, or is not there. */
export interface PropertyMisfit {
  readonly path: Path;
  readonly misfit: Misfit;
}

/**
 * What does not fit in the properties of one component, in the order of `protocol-spec/rules.md`: those that are written,
 * then those that are absent. Ends where the steps of the object do. Never throws.
 *
 * @param written in UTF-8 order of their names
 */
export function* componentMisfits(
  { name, schema, required }: Pick<CustomComponent, 'name' | 'schema' | 'required'>,
  written: ReadonlyMap<string, Value>,
  check: SchemaCheck,
): Generator<PropertyMisfit> {
  const { properties, additionalProperties } = schema;
  for (const [property, value] of written) {
    const each = properties.get(property) ?? additionalProperties;
    if (each === true) continue;
    const misfit = each === false ? UNDECLARED : check.misfitOf(each, value);
    if (misfit !== null) yield { path: parsePath(`${name}.${property}`), misfit };
    if (check.isSpent) return;
  }
  for (const property of required) {
    if (written.has(property)) continue;
    yield { path: parsePath(`${name}.${property}`), misfit: check.absence() };
    if (check.isSpent) return;
  }
}

/** The fields of a declared component by name. */
export function customFieldsOf(component: CustomComponent): readonly FieldDescription[] {
  return [...component.schema.properties].flatMap(([property, schema]) => {
    const path = pathOf(component.name, property);
    return path === undefined ? [] : [Object.freeze(describe(component.name, property, path, schema))];
  });
}

function describe(component: string, property: string, path: Path, schema: CustomSchema): FieldDescription {
  return {
    path,
    component,
    property,
    label: schema.title ?? property,
    description: schema.description ?? '',
    editor: schema.editor ?? editorFor(schema),
    unit: schema.unit,
    min: schema.minimum ?? schema.minLength,
    max: schema.maximum ?? schema.maxLength ?? schema.maxItems,
    step: schema.step,
    options: optionsOf(schema).map(String),
    defaultValue: readValue(schema.defaultValue) ?? null,
    readOnly: schema.readOnly,
  };
}

function optionsOf({ options, constant }: CustomSchema): readonly unknown[] {
  return options === null ? (constant === null ? [] : [constant.value]) : [...options];
}

function editorFor(schema: CustomSchema): FieldDescription['editor'] {
  const options = optionsOf(schema);
  if (options.length > 0) return options.every((option) => typeof option === 'string') ? 'choice' : 'json';
  const { types } = schema;
  const [type, ...others] = types ?? [];
  if (others.length > 0) return 'json';
  if (type === 'string') return 'text';
  if (type === 'number' || type === 'integer') return 'number';
  return type === 'boolean' ? 'switch' : 'json';
}
