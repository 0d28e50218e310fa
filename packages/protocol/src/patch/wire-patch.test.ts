import {
  emptyPatch,
  entriesOf,
  newActorId,
  parseObjectId,
  parsePath,
  parseTime,
  parseUserId,
  patchOf,
  type RegisterEntry,
  type Value,
} from '@weft/core';
import { cpuMs } from '@weft/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mutated, patches } from '../../test/arbitraries.ts';
import { codeOf } from '../../test/code-of.ts';
import { patchByTables } from '../../test/patch-by-tables.ts';
import {
  MAX_PATCH_ACTORS,
  MAX_PATCH_BYTES,
  MAX_PATCH_OBJECTS,
  MAX_PATCH_PATHS,
  MAX_PATCH_REGISTERS,
} from '../limits.ts';
import { pack } from '../wire/pack.ts';
import { decodeWirePatch } from './decode-wire-patch.ts';
import { encodeWirePatch } from './encode-wire-patch.ts';

const ACTOR = newActorId((length) => new Uint8Array(length).fill(1));
const TIME = parseTime(3_588_432_986_112_000);
const USER = '@alice:example.org';

function entry(id: string, path: string, value: Value): RegisterEntry {
  return {
    id: parseObjectId(id),
    path: parsePath(path),
    register: { value, stamp: { time: TIME, actor: ACTOR } },
  };
}

