import fc from 'fast-check';
import { contentHash } from '../../src/event/event-json.ts';
import {
  type EventContent,
  encodeObjectEvent,
  encodePatch,
  entriesOf,
  isList,
  join,
  type Patch,
  parseObjectId,
  parsePath,
  patchOf,
  TICKS_PER_MS,
  type Value,
} from '../../src/index.ts';
import {
  patch as anyPatch,
  BASE_TIME,
  shifted,
  stamp,
  text,
  USER_IDS,
  userId,
  value,
} from '../arbitraries.ts';
import { TREE_IDS, treePatch } from '../history.ts';
import { factPatch } from '../rule-history.ts';
import { BODY_AT, sealed } from '../weft-bytes.ts';
import { type PatchJson, writePatch } from './notation.ts';
import { type CarrierJson, carrierOf } from './random-carrier.ts';
import { componentEvents, type PolicyEventJson, ruleEvents } from './random-rules.ts';
import type { EventJson } from './vectors.ts';

/** What a reader receives, in order. The clock never steps back. */
export interface HistoryJson {
  readonly steps: readonly ({ readonly now: number } & (
    | { readonly patch: PatchJson }
    | { readonly event: EventJson }
    | { readonly file: string }
    | { readonly carrier: CarrierJson }
    | { readonly rules: readonly PolicyEventJson[] }
    | { readonly components: readonly PolicyEventJson[] }
  ))[];
}

const BASE_MS = BASE_TIME / TICKS_PER_MS;
// Some stamps are ahead of it by more than the quarantine allows, until it has moved on.
const START_MS = BASE_MS - 600_000 - 1;
const SPREAD_MS = 4;
const ODD_ID = parseObjectId('odd');
const ODD_PATH = parsePath('acme:odd.value');

const part = fc.constantFrom(0, 0.1, -0.7, 1, 0.3, 2 / 3);

/** What two readers may compute or judge otherwise: crooked numbers, ages, values of every shape. */
const CROOKED: Readonly<Record<string, fc.Arbitrary<Value>>> = {
  'transform.position': fc.tuple(part, part, part),
  'transform.rotation': fc.tuple(part, part, part, part),
  'transform.scale': fc.tuple(part, part, part),
  'node.created': fc.constantFrom(BASE_MS - 1, BASE_MS + 1),
  'acme:door.open': fc.oneof(
    fc.array(fc.constantFrom<Value>(1, 0.5, 'x', true, null, [1]), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('open', 'é', '😀', '\uff5e', 'name'), part, { noNullPrototype: true }),
    fc.constantFrom<Value>(1, 0, true, false, 'here', '😀😀', 'x'.repeat(16)),
    fc.constantFrom(250, 300, 588, 589).map((length) => Array.from({ length }, () => 0)),
  ),
};

const crookedPatch: fc.Arbitrary<Patch> = fc
  .array(
    fc.constantFrom(...Object.keys(CROOKED)).chain((path) =>
      fc.record({
        id: fc.constantFrom(...TREE_IDS.slice(0, 8)),
        path: fc.constant(parsePath(path)),
        register: fc.record({ value: CROOKED[path] ?? fc.constant(null), stamp }),
      }),
    ),
    { minLength: 1, maxLength: 10 },
  )
  .map((registers) => patchOf({ registers }));

const aheadPatch: fc.Arbitrary<Patch> = fc
  .tuple(
    fc.oneof(
      { weight: 4, arbitrary: treePatch },
      { weight: 3, arbitrary: factPatch },
      crookedPatch,
      anyPatch,
    ),
    fc.nat({ max: SPREAD_MS }),
  )
  .map(([patch, byMs]) => shifted(patch, byMs));

/** What may stand where a name, a value or a stamp is expected. */
const junk: fc.Arbitrary<Value> = fc.oneof(
  { weight: 3, arbitrary: value },
  text,
  fc.string({ unit: 'binary', maxLength: 4 }).map((tail) => `~${tail}`),
  value.map((inner) => `~${JSON.stringify(inner)}`),
  fc.constantFrom<Value>(
    '\0',
    '\ud800',
    '\udc00\ud800',
    '~"\\ud83d\\ude00"',
    '~1e999',
    '~NaN',
    0.5,
    1e21,
    2 ** 53,
    { constructor: 1 },
    { a: ['\0'] },
  ),
);

const stampJunk: fc.Arbitrary<Value> = fc.oneof(
  fc.constantFrom<Value>(
    0,
    -1,
    0.5,
    true,
    null,
    BASE_TIME,
    2 ** 53 - 2 ** 31 - 1,
    2 ** 53 - 2 ** 31,
    'actor-xx',
    'short',
    ...USER_IDS,
    [BASE_TIME, 'actor-xx'],
    [BASE_TIME + 0.5, 'actor-xx'],
    [BASE_TIME, 'short'],
    [BASE_TIME],
    {},
    { 'node.name': [BASE_TIME, '@ann:a.org'], 'node.parent': [-1, 'actor-xx'] },
    { 'actor-aaaaaa': ['@eve:e.org', '@bob:b.org', 'x'], 'actor-bbbbbb': [] },
  ),
  junk,
);

const componentName = fc.constantFrom('node', 'acme:door', 'W', 'w2', 'constructor', 'é', 'late');
const propertyName = fc.oneof(
  fc.constantFrom('name', 'parent', 'open', 'a-b', '1', 'prototype', 'a.b', 'é', '\ud800', '\uff5e', '😀'),
);

type Tampering = (content: EventContent) => EventContent;

