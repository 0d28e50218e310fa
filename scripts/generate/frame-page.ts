import { type FrameSchema, frameSchemas } from './frame-schemas.ts';
import { isList, isRecord, type Json, type JsonRecord } from './json.ts';

const HEAD = `<!-- Written by \`npm run generate\` from the frames in packages/protocol/src/frame. -->

# Frames

Every frame of version 1 of the [lane](lane.md): its byte, who sends it, its bound, and its fields in their order. What the bytes
are, how a later version may add to them, and what each is for is said there. Each has a JSON Schema of its list of fields under
\`schemas/frames/\`, in which bytes are unpadded base64url.
`;

/** The reference page of all frames. */
export function framePage(): string {
  const frames = frameSchemas();
  const sent = (direction: string): string =>
    frames
      .filter((frame) => frame.direction === direction)
      .map(sectionOf)
      .join('\n');
  return `${HEAD}\n## From client to relay\n\n${sent('to-relay')}\n## From relay to client\n\n${sent('to-client')}`;
}

function sectionOf({ type, byte, maxBytes, description, schema }: FrameSchema): string {
  const fields = isList(schema.prefixItems) ? rowsOf('', schema.prefixItems) : [];
  const table =
    fields.length === 0
      ? 'It has no fields.'
      : `| field | holds | meaning |\n| --- | --- | --- |\n${fields.join('\n')}`;
  return `### \`0x${byte.toString(16).padStart(2, '0')}\` ${type}

${description} At most ${maxBytes.toLocaleString('en')} bytes.

${table}
`;
}

function rowsOf(prefix: string, places: readonly Json[]): string[] {
  return places.flatMap((place) => {
    if (!isRecord(place)) return [];
    const name = `${prefix}${text(place.title)}`;
    const inner = recordIn(place);
    const cells = [`\`${name}\``, holds(place), meaning(place)].map((cell) => cell.replaceAll('|', '\\|'));
    const row = `| ${cells.join(' | ')} |`;
    return inner === null ? [row] : [row, ...rowsOf(`${name}.`, inner)];
  });
}

/** The places of a record, of one that may be null, or of those in a list. */
function recordIn(schema: JsonRecord): readonly Json[] | null {
  if (isList(schema.prefixItems)) return schema.prefixItems;
  if (isRecord(schema.items)) return recordIn(schema.items);
  const [first] = isList(schema.anyOf) ? schema.anyOf : [];
  return isRecord(first) ? recordIn(first) : null;
}

function holds(schema: JsonRecord): string {
  const {
    type,
    anyOf,
    enum: options,
    const: constant,
    minimum,
    maximum,
    maxLength,
    maxItems,
    items,
  } = schema;
  if (isList(anyOf)) return `${isRecord(anyOf[0]) ? holds(anyOf[0]) : 'any value'}, or null`;
  if (isList(options)) return options.map((option) => `\`${text(option)}\``).join(', ');
  if (constant !== undefined) return `\`${text(constant)}\``;
  if (schema.contentEncoding !== undefined) return bytes(schema);
  if (schema.$comment !== undefined) return text(schema.$comment);
  if (isList(schema.prefixItems)) return 'list of';
  if (type === 'array')
    return `list of at most ${count(maxItems)} of ${isRecord(items) ? holds(items) : 'any value'}`;
  if (type === 'integer') return `integer ${count(minimum)} to ${count(maximum)}`;
  if (type === 'boolean') return 'boolean';
  if (type === 'object') return 'record';
  if (type !== 'string') return 'value';
  const most = maxLength === undefined ? '' : `, at most ${count(maxLength)} characters`;
  return schema.pattern === undefined ? `text${most}` : `text \`${text(schema.pattern)}\``;
}

function bytes({ minLength, maxLength, contentMediaType }: JsonRecord): string {
  const [least, most] = [minLength, maxLength].map((length) =>
    typeof length === 'number' ? Math.floor((length * 3) / 4) : 0,
  );
  const what = contentMediaType === undefined ? 'bytes' : 'bytes of a patch';
  return least === most ? `${count(most)} ${what}` : `${what}, ${count(least)} to ${count(most)}`;
}

function meaning(schema: JsonRecord): string {
  if (schema.description !== undefined) return text(schema.description);
  const [first] = isList(schema.anyOf) ? schema.anyOf : [];
  return isRecord(first) ? meaning(first) : '';
}

function count(value: Json | undefined): string {
  if (value === Number.MAX_SAFE_INTEGER) return '2^53 − 1';
  return typeof value === 'number' ? value.toLocaleString('en') : '';
}

function text(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