const readCode = (wire: unknown): string | null => codeOf(() => decodeWirePatch(pack(wire).bytes));
const resultOf = <T>(read: () => T): T | null => {
  try {
    return read();
  } catch {
    return null;
  }
};
const numbered = <T>(count: number, each: (at: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => each(at));

test('[PF5] a patch reads back as it was written', () => {
  fc.assert(
    fc.property(patches, (patch) => {
      expect(decodeWirePatch(encodeWirePatch(patch))).toEqual(patch);
    }),
  );
});

test('[PF5] one pass over the bytes makes what tables of all parts make, of patches that were damaged as well', () => {
  const wires = patches.map(encodeWirePatch).chain((wire) => fc.oneof(fc.constant(wire), mutated(wire)));
  let read = 0;
  fc.assert(
    fc.property(wires, (wire) => {
      const expected = resultOf(() => patchByTables(wire));
      if (expected !== null) read += 1;
      // Its head is read first, and known then.
      for (let time = 0; time < 2; time++) expect(resultOf(() => decodeWirePatch(wire))).toEqual(expected);
    }),
    { numRuns: 1500 },
  );
  expect(read).toBeGreaterThan(300);
});

test('[PF5] the steps of somebody who moves things read back, however many do, and whoever they say they are', () => {
  const names = ['a.b', 'transform.position', 'node.name'];
  const people = numbered(300, (at) =>
    newActorId(() => Uint8Array.of(at >> 8, at & 255, 0, 0, 0, 0, 0, 0, 0)),
  );
  for (let step = 0; step < 2000; step++) {
    const actor = people[(step * 7) % people.length] ?? ACTOR;
    const user = parseUserId(`@u${step % 5}:example.org`);
    const path = names[step % 3] ?? '';
    const register = { value: [step / 8, -0, -step], stamp: { time: parseTime(TIME + step), actor } };
    const patch = patchOf({
      registers: [{ id: parseObjectId(`o${step % 50}`), path: parsePath(path), register }],
      actors: [[actor, [user]]],
    });
    const wire = encodeWirePatch(patch);
    expect(decodeWirePatch(wire)).toEqual(patchByTables(wire));
  }
});

test('[PF5] a patch under one stamp has the bytes that many groups of it have', () => {
  fc.assert(
    fc.property(patches, (patch) => {
      const registers = [...entriesOf(patch)].map((each) => ({
        ...each,
        register: { ...each.register, stamp: { time: TIME, actor: ACTOR } },
      }));
      const one = { time: TIME, actor: ACTOR };
      const shared = registers.map((each) => ({ ...each, register: { ...each.register, stamp: one } }));
      const { actors } = patch;
      expect(encodeWirePatch(patchOf({ registers: shared, actors }))).toEqual(
        encodeWirePatch(patchOf({ registers, actors })),
      );
    }),
  );
});

test('[PF5] purges do not travel', () => {
  const kept = entry('kept', 'node.name', 'Table');
  const purged = patchOf({ registers: [kept], purges: [[parseObjectId('gone'), TIME]] });
  expect(decodeWirePatch(encodeWirePatch(purged))).toEqual(patchOf({ registers: [kept] }));
});

test('[PF5] a patch that says nothing is not written', () => {
  expect(codeOf(() => encodeWirePatch(emptyPatch))).toBe('malformed');
  expect(codeOf(() => encodeWirePatch(patchOf({ purges: [[parseObjectId('gone'), TIME]] })))).toBe(
    'malformed',
  );
});

describe('[PF5] all of a patch is refused for', () => {
  const whole: [unknown, unknown, unknown, unknown, unknown] = [
    ['node.name'],
    [],
    TIME,
    ACTOR,
    ['a', [0, 1]],
  ];
  const withObjects = (...objects: unknown[]) => [['node.name', 'node.tags'], [], TIME, ACTOR, objects];
  const cases: Record<string, unknown> = {
    'no list': 7,
    'no group': whole.slice(0, 2),
    'half a group': whole.slice(0, 4),
    'a time that is none': [['node.name'], [], -1, ACTOR, ['a', [0, 1]]],
    'a time of the next century': [['node.name'], [], 2 ** 53 - 1, ACTOR, ['a', [0, 1]]],
    'an actor that is none': [['node.name'], [], TIME, 'x', ['a', [0, 1]]],
    'a path that is none': [['name'], [], TIME, ACTOR, ['a', [0, 1]]],
    'a path into the prototype': [['node.__proto__'], [], TIME, ACTOR, ['a', [0, 1]]],
    'a path that is no text': [[7], [], TIME, ACTOR, ['a', [0, 1]]],
    'the number of no path': withObjects('a', [2, 1]),
    'a path between two': withObjects('a', [0.5, 1]),
    'the name of a list': withObjects('a', ['length', 1]),
    'the root': withObjects('root', [0, 1]),
    'an id that is none': withObjects('a b', [0, 1]),
    'an id without registers': withObjects('a'),
    'no register': withObjects('a', []),
    'half a register': withObjects('a', [0]),
    'no object': withObjects(),
    'the same register twice': withObjects('a', [0, 1, 0, 2]),
    'the same register under two stamps': [
      ['node.name'],
      [],
      TIME,
      ACTOR,
      ['a', [0, 1]],
      TIME + 1,
      ACTOR,
      ['a', [0, 2]],
    ],
    'bytes as a value': withObjects('a', [0, Uint8Array.of(1)]),
    'a value that is too large': withObjects('a', [0, 'x'.repeat(4095)]),
    'a claim without a user': [['node.name'], [ACTOR], TIME, ACTOR, ['a', [0, 1]]],
    'a claim of no user': [['node.name'], [ACTOR, ['alice']], TIME, ACTOR, ['a', [0, 1]]],
    'a claim of five users': [
      ['node.name'],
      [ACTOR, numbered(5, (at) => `@u${at}:b`)],
      TIME,
      ACTOR,
      ['a', [0, 1]],
    ],
  };
  test('nothing, where it is well', () => expect(readCode(whole)).toBeNull());
  for (const [what, wire] of Object.entries(cases)) {
    test(what, () => expect(readCode(wire)).toBe('malformed'));
  }
});

test('[PF4] a patch is bounded in objects, both ways', () => {
  const of = (count: number) =>
    patchOf({ registers: numbered(count, (at) => entry(`o${at}`, 'node.name', at)) });
  const wire = (count: number) => [
    ['node.name'],
    [],
    TIME,
    ACTOR,
    numbered(count, (at) => [`o${at}`, [0, at]]).flat(),
  ];
  expect(decodeWirePatch(encodeWirePatch(of(MAX_PATCH_OBJECTS))).objects.size).toBe(MAX_PATCH_OBJECTS);
  expect(codeOf(() => encodeWirePatch(of(MAX_PATCH_OBJECTS + 1)))).toBe('too-many');
  expect(readCode(wire(MAX_PATCH_OBJECTS))).toBeNull();
  expect(readCode(wire(MAX_PATCH_OBJECTS + 1))).toBe('too-many');
});

test('[PF4] a patch is bounded in registers and paths, both ways', () => {
  const paths = numbered(MAX_PATCH_PATHS + 1, (at) => `c.p${at}`);
  const of = (count: number) =>
    patchOf({
      registers: numbered(count, (at) => entry(`o${at % 16}`, paths[Math.floor(at / 16)] ?? '', 0)),
    });
  const wire = (count: number) => [
    paths.slice(0, count / 16),
    [],
    TIME,
    ACTOR,
    numbered(16, (id) => [`o${id}`, numbered(count / 16, (at) => [at, 0]).flat()]).flat(),
  ];
  expect(codeOf(() => encodeWirePatch(of(MAX_PATCH_REGISTERS)))).toBeNull();
  expect(codeOf(() => encodeWirePatch(of(MAX_PATCH_REGISTERS + 1)))).toBe('too-many');
  expect(readCode(wire(MAX_PATCH_REGISTERS))).toBeNull();
  expect(readCode(wire(MAX_PATCH_REGISTERS + 16))).toBe('too-many');
  const named = (count: number) =>
    patchOf({ registers: numbered(count, (at) => entry('o', paths[at] ?? '', 0)) });
  const listed = (count: number) => [paths.slice(0, count), [], TIME, ACTOR, ['o', [0, 0]]];
  expect(codeOf(() => encodeWirePatch(named(MAX_PATCH_PATHS)))).toBeNull();
  expect(codeOf(() => encodeWirePatch(named(MAX_PATCH_PATHS + 1)))).toBe('too-many');
  expect(readCode(listed(MAX_PATCH_PATHS))).toBeNull();
  expect(readCode(listed(MAX_PATCH_PATHS + 1))).toBe('too-many');
});

test('[PF4] a patch is bounded in claims, both ways', () => {
  const user = parseUserId(USER);
  const actors = numbered(MAX_PATCH_ACTORS + 1, (at) =>
    newActorId(() => Uint8Array.of(at >> 8, at & 255, 0, 0, 0, 0, 0, 0, 0)),
  );
  const registers = [entry('o', 'node.name', 1)];
  const of = (count: number) =>
    patchOf({ registers, actors: actors.slice(0, count).map((actor) => [actor, [user]]) });
  const wire = (count: number) => [
    ['node.name'],
    actors.slice(0, count).flatMap((actor) => [actor, [USER]]),
    TIME,
    ACTOR,
    ['o', [0, 1]],
  ];
  expect(codeOf(() => encodeWirePatch(of(MAX_PATCH_ACTORS)))).toBeNull();
  expect(codeOf(() => encodeWirePatch(of(MAX_PATCH_ACTORS + 1)))).toBe('too-many');
  expect(readCode(wire(MAX_PATCH_ACTORS))).toBeNull();
  expect(readCode(wire(MAX_PATCH_ACTORS + 1))).toBe('too-many');
});

test('[PF4] a patch is bounded in bytes and elements, both ways', () => {
  const text = (count: number) =>
    patchOf({ registers: numbered(count, (at) => entry(`o${at}`, 'text.content', 'x'.repeat(4000))) });
  expect(codeOf(() => encodeWirePatch(text(65)))).toBeNull();
  expect(codeOf(() => encodeWirePatch(text(66)))).toBe('too-large');
  expect(codeOf(() => decodeWirePatch(new Uint8Array(MAX_PATCH_BYTES)))).toBe('malformed');
  expect(codeOf(() => decodeWirePatch(new Uint8Array(MAX_PATCH_BYTES + 1)))).toBe('too-large');
  const record = Object.fromEntries(numbered(500, (at) => [`${at}`, 0]));
  const records = (count: number) =>
    patchOf({ registers: numbered(count, (at) => entry(`o${at}`, 'a.b', record)) });
  expect(codeOf(() => decodeWirePatch(encodeWirePatch(records(43))))).toBeNull();
  expect(codeOf(() => encodeWirePatch(records(44)))).toBe('too-many');
});

test('[PF3] a patch that was changed on its way is refused, or is another patch', () => {
  const damaged = patches.chain((patch) => mutated(encodeWirePatch(patch)));
  fc.assert(
    fc.property(damaged, (wire) => {
      const code = codeOf(() => decodeWirePatch(wire));
      if (code === null)
        expect(decodeWirePatch(encodeWirePatch(decodeWirePatch(wire)))).toEqual(decodeWirePatch(wire));
    }),
    { numRuns: 1000 },
  );
});

/** The best of a few: the first call compiles, and a collection may fall into any. */
function bestMs(run: () => unknown): number {
  const took = numbered(5, () => {
    const before = cpuMs();
    run();
    return cpuMs() - before;
  });
  return Math.min(...took);
}

test('[PF4] the dearest patches take milliseconds', () => {
  const many = <T>(count: number, each: (at: number) => T[]): T[] => numbered(count, each).flat();
  const objects = (count: number, registers: (at: number) => unknown[]) =>
    many<unknown>(count, (at) => [`o${at}`, registers(at)]);
  const shapes: Record<string, unknown> = {
    registers: [
      many(2048, (at) => [`c.p${at}`]),
      [],
      TIME,
      ACTOR,
      objects(16, () => many(2048, (at) => [at, 0])),
    ],
    lists: [['a.b'], [], TIME, ACTOR, ['o', [0, Array(130_000).fill(0)]]],
    'lists of lists': [['a.b'], [], TIME, ACTOR, ['o', [0, Array(65_000).fill([[]])]]],
    records: [
      ['a.b'],
      [],
      TIME,
      ACTOR,
      objects(21, (id) => [0, Object.fromEntries(numbered(1000, (at) => [`${id}.${at}`, 0]))]),
    ],
    'small records': [['a.b'], [], TIME, ACTOR, objects(4000, () => [0, { a: 1, b: 2 }])],
    depth: [['a.b'], [], TIME, ACTOR, objects(3500, () => [0, JSON.parse('['.repeat(31) + ']'.repeat(31))])],
    text: [['a.b'], [], TIME, ACTOR, ['o', [0, 'ü'.repeat(130_000)]]],
    'unknown paths': [many(4096, (at) => [`q${at}.p`]), [], TIME, ACTOR, ['o', [0, 1]]],
    claims: [
      ['a.b'],
      many<unknown>(1024, (at) => [
        `actor.${at}`.padEnd(12, '0').replace('.', '-'),
        ['@a:b', '@c:d', '@e:f', '@g:h'],
      ]),
      TIME,
      ACTOR,
      ['o', [0, 1]],
    ],
  };
  for (const [name, shape] of Object.entries(shapes)) {
    const wire = pack(shape).bytes;
    expect(wire.length, name).toBeLessThan(MAX_PATCH_BYTES);
    const text = JSON.stringify(shape);
    const tookMs = bestMs(() => codeOf(() => decodeWirePatch(wire)));
    // A machine that is slow today is so at JSON, too.
    expect(tookMs, name).toBeLessThan(Math.max(20, 4 * bestMs(() => JSON.parse(text))));
  }
});
