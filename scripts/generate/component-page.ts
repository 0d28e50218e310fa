import { type ComponentSchema, componentSchemas } from './component-schemas.ts';
import { isList, isRecord, type Json, type JsonRecord } from './json.ts';

const HEAD = `<!-- Written by \`npm run generate\` from the schemas in packages/core/src/components. -->

# Components

The built-in components and their properties. Each has a JSON Schema under \`schemas/components/\`, which speaks of values as
registers hold them, not of their form in a Matrix event ([values.md](values.md#in-matrix-events)).

No property is required, and \`null\` removes one. A reader MUST keep components and properties that it does not know. A value that
does not fit its schema stays in its register and is merged, carried and written back like any other; readers of the scene see the
default in its place, or nothing where there is none.

A world's own components carry a vendor prefix, \`acme:door\`; names without a prefix that are not on this page are reserved.
`;

/** The reference page of all built-in components. */
export function componentPage(): string {
  return `${HEAD}\n${componentSchemas().map(sectionOf).join('\n')}`;
}

function sectionOf({ name, schema }: ComponentSchema): string {
  const properties = isRecord(schema.properties) ? schema.properties : {};
  const rows = Object.entries(properties).map(([property, each]) =>
    isRecord(each) ? rowOf(`${name}.${property}`, each) : '',
  );
  return `## \`${name}\`

${text(schema.description)}

| property | accepts | default | meaning |
| --- | --- | --- | --- |
${rows.join('\n')}
`;
}

function rowOf(path: string, schema: JsonRecord): string {
  const unit = schema['x-unit'] === undefined ? '' : ` (${text(schema['x-unit'])})`;
  const fallback = schema.default === undefined ? '' : `\`${JSON.stringify(schema.default)}\``;
  const cells = [`\`${path}\``, accepts(schema) + unit, fallback, text(schema.description)];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function accepts(schema: JsonRecord): string {
  const { type, pattern, maxLength, enum: options, prefixItems, items, maxItems, required } = schema;
  if (isList(options)) return options.map((option) => `\`${text(option)}\``).join(', ');
  if (pattern !== undefined) return `text \`${text(pattern)}\`${atMost(maxLength, 'characters')}`;
  if (type === 'string') return `text${atMost(maxLength, 'characters')}`;
  if (type === 'number') return `number${range(schema)}`;
  if (type === 'integer') return `integer${range(schema)}`;
  if (type === 'boolean') return '`true`, `false`';
  if (isList(prefixItems)) return `${prefixItems.length} × ${acceptsItem(prefixItems[0])}`;
  if (type === 'array') return `list of ${acceptsItem(items)}${atMost(maxItems, 'items')}`;
  if (type === 'object' && isList(required)) {
    return `record with ${required.map((name) => `\`${text(name)}\``).join(', ')}`;
  }
  return 'any value';
}

function acceptsItem(schema: Json | undefined): string {
  return isRecord(schema) ? accepts(schema) : 'any value';
}

function atMost(bound: Json | undefined, what: string): string {
  return typeof bound === 'number' ? `, at most ${bound.toLocaleString('en')} ${what}` : '';
}

function range({ minimum, maximum }: JsonRecord): string {
  if (maximum === Number.MAX_SAFE_INTEGER) return ` ≥ ${text(minimum)}`;
  return minimum === undefined || maximum === undefined ? '' : ` ${bound(minimum)} to ${bound(maximum)}`;
}

function bound(number: Json): string {
  return typeof number === 'number' ? number.toLocaleString('en', { maximumFractionDigits: 4 }) : '';
}

function text(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
