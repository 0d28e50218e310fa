import { FORBIDDEN_NAMES, MAX_OBJECT_COMPONENTS, MAX_TIME_TICKS, RESERVED_COMPONENT } from '@weft/core';
import { AVATAR_EVENT, COMPONENT_EVENT, OBJECT_EVENT, RULE_EVENT, WORLD_EVENT } from '@weft/matrix';
import {
  MAX_AVATAR_MODEL_BYTES,
  MAX_AVATAR_NAME_CHARACTERS,
  MAX_AVATAR_SRC_CHARACTERS,
} from '@weft/protocol';
import { carrierEvents } from './carrier-event-schemas.ts';
import { head, stateEvent, USER_ID } from './event-frame.ts';
import type { JsonRecord } from './json.ts';
import { laneEvents, lanePolicy } from './lane-event-schemas.ts';
import { componentContent, ruleContent } from './policy-event-schemas.ts';

const FORBIDDEN = [...FORBIDDEN_NAMES].join('|');
const MAX_TITLE_CHARACTERS = 255;

// Text as Matrix events hold it: neither NUL nor lone surrogates, which the `u` flag of ECMA-262 tells from pairs.
const TEXT = '[^\\u0000\\ud800-\\udfff]*';
const NAME = `^(?!(?:${FORBIDDEN})$)${TEXT}$`;
const OBJECT_ID = `^(?!(?:root|${FORBIDDEN})$)(?!u_[A-Za-z0-9_-]{22}_)[A-Za-z0-9_-]{1,64}$`;
const COMPONENT = `^(?!(?:${RESERVED_COMPONENT}|${FORBIDDEN})$)[a-z][A-Za-z0-9_]{0,31}(:[a-zA-Z][A-Za-z0-9_-]{0,63})?$`;
const PROPERTY = `^(?!(?:${FORBIDDEN})$)[A-Za-z_][A-Za-z0-9_-]{0,63}$`;
const ACTOR = `^(?:(?!(?:${FORBIDDEN})$)[A-Za-z0-9_-]{8,64}|@[^\\u0000:]*:[^\\u0000\\s]+)$`;
// A tag, then another tag or what JSON text can begin with.
const TAGGED = `^~(?:~${TEXT}|[ \\t\\n\\r]*[\\[{"0-9tfn-]${TEXT})$`;

/** The schemas of whole events, by event type. */
export function eventSchemas(): ReadonlyMap<string, JsonRecord> {
  return new Map([
    [OBJECT_EVENT, objectEvent()],
    ...carrierEvents(),
    [WORLD_EVENT, worldEvent()],
    [RULE_EVENT, ruleEvent()],
    [COMPONENT_EVENT, componentEvent()],
    [AVATAR_EVENT, avatarEvent()],
    ...laneEvents(),
  ]);
}

function objectEvent(): JsonRecord {
  return {
    ...head(OBJECT_EVENT, 'Object', 'One object of the graph, as carriers.md has it.'),
    $comment:
      'Beyond this schema: the bytes and the depth of values and events, whether a tagged text is JSON, and whether w.h matches.',
    ...stateEvent(OBJECT_EVENT, { type: 'string', pattern: OBJECT_ID }, { $ref: '#/$defs/content' }),
    $defs: {
      content: {
        description: 'Components by name; empty, it purges the object.',
        type: 'object',
        properties: { [RESERVED_COMPONENT]: { $ref: '#/$defs/stamps' } },
        patternProperties: { [COMPONENT]: { $ref: '#/$defs/component' } },
        additionalProperties: false,
        anyOf: [
          { type: 'object', maxProperties: MAX_OBJECT_COMPONENTS },
          { type: 'object', maxProperties: MAX_OBJECT_COMPONENTS + 1, required: [RESERVED_COMPONENT] },
        ],
      },
      component: {
        description: 'Wire values by property.',
        type: 'object',
        patternProperties: { [PROPERTY]: { $ref: '#/$defs/wireValue' } },
        additionalProperties: false,
      },
      wireValue: {
        description:
          'A value with other numbers than safe integers is "~" and its JSON; text that starts with "~" has one more.',
        anyOf: [
          { type: 'string', pattern: `^(?!~)${TEXT}$` },
          { type: 'string', pattern: TAGGED },
          { not: { type: 'string' }, $ref: '#/$defs/json' },
        ],
      },
      json: {
        description: 'What canonical Matrix JSON holds.',
        anyOf: [
          { type: ['null', 'boolean'] },
          { $ref: '#/$defs/integer' },
          { type: 'string', pattern: `^${TEXT}$` },
          { type: 'array', items: { $ref: '#/$defs/json' } },
          {
            type: 'object',
            propertyNames: { pattern: NAME },
            additionalProperties: { $ref: '#/$defs/json' },
          },
        ],
      },
      integer: { type: 'integer', minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER },
      stamps: {
        description: 'Who wrote what when.',
        type: 'object',
        required: ['t', 'a', 'h'],
        properties: {
          t: { $ref: '#/$defs/time' },
          a: { $ref: '#/$defs/actor' },
          x: {
            description: 'Paths with another stamp.',
            type: 'object',
            additionalProperties: { $ref: '#/$defs/stamp' },
          },
          u: {
            description: 'Who actors are said to be.',
            type: 'object',
            propertyNames: { $ref: '#/$defs/actor' },
            additionalProperties: {
              anyOf: [
                { $ref: '#/$defs/userId' },
                { type: 'array', items: { $ref: '#/$defs/userId' }, uniqueItems: true },
              ],
            },
          },
          p: {
            description: 'Until when the object was purged.',
            $ref: '#/$defs/time',
          },
          h: {
            description: 'Hash of the rest of the content.',
            type: 'string',
            pattern: '^[A-Za-z0-9_-]{8}$',
          },
        },
        additionalProperties: { $ref: '#/$defs/json' },
      },
      stamp: {
        type: 'array',
        prefixItems: [{ $ref: '#/$defs/time' }, { $ref: '#/$defs/actor' }],
        items: false,
        minItems: 2,
      },
      time: { type: 'integer', minimum: 0, maximum: MAX_TIME_TICKS },
      actor: { type: 'string', pattern: ACTOR },
      userId: { type: 'string', pattern: USER_ID, maxLength: 255 },
    },
  };
}

