import { RULE_SCHEMAS } from '@weft/core';
import { convert } from './component-schemas.ts';
import { isList, isRecord, type Json, type JsonRecord, plain } from './json.ts';

/** The content of a rule's event on the wire: one form for each kind, or nothing. */
export function ruleContent(): JsonRecord {
  return {
    description: 'A rule by its kind; empty, it counts as absent.',
    anyOf: [
      ...Object.values(RULE_SCHEMAS).map((form) => onTheWire(plain(form))),
      { type: 'object', maxProperties: 0 },
    ],
  };
}

/** The content of the event that declares a component. */
export function componentContent(): JsonRecord {
  const text = { type: 'string' };
  return {
    description: 'The schema of a component; empty, it counts as absent.',
    anyOf: [
      {
        type: 'object',
        required: ['schema'],
        properties: {
          schema: {
            description: 'JSON Schema of the properties as written, of the keywords that rules.md lists.',
            anyOf: [{ type: 'object' }, TAGGED],
          },
          title: text,
          description: text,
        },
      },
      { type: 'object', maxProperties: 0 },
    ],
  };
}

const TAGGED: JsonRecord = { $ref: '#/$defs/tagged' };

/** Each member may be tagged text instead; what is not tagged holds no floats. */
function onTheWire(form: Json): Json {
  if (!isRecord(form) || !isRecord(form.properties)) return form;
  const members = Object.entries(form.properties).map(([name, schema]): [string, Json] => [
    name,
    name === 'kind' ? schema : { anyOf: [untagged(convert(schema)), TAGGED] },
  ]);
  return { ...form, properties: Object.fromEntries(members) };
}

function untagged(schema: Json): Json {
  if (isList(schema)) return schema.map(untagged);
  if (!isRecord(schema)) return schema;
  const members = Object.entries(schema).map(([name, member]): [string, Json] => [name, untagged(member)]);
  const converted = Object.fromEntries(members);
  if (schema.type === 'number') return { ...converted, type: 'integer' };
  return schema.type === 'string' && schema.const === undefined
    ? { ...converted, pattern: '^(?!~)' }
    : converted;
}
