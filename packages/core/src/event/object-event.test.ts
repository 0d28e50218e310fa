import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACTOR_IDS, PATHS, plainPatch, stamp, USER_IDS, userId, value } from '../../test/arbitraries.ts';
import { WeftError } from '../errors.ts';
import { type ActorId, actorOfUser, type Path, parseObjectId, parsePath, parseUserId } from '../ids.ts';
import { join } from '../register/join.ts';
import { patchOf } from '../register/patch.ts';
import type { Register } from '../register/register.ts';
import { MAX_TIME_TICKS, parseTime, type Stamp } from '../stamp/stamp.ts';
import { canonicalJson } from '../value/canonical.ts';
import { utf8Length } from '../value/utf8.ts';
import type { Value } from '../value/value.ts';
import { decodeObjectEvent } from './decode.ts';
import { encodeObjectEvent, type ObjectEventParts } from './encode.ts';
import { contentHash } from './event-json.ts';
import { MAX_OBJECT_COMPONENTS, MAX_OBJECT_EVENT_BYTES } from './limits.ts';

const ID = parseObjectId('Kx81');
const SENDER = parseUserId('@ann:a.org');
const SENT_MS = 1_767_225_600_000;
const STAMP: Stamp = { time: parseTime(SENT_MS * 2048 + 3), actor: firstActor() };

function firstActor(): ActorId {
  const [actor] = ACTOR_IDS;
  if (actor === undefined) throw new Error('no actor');
  return actor;
}

const overTheWire = (content: unknown): unknown => JSON.parse(JSON.stringify(content));
const decode = (
  content: unknown,
  more: { redactedAtMs?: number; stateKey?: unknown; originServerTs?: number } = {},
) => decodeObjectEvent({ stateKey: ID, content, sender: SENDER, originServerTs: SENT_MS, ...more });
const registersOf = (content: unknown) =>
  decode(content).patch.objects.get(ID)?.registers ?? new Map<Path, Register>();
const stamped = (content: Record<string, unknown>, w: Record<string, unknown> = {}): unknown => ({
  ...content,
  w: { t: STAMP.time, a: STAMP.actor, h: contentHash(JSON.parse(JSON.stringify(content))), ...w },
});
const codeOf = (parts: ObjectEventParts): string => {
  try {
    encodeObjectEvent(parts);
    return 'written';
  } catch (error) {
    return error instanceof WeftError ? error.code : String(error);
  }
};
const one = (v: Value, path = 'node.name'): ObjectEventParts => ({
  registers: new Map([[parsePath(path), { value: v, stamp: STAMP }]]),
  actors: new Map(),
});

const path = fc.oneof(
  fc.constantFrom(...PATHS),
  fc
    .tuple(
      fc.stringMatching(/^[a-z][A-Za-z0-9_]{0,5}(:[a-z]{1,3})?$/),
      fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_-]{0,5}$/),
    )
    .filter(([component]) => component !== 'w')
    .map(([component, property]) => parsePath(`${component}.${property}`)),
);
const anyStamp: fc.Arbitrary<Stamp> = fc.oneof(
  stamp,
  fc.record({
    time: fc.maxSafeInteger().map((n) => parseTime(Math.min(Math.abs(n), MAX_TIME_TICKS))),
    actor: fc.constantFrom(...ACTOR_IDS),
  }),
);
const registers = fc
  .array(fc.tuple(path, fc.record({ value, stamp: anyStamp })), { minLength: 1, maxLength: 12 })
  .map((entries) => new Map(entries));
const actors = fc
  .array(fc.tuple(fc.constantFrom(...ACTOR_IDS), fc.array(userId, { minLength: 1, maxLength: 4 })))
  .map((entries) => patchOf({ actors: entries }).actors);

