import type { CustomSchema } from './custom-schema.ts';

/** Options and alternatives that a sentence names. */
const MAX_NAMED = 12;
const MAX_WORD_CHARACTERS = 40;

/** What a stranger's schema accepts at its top, in words that finish "expected ...". */
export function schemaWords(schema: CustomSchema): string {
  if (schema.constant !== null) return shorten(String(schema.constant.value));
  if (schema.options !== null) return optionWords(schema.options);
  if (schema.anyOf !== null && schema.types === null) return anyWords(schema.anyOf);
  if (schema.types === null) return 'another value';
  return [...schema.types].map((type) => typeWords(schema, type)).join(' or ');
}

export function anyWords(alternatives: readonly CustomSchema[]): string {
  const words = new Set(alternatives.filter(({ anyOf }) => anyOf === null).map(schemaWords));
  return words.size === 0 ? 'one of the alternatives' : [...words].slice(0, MAX_NAMED).join(', or ');
}

/** What there is besides a name that may not be. */
export function noOther(names: Iterable<string>): string {
  const known = [...names].slice(0, MAX_NAMED).map(shorten);
  return known.length === 0 ? 'nothing of that name' : `only ${known.join(', ')}`;
}

function optionWords(options: CustomSchema['options']): string {
  const all = [...(options ?? [])];
  const named = all.slice(0, MAX_NAMED).map((option) => shorten(String(option)));
  return `one of ${named.join(', ')}${all.length > MAX_NAMED ? ', ...' : ''}`;
}

function typeWords(schema: CustomSchema, type: string): string {
  switch (type) {
    case 'number':
      return `a number${range(schema.minimum, schema.maximum)}`;
    case 'integer':
      return `a whole number${range(schema.minimum, schema.maximum)}`;
    case 'string':
      return `text${span(schema.minLength, schema.maxLength, 'characters')}`;
    case 'array':
      return `an array${span(schema.minItems, schema.maxItems, 'items')}`;
    case 'object':
      return 'an object';
    case 'boolean':
      return 'true or false';
    default:
      return type;
  }
}

function range(least: number | null, most: number | null): string {
  if (least !== null && most !== null) return ` from ${least} to ${most}`;
  if (least !== null) return ` of at least ${least}`;
  return most === null ? '' : ` of at most ${most}`;
}

function span(least: number | null, most: number | null, what: string): string {
  const words = range(least, most);
  return words === '' ? '' : ` of${words.replace(/^ of/, '')} ${what}`;
}

function shorten(text: string): string {
  return text.length <= MAX_WORD_CHARACTERS ? text : `${text.slice(0, MAX_WORD_CHARACTERS - 1)}…`;
}