function worldEvent(): JsonRecord {
  return {
    ...head(WORLD_EVENT, 'World', 'What a world says of itself, as carriers.md has it.'),
    ...stateEvent(WORLD_EVENT, { const: '' }, { $ref: '#/$defs/content' }),
    $defs: {
      content: {
        type: 'object',
        required: ['title'],
        properties: {
          title: {
            description: 'Shown to people.',
            type: 'string',
            minLength: 1,
            maxLength: MAX_TITLE_CHARACTERS,
          },
          version: { description: 'Of this event.', type: 'integer', minimum: 1 },
          ...lanePolicy,
        },
      },
    },
  };
}

function ruleEvent(): JsonRecord {
  const name = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$' };
  return {
    ...head(RULE_EVENT, 'Rule', 'A constraint of the world, as rules.md has it.'),
    $comment:
      'Beyond this schema: bytes, names and paths, whether a tagged text is JSON, min and max, and schemas.',
    ...stateEvent(RULE_EVENT, name, { $ref: '#/$defs/content' }),
    $defs: { content: ruleContent(), tagged: { type: 'string', pattern: TAGGED } },
  };
}

function avatarEvent(): JsonRecord {
  return {
    ...head(AVATAR_EVENT, 'Avatar', 'Which model its sender wears in this room, as avatars.md has it.'),
    $comment: 'Beyond this schema: bytes, that the key is the sender, and the range of the height.',
    ...stateEvent(
      AVATAR_EVENT,
      { type: 'string', pattern: USER_ID, maxLength: 255 },
      { $ref: '#/$defs/content' },
    ),
    $defs: {
      content: {
        description: 'A model; empty, it counts as absent.',
        anyOf: [
          {
            type: 'object',
            required: ['src'],
            properties: {
              src: {
                description: 'Where the glTF or VRM is.',
                type: 'string',
                pattern: '^(mxc|https|ipfs)://[\\x21-\\x7e]+$',
                maxLength: MAX_AVATAR_SRC_CHARACTERS,
              },
              sha256: { description: 'Of its bytes.', type: 'string', pattern: '^[0-9a-f]{64}$' },
              bytes: {
                description: 'How many.',
                type: 'integer',
                minimum: 1,
                maximum: MAX_AVATAR_MODEL_BYTES,
              },
              name: {
                description: 'For people.',
                type: 'string',
                pattern: `^${TEXT}$`,
                minLength: 1,
                maxLength: MAX_AVATAR_NAME_CHARACTERS,
              },
              height: {
                description: 'From the floor to the crown, in metres; a number that is no integer is tagged.',
                anyOf: [{ type: 'integer' }, { type: 'string', pattern: TAGGED }],
              },
            },
          },
          { type: 'object', maxProperties: 0 },
        ],
      },
    },
  };
}

function componentEvent(): JsonRecord {
  const name = {
    type: 'string',
    pattern: '^[a-z][A-Za-z0-9_]{0,31}:[a-zA-Z][A-Za-z0-9_-]{0,63}$',
  };
  return {
    ...head(COMPONENT_EVENT, 'Component', 'A component that the world declares, as rules.md has it.'),
    $comment:
      'Beyond this schema: bytes, whether a tagged text is JSON, and what the schema inside may hold.',
    ...stateEvent(COMPONENT_EVENT, name, { $ref: '#/$defs/content' }),
    $defs: { content: componentContent(), tagged: { type: 'string', pattern: TAGGED } },
  };
}