describe('object events', () => {
  test('[E1] decode after encode gives the registers and the claims of their actors', () => {
    const sender = fc.option(fc.constantFrom(...USER_IDS), { nil: undefined });
    fc.assert(
      fc.property(registers, actors, sender, (given, claims, as) => {
        const parts = { registers: given, actors: claims, ...(as === undefined ? {} : { sender: as }) };
        fc.pre(codeOf(parts) === 'written');
        const content = encodeObjectEvent(parts);
        const decoded = decodeObjectEvent({
          stateKey: ID,
          content: overTheWire(content),
          sender: as ?? SENDER,
          originServerTs: SENT_MS,
        });
        expect(decoded.problems).toEqual([]);
        expect(decoded.handWritten).toBe(false);
        const authors = new Set([...given.values()].map(({ stamp: { actor } }) => actor));
        const expected = patchOf({
          registers: [...given].map(([at, register]) => ({ id: ID, path: at, register })),
          actors: [...claims].filter(([actor]) => authors.has(actor)),
        });
        expect(plainPatch(decoded.patch)).toEqual(plainPatch(expected));
      }),
      { numRuns: 1000 },
    );
  });

  test('[E1] encode does not depend on the order of the registers', () => {
    fc.assert(
      fc.property(registers, (given) => {
        fc.pre(codeOf({ registers: given, actors: new Map() }) === 'written');
        const text = (of: ReadonlyMap<Path, Register>) =>
          canonicalJson(encodeObjectEvent({ registers: of, actors: new Map() }));
        expect(text(new Map([...given].reverse()))).toBe(text(given));
      }),
    );
  });

  test('[E1] is readable: one stamp for all, exceptions by path, users by actor', () => {
    const other: Stamp = { time: parseTime(STAMP.time + 1), actor: 'actor-bbbbbb' as ActorId };
    const content = encodeObjectEvent({
      registers: new Map<Path, Register>([
        [parsePath('node.name'), { value: 'Oak table', stamp: STAMP }],
        [parsePath('node.parent'), { value: 'root', stamp: STAMP }],
        [parsePath('transform.position'), { value: [1.5, 0, -2.25], stamp: other }],
      ]),
      actors: new Map([
        [STAMP.actor, new Set([SENDER])],
        [other.actor, new Set([parseUserId('@bob:b.org')])],
      ]),
      sender: SENDER,
    });
    expect(content).toEqual({
      node: { name: 'Oak table', parent: 'root' },
      transform: { position: '~[1.5,0,-2.25]' },
      w: {
        t: STAMP.time,
        a: STAMP.actor,
        h: expect.stringMatching(/^[A-Za-z0-9_-]{8}$/),
        x: { 'transform.position': [other.time, 'actor-bbbbbb'] },
        u: { 'actor-bbbbbb': '@bob:b.org' },
      },
    });
  });

  test('[E1] takes the sender for the main actor only where the event does not say otherwise', () => {
    const claim = (users: readonly string[]) => {
      const parts = { ...one('x'), actors: new Map([[STAMP.actor, new Set(users.map(parseUserId))]]) };
      return [...(decode(overTheWire(encodeObjectEvent(parts))).patch.actors.get(STAMP.actor) ?? [])];
    };
    expect(claim(['@bob:b.org'])).toEqual(['@bob:b.org']);
    expect(claim([])).toEqual([]);
    expect([...(decode(stamped({ node: { name: 'x' } })).patch.actors.get(STAMP.actor) ?? [])]).toEqual([
      SENDER,
    ]);
  });

  test('[E2] decode never throws, whatever the event', () => {
    const wild = fc.record({
      stateKey: fc.oneof(fc.constant(ID), fc.anything()),
      content: fc.oneof(
        fc.anything(),
        fc.jsonValue(),
        fc.dictionary(fc.constantFrom('node', 'w', '__proto__', 'a:b', 'W', ''), fc.jsonValue()),
        fc
          .record({
            t: fc.jsonValue(),
            a: fc.jsonValue(),
            x: fc.jsonValue(),
            u: fc.jsonValue(),
            h: fc.jsonValue(),
          })
          .map((w) => ({ node: { name: 'x' }, w })),
      ),
      sender: fc.constant(SENDER),
      originServerTs: fc.oneof(fc.integer(), fc.double(), fc.constant(SENT_MS)),
    });
    fc.assert(
      fc.property(wild, (event) => {
        const { patch, problems } = decodeObjectEvent(event);
        for (const { carrier, reason } of problems) expect(carrier && reason).toBeTruthy();
        for (const at of patch.objects.keys()) expect(at).toBe(event.stateKey);
      }),
      { numRuns: 2000 },
    );
  });

  test('[E2] what decodes can be written again, and reads the same', () => {
    const content = fc.dictionary(
      fc.constantFrom('node', 'transform', 'acme:door'),
      fc.dictionary(fc.constantFrom('name', 'parent', 'open'), fc.jsonValue({ maxDepth: 3 })),
    );
    fc.assert(
      fc.property(content, (raw) => {
        const { patch } = decode(raw);
        const held = patch.objects.get(ID)?.registers;
        fc.pre(held !== undefined && held.size > 0);
        if (held === undefined) return;
        const again = decode(overTheWire(encodeObjectEvent({ registers: held, actors: patch.actors })));
        expect(plainPatch(again.patch)).toEqual(plainPatch(patch));
      }),
    );
  });

  test('[E2] survives content that is nested without end', () => {
    const bomb: unknown = JSON.parse(`{"node":{"name":${'['.repeat(20_000)}${']'.repeat(20_000)}}}`);
    const { patch, problems } = decode(bomb);
    expect(patch.objects.size).toBe(0);
    expect(problems).toHaveLength(1);
  });
});

