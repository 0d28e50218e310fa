import type { TSchema } from 'typebox';
import { RelayConfig } from './relay-config.ts';

/** One setting, as the reader and the reference page see it. */
export interface Setting {
  readonly section: string;
  readonly name: string;
  /** The environment variable that wins over the file: `WEFT_RELAY_LIMITS_HELLO_MS`. */
  readonly variable: string;
  readonly description: string;
  readonly kind: 'count' | 'word' | 'text' | 'texts';
  /** What it accepts, in words, with the unit. */
  readonly accepts: string;
  readonly fallback: string | number | readonly string[];
  readonly schema: TSchema;
}

export interface Section {
  readonly name: string;
  readonly description: string;
  readonly settings: readonly Setting[];
}

/** Every setting by section, in the order of the schema. */
export const SECTIONS: readonly Section[] = Object.entries(RelayConfig.properties).map(([name, section]) => ({
  name,
  description: wordOf(section, 'description'),
  settings: Object.entries<TSchema>(section.properties).map(([setting, schema]) =>
    settingOf(name, setting, schema),
  ),
}));

function settingOf(section: string, name: string, schema: TSchema): Setting {
  return {
    section,
    name,
    variable: `WEFT_RELAY_${snake(section)}_${snake(name)}`,
    description: wordOf(schema, 'description'),
    kind: kindOf(schema),
    accepts: acceptsOf(schema),
    fallback: fallbackOf(schema),
    schema,
  };
}

function kindOf(schema: TSchema): Setting['kind'] {
  if ('enum' in schema) return 'word';
  const type = wordOf(schema, 'type');
  if (type === 'integer') return 'count';
  return type === 'array' ? 'texts' : 'text';
}

function acceptsOf(schema: TSchema): string {
  if ('enum' in schema && Array.isArray(schema.enum)) return `one of ${schema.enum.join(', ')}`;
  if ('items' in schema && isRecord(schema.items)) return `a list; each ${wordOf(schema.items, 'x-accepts')}`;
  if (wordOf(schema, 'type') !== 'integer') return wordOf(schema, 'x-accepts');
  const unit = wordOf(schema, 'x-unit');
  return `a whole number from ${member(schema, 'minimum')} to ${member(schema, 'maximum')}${unit === '' ? '' : ` ${unit}`}`;
}

function fallbackOf(schema: TSchema): Setting['fallback'] {
  const fallback = member(schema, 'default');
  if (typeof fallback === 'string' || typeof fallback === 'number') return fallback;
  return Array.isArray(fallback) ? fallback.map(String) : '';
}

function wordOf(schema: object, name: string): string {
  const word = member(schema, name);
  return typeof word === 'string' ? word : '';
}

function member(schema: object, name: string): unknown {
  return Object.entries(schema).find(([key]) => key === name)?.[1];
}

function isRecord(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}
