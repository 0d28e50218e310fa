import { type TSchema, Type } from 'typebox';

/** What an inspector shows to edit a property. */
export type EditorKind =
  | 'text'
  | 'paragraph'
  | 'number'
  | 'switch'
  | 'choice'
  | 'vector'
  | 'rotation'
  | 'colour'
  | 'linear-colour'
  | 'list'
  | 'asset'
  | 'object'
  | 'json';

/** What every property says of itself; `unit` and `step` are for people and inspectors, the rest is JSON Schema. */
export interface PropertyText {
  readonly title: string;
  readonly description: string;
  readonly unit?: string;
  readonly step?: number;
  readonly editor?: EditorKind;
  /** Written by Weft itself; an inspector shows it and does not edit it. */
  readonly readOnly?: boolean;
}

interface NumberRange {
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Metres from the parent's origin; the Earth's radius fits, and products down a tree stay finite. */
export const MAX_COORDINATE_METRES = 10_000_000;
const MAX_SCALE = 1_000_000;
const MAX_NAME_CHARACTERS = 200;
const MAX_TEXT_CHARACTERS = 2000;
const MAX_URI_CHARACTERS = 2000;
const MAX_ALTERNATIVES = 8;
/** A picture of 256 × 256 pixels that nothing compresses has half of it. */
export const MAX_THUMBNAIL_BYTES = 512 * 1024;
const OBJECT_ID_PATTERN = '^(?!(?:__proto__|constructor|prototype)$)[A-Za-z0-9_-]{1,64}$';

/** Gives a property the value that readers see where the register is absent or does not fit its schema. */
export function withDefault<Schema extends TSchema, const Default>(
  schema: Schema,
  value: Default,
): Schema & { readonly default: Default } {
  return Object.assign(schema, { default: value });
}

export function number(options: PropertyText & NumberRange) {
  return Type.Number({ editor: 'number', ...options });
}

export function integer(options: PropertyText & NumberRange) {
  return Type.Integer({ editor: 'number', ...options });
}

export function flag(options: PropertyText) {
  return Type.Boolean({ editor: 'switch', ...options });
}

export function choice<const Options extends string[]>(values: [...Options], options: PropertyText) {
  return Type.Enum(values, { editor: 'choice', ...options });
}

/** One line. */
export function line(options: PropertyText & { readonly maxLength?: number; readonly pattern?: string }) {
  return Type.String({ editor: 'text', maxLength: MAX_NAME_CHARACTERS, ...options });
}

export function paragraph(options: PropertyText) {
  return Type.String({ editor: 'paragraph', maxLength: MAX_TEXT_CHARACTERS, ...options });
}

export function objectId(options: PropertyText) {
  return Type.String({ editor: 'object', pattern: OBJECT_ID_PATTERN, ...options });
}

/** `#rrggbb`, sRGB. */
export function colour(options: PropertyText) {
  return Type.String({ editor: 'colour', pattern: '^#[0-9a-fA-F]{6}$', ...options });
}

/** Red, green, blue from 0 to 1, linear (glTF). */
export function linearColour(options: PropertyText) {
  const channel = Type.Number({ minimum: 0, maximum: 1 });
  return Type.Immutable(Type.Tuple([channel, channel, channel], { editor: 'linear-colour', ...options }));
}

/** Red, green, blue, alpha from 0 to 1, linear (glTF). */
export function linearColourAlpha(options: PropertyText) {
  const channel = Type.Number({ minimum: 0, maximum: 1 });
  return Type.Immutable(
    Type.Tuple([channel, channel, channel, channel], { editor: 'linear-colour', ...options }),
  );
}

/** A point in metres: x to the right, y up, z towards the viewer. */
export function point(options: PropertyText) {
  const axis = Type.Number({ minimum: -MAX_COORDINATE_METRES, maximum: MAX_COORDINATE_METRES });
  return Type.Immutable(Type.Tuple([axis, axis, axis], { editor: 'vector', unit: 'm', ...options }));
}

/** Width, height and depth in metres, none of them negative. */
export function extent(options: PropertyText) {
  const axis = Type.Number({ minimum: 0, maximum: MAX_COORDINATE_METRES });
  return Type.Immutable(Type.Tuple([axis, axis, axis], { editor: 'vector', unit: 'm', ...options }));
}

export function scale(options: PropertyText) {
  const axis = Type.Number({ minimum: -MAX_SCALE, maximum: MAX_SCALE });
  return Type.Immutable(Type.Tuple([axis, axis, axis], { editor: 'vector', unit: '×', ...options }));
}

/** A unit quaternion x y z w; readers normalise what is slightly off. */
export function rotation(options: PropertyText) {
  const part = Type.Number({ minimum: -1, maximum: 1 });
  return Type.Immutable(Type.Tuple([part, part, part, part], { editor: 'rotation', ...options }));
}

/** Where the bytes are: `mxc:`, `ipfs:`, `https:` or `data:`. Which schemes are fetched is the reader's decision. */
export function assetUri(options: PropertyText) {
  return Type.String({ editor: 'asset', minLength: 1, maxLength: MAX_URI_CHARACTERS, ...options });
}

export function assetProperties(what: string) {
  return {
    src: assetUri({ title: 'Source', description: `Address of the ${what}: mxc:, ipfs:, https: or data:.` }),
    alt: alternatives(),
    sha256: sha256(),
    bytes: integer({
      title: 'Size',
      description: 'Number of bytes.',
      unit: 'B',
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      readOnly: true,
    }),
  };
}

/**
 * A small picture of what a file shows, a reference of its own: seen in lists, and in place of the file until that is there. Its hash and size
 * are always said, so that it is what was published, and costs what it says.
 */
export function thumbnail() {
  const size = Type.Integer({ minimum: 1, maximum: MAX_THUMBNAIL_BYTES });
  return Type.Immutable(
    Type.Object(
      { src: uri(), sha256: sha256(), bytes: size, alt: Type.Optional(alternatives()) },
      {
        title: 'Thumbnail',
        description:
          'Small picture of it: its address, hash, size and other addresses, as of any file; written where it is published.',
        editor: 'json',
        readOnly: true,
      },
    ),
  );
}

function uri() {
  return Type.String({ minLength: 1, maxLength: MAX_URI_CHARACTERS });
}

function alternatives() {
  return Type.Immutable(
    Type.Array(uri(), {
      title: 'Alternatives',
      description: 'Other addresses of the same bytes, tried in order.',
      editor: 'list',
      maxItems: MAX_ALTERNATIVES,
    }),
  );
}

function sha256() {
  return line({
    title: 'SHA-256',
    description: 'Hash of the bytes in lower-case hexadecimal; what is fetched must match it.',
    pattern: '^[0-9a-f]{64}$',
    readOnly: true,
  });
}
