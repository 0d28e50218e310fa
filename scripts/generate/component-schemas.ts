import { COMPONENTS, type ComponentDefinition } from '@weft/core';
import { isList, isRecord, type Json, type JsonRecord, plain } from './json.ts';

export const DIALECT = 'https://json-schema.org/draft/2020-12/schema';

/** One built-in component as a JSON Schema of its values, that is, after they were decoded. */
export interface ComponentSchema {
  readonly name: string;
  readonly schema: JsonRecord;
}

export function componentSchemas(): readonly ComponentSchema[] {
  return Object.values<ComponentDefinition>(COMPONENTS).map(({ name, title, description, properties }) => ({
    name,
    schema: {
      $schema: DIALECT,
      $id: `urn:weft:schema:component:${name}`,
      title,
      description,
      type: 'object',
      properties: Object.fromEntries(
        Object.entries(properties).map(([property, schema]) => [property, convert(plain(schema))]),
      ),
    },
  }));
}

/** From the draft that typebox writes (tuples as a list of `items`) and without what only an inspector reads. */
export function convert(schema: Json): Json {
  if (!isRecord(schema)) return schema;
  const {
    editor: _editor,
    step: _step,
    unit,
    additionalItems: _additional,
    items,
    properties,
    ...rest
  } = schema;
  return {
    ...rest,
    ...(unit === undefined ? {} : { 'x-unit': unit }),
    ...(items === undefined ? {} : convertItems(items)),
    ...(isRecord(properties) ? { properties: convertMembers(properties) } : {}),
  };
}

function convertItems(items: Json): JsonRecord {
  return isList(items) ? { prefixItems: items.map(convert), items: false } : { items: convert(items) };
}

function convertMembers(properties: JsonRecord): JsonRecord {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, convert(schema)]));
}