describe('events written by hand', () => {
  const byHand = { value: 'Table', stamp: { time: parseTime(SENT_MS * 2048), actor: actorOfUser(SENDER) } };

  test.each<[string, unknown]>([
    ['no w', { node: { name: 'Table' } }],
    ['w that is not a record', { node: { name: 'Table' }, w: 5 }],
    ['w without a hash', { node: { name: 'Table' }, w: { t: STAMP.time, a: STAMP.actor } }],
    [
      'a stale hash',
      stamped({ node: { name: 'Table' } }, { h: contentHash({ node: { name: 'Oak table' } }) }),
    ],
    ['a time that is none', stamped({ node: { name: 'Table' } }, { t: MAX_TIME_TICKS + 1 })],
    ['an actor that is none', stamped({ node: { name: 'Table' } }, { a: '__proto__' })],
    ['exceptions that are no record', stamped({ node: { name: 'Table' } }, { x: [] })],
    ['users that are no record', stamped({ node: { name: 'Table' } }, { u: null })],
  ])('[E3] %s: stamped with the sender and the time of the event', (_, content) => {
    const decoded = decode(content);
    expect(decoded.handWritten).toBe(true);
    expect(decoded.problems).toEqual([]);
    expect(decoded.patch.objects.get(ID)?.registers.get(parsePath('node.name'))).toEqual(byHand);
  });

  test('[E3] an explicit null removes a property', () => {
    expect(registersOf({ node: { name: null } }).get(parsePath('node.name'))?.value).toBeNull();
  });

  test('[E3] a stale hash keeps the unknown keys of w', () => {
    expect(decode({ node: { name: 'Table' }, w: { v: 2 } }).extra).toEqual({ v: 2 });
  });

  test('[E3] a time of the server that is out of range drops the registers and says so', () => {
    for (const originServerTs of [-1, 0.5, 2 ** 43, Number.NaN]) {
      const { patch, problems } = decode({ node: { name: 'Table' } }, { originServerTs });
      expect(patch.objects.size).toBe(0);
      expect(problems).toEqual([expect.objectContaining({ path: 'node.name' })]);
    }
  });
});

