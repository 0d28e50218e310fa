import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACTOR_IDS, BASE_TIME, plainPatch, text, time, userId, value } from '../../test/arbitraries.ts';
import {
  decodePatch,
  emptyPatch,
  encodePatch,
  entriesOf,
  newObjectId,
  type ObjectId,
  type Patch,
  parseObjectId,
  parsePath,
  parseTime,
  patchOf,
  type RegisterEntry,
  type Value,
} from '../index.ts';

const packedId: fc.Arbitrary<ObjectId> = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((bytes) => newObjectId(() => bytes));
const IDS: readonly ObjectId[] = ['lamp', 'a', `${'z'.repeat(21)}z`, 'u_x', '0'].map(parseObjectId);
const id: fc.Arbitrary<ObjectId> = fc.oneof(packedId, fc.constantFrom(...IDS));

const number: fc.Arbitrary<number> = fc
  .oneof(
    fc.integer({ min: -100_000, max: 100_000 }).map((n) => n / 1000),
    fc.integer({ min: -(2 ** 31), max: 2 ** 31 }).map((n) => n / 1_000_000),
    fc.float({ noNaN: true, noDefaultInfinity: true }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.maxSafeInteger(),
    fc.constantFrom(0, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 52, 2 ** 53 - 1, 2 ** 53, 1e21, 0.1 + 0.2, 5e-324),
  )
  .map((n) => n + 0);

const columnValue: fc.Arbitrary<Value> = fc.oneof(
  { weight: 4, arbitrary: fc.array(number, { minLength: 3, maxLength: 4 }) },
  { weight: 1, arbitrary: fc.array(number, { maxLength: 18 }) },
  { weight: 2, arbitrary: number },
  { weight: 2, arbitrary: fc.constantFrom<Value>('root', 'lamp', 'a', 'mxc://a.org/b', null, true, ['x']) },
  { weight: 1, arbitrary: text },
  { weight: 1, arbitrary: packedId },
  { weight: 2, arbitrary: value },
);

const entry: fc.Arbitrary<RegisterEntry> = fc.record({
  id,
  path: fc.constantFrom('node.parent', 'node.name', 'transform.position', 'acme:door.open').map(parsePath),
  register: fc.record({
    value: columnValue,
    stamp: fc.record({
      time: fc.oneof(
        time,
        fc.constantFrom(0, 2 ** 53 - 2 ** 31 - 1).map((ticks) => parseTime(ticks)),
      ),
      actor: fc.constantFrom(...ACTOR_IDS),
    }),
  }),
});

const parts = fc.record({
  registers: fc.array(entry, { maxLength: 60 }),
  purges: fc.array(fc.tuple(id, time), { maxLength: 4 }),
  actors: fc.array(fc.tuple(fc.constantFrom(...ACTOR_IDS), fc.array(userId, { maxLength: 5 })), {
    maxLength: 3,
  }),
});

function decoded(patch: Patch): Patch {
  const { patch: result, problems } = decodePatch(encodePatch(patch));
  expect(problems).toEqual([]);
  return result;
}

describe('encodePatch and decodePatch', () => {
  test('give back every patch, exactly', () => {
    fc.assert(
      fc.property(parts, (from) => {
        const patch = patchOf(from);
        expect(plainPatch(decoded(patch))).toEqual(plainPatch(patch));
      }),
    );
  });

  test('give equal bytes for equal patches, in whatever order they were put together', () => {
    fc.assert(
      fc.property(
        parts.chain((from) =>
          fc.tuple(
            fc.constant(from),
            fc.shuffledSubarray(from.registers, { minLength: from.registers.length }),
          ),
        ),
        ([from, shuffled]) => {
          const bytes = encodePatch(patchOf(from));
          const other = patchOf({ ...from, registers: shuffled, actors: from.actors.toReversed() });
          expect(encodePatch(other)).toEqual(bytes);
          expect(encodePatch(decodePatch(bytes).patch)).toEqual(bytes);
        },
      ),
    );
  });

  test('the empty patch', () => {
    expect(plainPatch(decoded(emptyPatch))).toEqual(plainPatch(emptyPatch));
  });

  test('what it decodes is frozen, shared and in normal form', () => {
    const size: Value = Object.freeze([1, 1, 1]);
    const stamp = { time: BASE_TIME, actor: ACTOR_IDS[0] ?? fail() };
    const registers = Array.from({ length: 100 }, (_, at) => ({
      id: parseObjectId(`object-${at}`),
      path: parsePath('transform.scale'),
      register: { value: size, stamp },
    }));
    const entries = [...entriesOf(decoded(patchOf({ registers })))];
    expect(entries).toHaveLength(100);
    for (const { register } of entries) {
      expect(Object.isFrozen(register.value)).toBe(true);
      expect(register.value).toBe(entries[0]?.register.value);
      expect(register.stamp).toBe(entries[0]?.register.stamp);
    }
  });

  test('one stamp for a whole patch costs next to nothing', () => {
    const stampless = (stamps: number) =>
      encodePatch(
        patchOf({
          registers: Array.from({ length: 2000 }, (_, at) => ({
            id: parseObjectId(`object-${at}`),
            path: parsePath('node.name'),
            register: {
              value: at,
              stamp: { time: parseTime(BASE_TIME + (at % stamps)), actor: ACTOR_IDS[0] ?? fail() },
            },
          })),
        }),
      ).length;
    expect(stampless(2) - stampless(1)).toBeLessThan(2000 / 8 + 16);
    expect(stampless(1)).toBeLessThan(2000 * 4);
  });

  test('keeps what a file says of itself', () => {
    const info = { title: 'Plaza ✓', createdMs: 1_767_225_600_000, source: '!room:example.org' };
    expect(decodePatch(encodePatch(emptyPatch, info)).info).toEqual(info);
    expect(decodePatch(encodePatch(emptyPatch)).info).toEqual({});
  });

  test('worlds larger than a block, with properties that only some objects have', () => {
    const registers = Array.from({ length: 5000 }, (_, at): RegisterEntry[] => {
      const of = (path: string, held: Value, late = 0): RegisterEntry => ({
        id: parseObjectId(`o${at}`),
        path: parsePath(path),
        register: {
          value: held,
          stamp: { time: parseTime(BASE_TIME + late), actor: ACTOR_IDS[0] ?? fail() },
        },
      });
      return [
        of('node.name', `Object ${at % 4000}`, at % 97 === 0 ? 5 : 0),
        of('node.parent', at % 10 === 0 ? 'root' : `o${at - (at % 10)}`),
        ...(at % 3 === 0 ? [of('transform.position', [at / 8, 7 - at, at / 1000])] : []),
        ...(at % 500 === 0 ? [of('text.value', null, at)] : []),
      ];
    }).flat();
    const patch = patchOf({ registers, purges: [[parseObjectId('gone'), BASE_TIME]] });
    expect(plainPatch(decoded(patch))).toEqual(plainPatch(patch));
  });

  test('refuses an object with more properties than a block has columns', () => {
    const wide = (count: number) =>
      patchOf({
        registers: Array.from({ length: count }, (_, at) => ({
          id: parseObjectId('wide'),
          path: parsePath(`acme:wide.p${at}`),
          register: { value: at, stamp: { time: BASE_TIME, actor: ACTOR_IDS[0] ?? fail() } },
        })),
      });
    expect(plainPatch(decoded(wide(2048)))).toEqual(plainPatch(wide(2048)));
    expect(() => encodePatch(wide(2049))).toThrow(expect.objectContaining({ code: 'limit' }));
  });
});

function fail(): never {
  throw new Error('the pool of actors is empty');
}