/** A change that somebody with another program, or with bad intent, makes to the content of an event. */
const tampering: fc.Arbitrary<Tampering> = fc.oneof(
  fc.constant<Tampering>(({ w: _stamps, ...rest }) => rest),
  fc.constant<Tampering>(() => ({})),
  fc.tuple(componentName, propertyName, junk).map(
    ([component, property, wire]) =>
      (content: EventContent): EventContent => ({
        ...content,
        [component]: { ...recordOf(content[component]), [property]: wire },
      }),
  ),
  fc.tuple(componentName, junk).map(([component, wire]) => (content: EventContent) => ({
    ...content,
    [component]: wire,
  })),
  fc
    .tuple(fc.constantFrom('t', 'a', 'x', 'u', 'h', 'p', 'later', 'é'), stampJunk)
    .map(([key, wire]) => (content: EventContent) => ({
      ...content,
      w: { ...recordOf(content.w), [key]: wire },
    })),
  stampJunk.map((wire) => (content: EventContent) => ({ ...content, w: wire })),
);

const event: fc.Arbitrary<EventJson> = fc
  .record({
    patch: aheadPatch,
    id: fc.constantFrom(...TREE_IDS.slice(0, 8), 'root', 'no/id', 'u_AAAAAAAAAAAAAAAAAAAAAA_x'),
    sender: userId,
    tamperings: fc.array(tampering, { maxLength: 4 }),
    rehash: fc.boolean(),
    atMs: fc.nat({ max: SPREAD_MS }).map((byMs) => BASE_MS + byMs),
    redactedAtMs: fc.oneof(
      { weight: 9, arbitrary: fc.constant(undefined) },
      fc.nat({ max: SPREAD_MS }).map((byMs) => BASE_MS + byMs),
    ),
  })
  .map(({ patch, id, sender, tamperings, rehash, atMs, redactedAtMs }) => {
    const written = contentOf(patch);
    const tampered = tamperings.reduce((content: EventContent, tamper) => tamper(content), written);
    return {
      stateKey: id,
      sender,
      originServerTs: atMs,
      content: rehash && tamperings.length > 0 ? hashed(tampered) : tampered,
      ...(redactedAtMs === undefined ? {} : { redactedAtMs }),
    };
  });

/** A whole file, now and then with other bytes in its body, in base64. */
const file: fc.Arbitrary<string> = fc
  .tuple(
    aheadPatch,
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 }), fc.nat({ max: 2 })), { maxLength: 3 }),
    fc.boolean(),
  )
  .map(([patch, edits, damaged]) => {
    const bytes = [...encodePatch(patch, { title: 'é' }).subarray(BODY_AT)];
    for (const [where, byte, how] of damaged ? edits : [])
      bytes.splice(where % (bytes.length + 1), how === 0 ? 0 : 1, ...(how === 2 ? [] : [byte]));
    return Buffer.from(sealed(Uint8Array.from(bytes))).toString('base64');
  });

const anyHistory: fc.Arbitrary<HistoryJson> = fc
  .array(
    fc.record({
      laterMs: fc.nat({ max: 2 }),
      what: fc.oneof(
        aheadPatch.map((patch) => ({ patch: writePatch(patch) })),
        { weight: 2, arbitrary: event.map((each) => ({ event: each })) },
        file.map((each) => ({ file: each })),
        { weight: 2, arbitrary: carrierOf(aheadPatch).map((carrier) => ({ carrier })) },
        ruleEvents.map((rules) => ({ rules })),
        componentEvents.map((components) => ({ components })),
      ),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts) => {
    let now = START_MS;
    return {
      steps: parts.map(({ laterMs, what }) => {
        now += laterMs;
        return { now, ...what };
      }),
    };
  });

/** Nothing waits, and rules change over objects of which they have much to say. */
const ruledHistory: fc.Arbitrary<HistoryJson> = fc
  .tuple(
    fc.array(fc.oneof({ weight: 3, arbitrary: factPatch }, treePatch, crookedPatch), {
      minLength: 3,
      maxLength: 10,
    }),
    fc.array(ruleEvents, { minLength: 1, maxLength: 3 }),
    fc.array(componentEvents, { maxLength: 2 }),
    fc.array(fc.oneof(factPatch, treePatch), { maxLength: 3 }),
  )
  .map(([before, rules, components, after]) => {
    const patches = [before, after].map((some) => some.map((patch) => ({ patch: writePatch(patch) })));
    const [first = [], last = []] = patches;
    const changes = [
      ...rules.map((each) => ({ rules: each })),
      ...components.map((each) => ({ components: each })),
    ];
    return { steps: [...first, ...changes, ...last].map((what) => ({ now: BASE_MS, ...what })) };
  });

export const randomHistory: fc.Arbitrary<HistoryJson> = fc.oneof(anyHistory, ruledHistory);

/** The content of an event as core writes it, with values of every kind. */
export const wholeContent: fc.Arbitrary<EventContent> = fc
  .record({ patch: anyPatch, value, stamp })
  .map(({ patch, ...register }) => {
    const odd = patchOf({ registers: [{ id: ODD_ID, path: ODD_PATH, register }] });
    return contentOf(join(patch, odd));
  });

/** All registers of the patch as those of one object; of several at a path, the last. */
function contentOf(patch: Patch): EventContent {
  const registers = new Map([...entriesOf(patch)].map(({ path, register }) => [path, register]));
  return registers.size === 0 ? {} : encodeObjectEvent({ registers, actors: patch.actors });
}

function hashed(content: EventContent): EventContent {
  if (Object.keys(content).length === 0) return content;
  return { ...content, w: { ...recordOf(content.w), h: contentHash(content) } };
}

function recordOf(input: Value | undefined): EventContent {
  return typeof input === 'object' && input !== null && !isList(input) ? { ...input } : {};
}