describe('purges', () => {
  test('[E4] empty content purges at the last tick of its millisecond', () => {
    expect(decode({}).patch.objects.get(ID)).toEqual({ registers: new Map(), purge: SENT_MS * 2048 + 2047 });
  });

  test('[E4] a redacted event purges at the time of the redaction', () => {
    for (const content of [{}, { node: { name: 'x' } }, null])
      expect(decode(content, { redactedAtMs: SENT_MS + 60_005 }).patch.objects.get(ID)).toEqual({
        registers: new Map(),
        purge: (SENT_MS + 60_005) * 2048 + 2047,
      });
  });

  test('[E4] a redaction purges what an honest client may have stamped in the event, whatever its own clock', () => {
    for (const redactedAtMs of [SENT_MS - 600_000, SENT_MS + 60_000])
      expect(decode({}, { redactedAtMs }).patch.objects.get(ID)?.purge).toBe(
        (SENT_MS + 60_000) * 2048 + 2047,
      );
  });

  test('[E4] a later event says again until when the object was purged', () => {
    const purge = parseTime(STAMP.time - 1);
    const written = overTheWire(encodeObjectEvent({ ...one('New'), purge }));
    expect(decode(written).patch.objects.get(ID)).toEqual({ registers: one('New').registers, purge });
    const edited = { ...encodeObjectEvent({ ...one('New'), purge }), light: { intensity: 2 } };
    expect(decode(edited)).toMatchObject({ handWritten: true });
    expect(decode(edited).patch.objects.get(ID)?.purge).toBe(purge);
    const late = patchOf({
      registers: [
        {
          id: ID,
          path: parsePath('node.kind'),
          register: { value: 'old', stamp: { ...STAMP, time: purge } },
        },
      ],
    });
    expect(join(late, decode(written).patch).objects.get(ID)?.registers.has(parsePath('node.kind'))).toBe(
      false,
    );
  });

  test('[E4] a purge that is no time is reported', () => {
    const { patch, problems } = decode(stamped({ node: { name: 'x' } }, { p: MAX_TIME_TICKS + 1 }));
    expect(problems.map(({ path }) => path)).toEqual(['w.p']);
    expect(patch.objects.get(ID)?.purge).toBeNull();
  });

  test('[E4] content that is no record purges nothing', () => {
    for (const content of [null, [], '', 0, undefined]) {
      expect(decode(content).patch.objects.size).toBe(0);
      expect(decode(content).problems).toHaveLength(1);
    }
    expect(decode({}, { originServerTs: 2 ** 43 }).problems).toHaveLength(1);
  });

  test('[E4] an event without registers is never written', () => {
    expect(codeOf({ registers: new Map(), actors: new Map() })).toBe('invalid-value');
  });
});

describe('malformed registers', () => {
  test.each<[string, Record<string, unknown>, string]>([
    ['a float of its own', { node: { name: 'ok', tags: '~[1.5' } }, 'node.tags'],
    ['a value too large', { node: { name: 'ok', tags: 'x'.repeat(4095) } }, 'node.tags'],
    [
      'a value too deep',
      { node: { name: 'ok', tags: JSON.parse(`${'['.repeat(33)}${']'.repeat(33)}`) } },
      'node.tags',
    ],
    ['NUL', { node: { name: 'ok', tags: 'a\0' } }, 'node.tags'],
    ['a lone surrogate', { node: { name: 'ok', tags: '\ud800' } }, 'node.tags'],
    ['a forbidden name within', { node: { name: 'ok', tags: { constructor: 1 } } }, 'node.tags'],
    ['a property with a dot', { node: { name: 'ok', 'a.b': 1 } }, 'node.a.b'],
    ['a property called constructor', { node: { name: 'ok', constructor: 1 } }, 'node.constructor'],
    ['a component called Node', { node: { name: 'ok' }, Node: { a: 1 } }, 'Node'],
    ['a component called __proto__', JSON.parse('{"node":{"name":"ok"},"__proto__":{"a":1}}'), '__proto__'],
    ['a component that is a list', { node: { name: 'ok' }, mesh: [1] }, 'mesh'],
    ['a component that is null', { node: { name: 'ok' }, mesh: null }, 'mesh'],
  ])('[E5] %s is dropped alone and reported', (_, content, dropped) => {
    const { patch, problems, handWritten } = decode(stamped(content));
    expect(handWritten).toBe(false);
    expect(problems.map(({ path: at }) => at)).toEqual([dropped]);
    expect([...(patch.objects.get(ID)?.registers ?? [])]).toEqual([
      [parsePath('node.name'), { value: 'ok', stamp: STAMP }],
    ]);
  });

  test.each<[string, unknown]>([
    ['out of range', [MAX_TIME_TICKS + 1, STAMP.actor]],
    ['of a fraction', [0.5, STAMP.actor]],
    ['without an actor', [1]],
    ['of an actor with a bad name', [1, 'short']],
    ['that is no pair', { 0: 1 }],
  ])('[E5] a stamp %s drops its register alone', (_, exception) => {
    const { patch, problems } = decode(
      stamped(
        { node: { name: 'ok', kind: 'x' } },
        { x: { 'node.kind': exception, 'node.absent': exception } },
      ),
    );
    expect(problems.map(({ path: at }) => at)).toEqual(['node.kind']);
    expect([...(patch.objects.get(ID)?.registers.keys() ?? [])]).toEqual(['node.name']);
  });

  test('[E5] claims that are no user ids are ignored', () => {
    const { patch } = decode(
      stamped({ node: { name: 'x' } }, { u: { [STAMP.actor]: ['@bob:b.org', 5, 'bob'] } }),
    );
    expect([...(patch.actors.get(STAMP.actor) ?? [])]).toEqual(['@bob:b.org']);
  });

  test.each([
    ['root'],
    ['a b'],
    ['x'.repeat(65)],
    ['__proto__'],
    [''],
    [undefined],
    [5],
    [`u_${'a'.repeat(22)}_b`],
  ])('[E5] state key %j is refused', (stateKey) => {
    const { patch, problems } = decode({ node: { name: 'x' } }, { stateKey });
    expect(patch.objects.size).toBe(0);
    expect(problems.map(({ path: at }) => at)).toEqual([null]);
  });
});

