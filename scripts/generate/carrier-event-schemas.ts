import {
  BUNDLE_SLOTS,
  LAYER_SLOTS,
  MAX_BLOB_BYTES,
  MAX_BLOB_OBJECTS,
  MAX_BLOB_SOURCE_CHARACTERS,
  MAX_BLOB_SOURCES,
} from '@weft/core';
import { BUNDLE_EVENT, LAYER_EVENT, PERSONAL_EVENT } from '@weft/matrix';
import { head, stateEvent, USER_ID } from './event-frame.ts';
import type { JsonRecord } from './json.ts';

const BEYOND = 'bytes of the content, what the patch holds, and whether the state key is that of the sender.';
const SOURCE =
  '^(?:mxc://[^/]+/[A-Za-z0-9_-]{1,255}|ipfs://[A-Za-z0-9]{32,128}(?:[/?#].*)?|https://[^/?#@]+(?:[/?#].*)?)$';

const version: JsonRecord = { description: 'Of the content.', const: 1 };
const patch: JsonRecord = {
  description: 'A binary file, as binary.md has it, in unpadded base64url.',
  type: 'string',
  pattern: '^[A-Za-z0-9_-]+$',
};
const blob: JsonRecord = {
  description: 'Where a binary file is.',
  type: 'object',
  required: ['sources', 'sha256', 'bytes', 'objects'],
  properties: {
    sources: {
      description: 'Addresses of the same file, in the order in which they are tried.',
      type: 'array',
      minItems: 1,
      maxItems: MAX_BLOB_SOURCES,
      uniqueItems: true,
      items: { type: 'string', pattern: SOURCE, maxLength: MAX_BLOB_SOURCE_CHARACTERS },
    },
    sha256: { description: 'Of the whole file.', type: 'string', pattern: '^[0-9a-f]{64}$' },
    bytes: { description: 'Of the whole file.', type: 'integer', minimum: 1, maximum: MAX_BLOB_BYTES },
    objects: {
      description: 'How many it holds at most.',
      type: 'integer',
      minimum: 0,
      maximum: MAX_BLOB_OBJECTS,
    },
  },
};
const blank: JsonRecord = { description: 'Says nothing.', type: 'object', maxProperties: 0 };

function holding(name: 'patch' | 'blob', more: JsonRecord = {}): JsonRecord {
  const member = name === 'patch' ? patch : blob;
  return { type: 'object', required: ['v', name], properties: { v: version, [name]: member, ...more } };
}

function writerKey(slots: number): JsonRecord {
  return { type: 'string', pattern: `^[A-Za-z0-9_-]{22}\\.[0-${slots - 1}]$` };
}

/** The schemas of carriers with one writer, by event type. */
export function carrierEvents(): readonly [string, JsonRecord][] {
  return [
    [
      BUNDLE_EVENT,
      {
        ...head(BUNDLE_EVENT, 'Bundle', 'Many objects, as carriers.md has it.'),
        $comment: `Beyond this schema: ${BEYOND}`,
        ...stateEvent(BUNDLE_EVENT, writerKey(BUNDLE_SLOTS), {
          anyOf: [holding('patch'), holding('blob'), blank],
        }),
      },
    ],
    [
      PERSONAL_EVENT,
      {
        ...head(PERSONAL_EVENT, 'Personal', "Its sender's own objects, as carriers.md has it."),
        $comment: `Beyond this schema: ${BEYOND}`,
        ...stateEvent(
          PERSONAL_EVENT,
          { type: 'string', pattern: USER_ID, maxLength: 255 },
          { anyOf: [holding('patch'), blank] },
        ),
      },
    ],
    [
      LAYER_EVENT,
      {
        ...head(LAYER_EVENT, 'Layer', 'Where a snapshot is, as carriers.md has it.'),
        $comment: `Beyond this schema: ${BEYOND}`,
        ...stateEvent(LAYER_EVENT, writerKey(LAYER_SLOTS), {
          anyOf: [
            holding('blob', {
              hash: { description: 'The set hash of its maker.', type: 'string', pattern: '^[0-9a-f]{32}$' },
              covers: {
                description: 'Of each carrier, which event of it is covered.',
                type: 'object',
                additionalProperties: { type: 'string' },
              },
            }),
            blank,
          ],
        }),
      },
    ],
  ];
}