describe('unknown keys of w', () => {
  test('[E6] are returned and written back', () => {
    const { extra, problems } = decode(stamped({ node: { name: 'x' } }, { v: 2, s: { k: ['~', 1] } }));
    expect(problems).toEqual([]);
    expect(extra).toEqual({ v: 2, s: { k: ['~', 1] } });
    const again = decode(overTheWire(encodeObjectEvent({ ...one('y'), extra })));
    expect(again.extra).toEqual(extra);
    expect(again.handWritten).toBe(false);
  });

  test('[E6] that cannot be kept are reported', () => {
    const { extra, problems } = decode(
      stamped({ node: { name: 'x' } }, { v: 0.5, s: '\ud800', ...JSON.parse('{"__proto__":1}'), ok: 1 }),
    );
    expect(extra).toEqual({ ok: 1 });
    expect(problems.map(({ path: at }) => at).sort()).toEqual(['w.__proto__', 'w.s', 'w.v']);
  });

  test('[E6] never displace ours, and give way where they do not fit', () => {
    const content = encodeObjectEvent({ ...one('y'), extra: { t: 1, h: 'stale', v: 1 } });
    expect(content['w']).toMatchObject({ t: STAMP.time, v: 1 });
    const large = encodeObjectEvent({ ...one('x'.repeat(4000)), extra: { v: 'y'.repeat(4090), z: 1 } });
    expect(decode(overTheWire(large)).patch.objects.get(ID)?.registers.size).toBe(1);
    expect(large['w']).not.toHaveProperty('v');
  });
});

describe('bounds of an event', () => {
  const components = (count: number): ObjectEventParts => ({
    registers: new Map(
      Array.from({ length: count }, (_, n) => [parsePath(`c${n}.p`), { value: 1, stamp: STAMP }]),
    ),
    actors: new Map(),
  });
  const sized = (fill: number): ObjectEventParts => ({
    registers: new Map([
      [parsePath('a.p'), { value: 'x'.repeat(4000), stamp: STAMP }],
      [parsePath('b.p'), { value: 'x'.repeat(fill), stamp: STAMP }],
    ]),
    actors: new Map(),
  });

  test('[E7] 64 components pass both ways, 65 neither', () => {
    expect(codeOf(components(MAX_OBJECT_COMPONENTS))).toBe('written');
    expect(codeOf(components(MAX_OBJECT_COMPONENTS + 1))).toBe('limit');
    const raw = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, n) => [`c${n}`, { p: 1 }]));
    expect(registersOf(stamped(raw(MAX_OBJECT_COMPONENTS))).size).toBe(MAX_OBJECT_COMPONENTS);
    expect(registersOf(raw(MAX_OBJECT_COMPONENTS)).size).toBe(MAX_OBJECT_COMPONENTS);
    expect(decode(stamped(raw(MAX_OBJECT_COMPONENTS + 1))).problems).toHaveLength(1);
    expect(registersOf(raw(MAX_OBJECT_COMPONENTS + 1)).size).toBe(0);
  });

  test('[E7] 8192 bytes pass both ways, one more neither', () => {
    const base = utf8Length(canonicalJson(encodeObjectEvent(sized(0))));
    const fits = MAX_OBJECT_EVENT_BYTES - base;
    const content = encodeObjectEvent(sized(fits));
    expect(utf8Length(canonicalJson(content))).toBe(MAX_OBJECT_EVENT_BYTES);
    expect(registersOf(overTheWire(content)).size).toBe(2);
    expect(codeOf(sized(fits + 1))).toBe('limit');
    expect(decode({ ...content, w: { ...Object(content['w']), v: 1 } }).problems).toEqual([
      expect.objectContaining({ path: null }),
    ]);
  });
});
