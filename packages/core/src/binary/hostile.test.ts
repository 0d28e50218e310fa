import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACTOR_IDS, patch as anyPatch, BASE_TIME } from '../../test/arbitraries.ts';
import { BODY_AT, sealed, section, utf8, varint } from '../../test/weft-bytes.ts';
import {
  decodePatch,
  encodePatch,
  entriesOf,
  isActorId,
  isObjectId,
  isTime,
  isValue,
  MAX_BLOB_OBJECTS,
  type Patch,
  parseObjectId,
  parsePath,
  patchOf,
  type RegisterEntry,
  WeftError,
} from '../index.ts';

const HEAD = 1;
const TEXTS = 2;
const IDS = 3;
const CLAIMS = 4;
const BLOCK = 6;
const COLUMN = 7;
const DEFLATED = 0x80;

const furnished: Patch = patchOf({
  registers: ['lamp', 'table', 'AAAAAAAAAAAAAAAAAAAAAA']
    .map(parseObjectId)
    .flatMap((id, at): RegisterEntry[] => {
      const stamp = { time: BASE_TIME, actor: ACTOR_IDS[at % 2] ?? fail() };
      return [
        { id, path: parsePath('node.name'), register: { value: `Thing ${at}`, stamp } },
        { id, path: parsePath('node.tags'), register: { value: ['a', { b: at }], stamp } },
        { id, path: parsePath('transform.position'), register: { value: [at, 0.5, -1.25], stamp } },
        { id, path: parsePath('transform.scale'), register: { value: [at / 3, Math.PI, 1], stamp } },
      ];
    }),
  purges: [[parseObjectId('gone'), BASE_TIME]],
  actors: [[ACTOR_IDS[0] ?? fail(), []]],
});
const whole = encodePatch(furnished);

function refusal(bytes: Uint8Array, options = {}): WeftError {
  try {
    decodePatch(bytes, options);
  } catch (error) {
    if (error instanceof WeftError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

function body(...sections: readonly (readonly number[])[]): Uint8Array {
  return sealed(Uint8Array.from(sections.flat()));
}

/** The head of a file with one text id, one path and one actor, and these tables' texts. */
function smallHead(id = 'lamp', path = 'node.name', actor = 'actor-aaaaaa'): number[] {
  return [...section(HEAD, [0, 1, 0, 0, 1, 1, 0, 0]), ...section(TEXTS, utf8(`${id}\0${path}\0${actor}\0`))];
}

/** A block of one object with one stamp and so many columns. */
function smallBlock(columns = 1, time = varint(BASE_TIME)): number[] {
  return section(BLOCK, [1, 1, ...time, 0, 0, 0, columns]);
}

const PLAIN_NUMBER = [4, 0, 0, 0, 0];
const smallColumn = (values: readonly number[] = PLAIN_NUMBER) => section(COLUMN, [0, 0, 0, ...values]);

describe('a damaged file', () => {
  test('cut short anywhere is refused', () => {
    for (let length = 0; length < whole.length; length++)
      expect(refusal(whole.subarray(0, length)).code).toBe('bad-file');
  });

  test('with any byte changed is refused', () => {
    for (let at = 0; at < whole.length; at++) {
      const changed = whole.slice();
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      expect(['bad-file', 'limit']).toContain(refusal(changed).code);
    }
  });

  test('says what is wrong with it', () => {
    expect(refusal(utf8Bytes('{"weft":1}')).message).toContain('starts with "WEFT"');
    expect(refusal(Uint8Array.from([...whole.slice(0, 4), 2, ...whole.slice(5)])).message).toContain(
      'version 1',
    );
    expect(refusal(Uint8Array.from([...whole, 0])).message).toContain('bytes after the header');
    expect(refusal(Uint8Array.from([...whole.slice(0, -1), 0x55])).message).toContain('sha256');
  });

  test('larger than the reader allows is refused, at the bound it is not', () => {
    expect(decodePatch(whole, { maxBytes: whole.length }).problems).toEqual([]);
    expect(refusal(whole, { maxBytes: whole.length - 1 }).code).toBe('limit');
  });
});

describe('a file with a right hash and a hostile body', () => {
  test('is read where it is sound', () => {
    const { patch, problems } = decodePatch(body(smallHead(), smallBlock(), smallColumn()));
    expect(problems).toEqual([]);
    expect([...entriesOf(patch)]).toMatchObject([{ id: 'lamp', path: 'node.name', register: { value: 0 } }]);
  });

  test('declares more objects than it can hold', () => {
    const declares = (packed: number) =>
      refusal(body(section(HEAD, [...varint(packed), 0, 0, 0, 0, 0, 0, 0]))).message;
    expect(declares(100_000_000)).toContain(`at most ${MAX_BLOB_OBJECTS} objects`);
    expect(declares(MAX_BLOB_OBJECTS + 1)).toContain(`at most ${MAX_BLOB_OBJECTS} objects`);
    expect(declares(MAX_BLOB_OBJECTS)).toContain(`${MAX_BLOB_OBJECTS} packed ids`);
  });

  test.each<[string, readonly (readonly number[])[]]>([
    ['no section', []],
    ['no head', [section(TEXTS, [0])]],
    ['two heads', [smallHead(), smallHead()]],
    ['an unknown section', [smallHead(), section(99, [])]],
    ['a section longer than the file', [smallHead(), [BLOCK, 100, 1]]],
    ['a section of a gigabyte', [[HEAD, ...varint(2 ** 30)]]],
    ['a length of ten bytes', [[HEAD, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1]]],
    ['a length that is cut off', [[HEAD, 255]]],
    ['strings without an end', [section(HEAD, [0, 1, 0, 0, 0, 0, 0, 0]), section(TEXTS, utf8('lamp'))]],
    ['strings that are not UTF-8', [section(HEAD, [0, 1, 0, 0, 0, 0, 0, 0]), section(TEXTS, [0xff, 0])]],
    ['strings that nothing uses', [smallHead(), section(TEXTS, [0]), smallBlock(), smallColumn()]],
    ['too few strings', [section(HEAD, [0, 2, 0, 0, 0, 0, 0, 0]), section(TEXTS, utf8('lamp\0'))]],
    ['half an id', [section(HEAD, [1, 0, 0, 0, 0, 0, 0, 0]), section(IDS, [1, 2, 3])]],
    [
      'more ids than declared',
      [section(HEAD, [0, 0, 0, 0, 0, 0, 0, 0]), section(IDS, new Array(16).fill(1))],
    ],
    ['an object twice', [twice('lamp', 'lamp'), ...twoObjects()]],
    [
      'a path twice',
      [section(HEAD, [0, 0, 0, 0, 2, 0, 0, 0]), section(TEXTS, utf8('a.b\0a.b\0')), claims([])],
    ],
    ['no objects', [smallHead()]],
    ['a missing column', [smallHead(), smallBlock(2), smallColumn()]],
    ['a column without a block', [smallHead(), smallColumn()]],
    ['a block in a block', [smallHead(), smallBlock(), smallBlock()]],
    ['a block of no objects', [smallHead(), section(BLOCK, [0, 0, 0])]],
    ['a block of too many objects', [smallHead(), section(BLOCK, [2, 0, 0])]],
    [
      'a block after the last object',
      [smallHead(), smallBlock(), smallColumn(), smallBlock(), smallColumn()],
    ],
    ['a billion stamps', [smallHead(), section(BLOCK, [1, ...varint(1e9), 0])]],
    ['a stamp of an unknown actor', [smallHead(), section(BLOCK, [1, 1, 0, 1, 0, 0, 1])]],
    ['an unknown path', [smallHead(), smallBlock(), section(COLUMN, [1, 0, 0, ...PLAIN_NUMBER])]],
    ['an unknown presence', [smallHead(), smallBlock(), section(COLUMN, [0, 3, 0, ...PLAIN_NUMBER])]],
    [
      'an object outside its block',
      [smallHead(), smallBlock(), section(COLUMN, [0, 2, 1, 1, 0, ...PLAIN_NUMBER])],
    ],
    ['an unknown form of stamps', [smallHead(), smallBlock(), section(COLUMN, [0, 0, 9, ...PLAIN_NUMBER])]],
    ['an unknown kind of values', [smallHead(), smallBlock(), smallColumn([6])]],
    ['a table in a table', [smallHead(), smallBlock(), smallColumn([5, 1, 5, 1, 4, 0, 0, 0, 0, 0, 0, 0, 0])]],
    [
      'a table with more entries than values',
      [smallHead(), smallBlock(), smallColumn([5, 2, 4, 0, 0, 0, 0, 0, 0])],
    ],
    ['an empty table', [smallHead(), smallBlock(), smallColumn([5, 0, 4, 0, 0, 0, 0, 0, 0])]],
    ['an array of too many numbers', [smallHead(), smallBlock(), smallColumn([4, 17])]],
    ['an unknown form of numbers', [smallHead(), smallBlock(), smallColumn([4, 0, 7])]],
    ['numbers of 33 bits', [smallHead(), smallBlock(), smallColumn([4, 0, 0, 0, 33, 0, 0, 0, 0, 0])]],
    ['too few floats', [smallHead(), smallBlock(), smallColumn([4, 0, 0x11, 0, 0])]],
    ['an unknown text', [smallHead(), smallBlock(), smallColumn([2, 0, 0])]],
    ['an unknown id', [smallHead(), smallBlock(), smallColumn([3, 2, 0])]],
    ['a negative id', [smallHead(), smallBlock(), smallColumn([3, 1, 0])]],
    ['bytes after the values', [smallHead(), smallBlock(), smallColumn([...PLAIN_NUMBER, 0])]],
    ['a register twice', [smallHead(), smallBlock(2), smallColumn(), smallColumn()]],
    ['a claim of an unknown actor', [smallHead(), claims([[1, 0]])]],
  ])('with %s is refused', (_, sections) => {
    expect(refusal(body(...sections)).code).toBe('bad-file');
  });

  test('a deflated section gives no more than it declares', () => {
    const bomb = deflateRawSync(new Uint8Array(10_000_000));
    const declare = (stored: Uint8Array, inflated: number) =>
      body(smallHead(), [TEXTS | DEFLATED, ...varint(stored.length), ...varint(inflated), ...stored]);
    expect(refusal(declare(bomb, 60_000)).message).toContain('60000 bytes in a deflated section');
    expect(refusal(declare(bomb, 10_000_000)).message).toContain('at most 65536 bytes');
    expect(refusal(declare(bomb.subarray(0, 50), 60_000)).code).toBe('bad-file');
    expect(refusal(declare(new Uint8Array(50).fill(255), 60_000)).message).toContain('raw deflate');
  });

  test('what is malformed in itself is dropped alone and reported', () => {
    const drops = (...sections: readonly (readonly number[])[]) => {
      const { patch, problems } = decodePatch(body(...sections), { carrier: 'layer' });
      expect([...entriesOf(patch)]).toEqual([]);
      expect(problems.length).toBeGreaterThan(0);
      expect(problems[0]?.carrier).toMatch(/^layer/);
      return problems[0]?.reason;
    };
    const texts = (json: string) => section(TEXTS, utf8(`${json}\0`));
    expect(drops(smallHead('no/id'), smallBlock(), smallColumn())).toContain('object id');
    expect(drops(smallHead('root'), smallBlock(), smallColumn())).toContain('object id');
    expect(drops(smallHead('lamp', '__proto__.name'), smallBlock(), smallColumn())).toContain('path');
    expect(drops(smallHead('lamp', 'node.name', 'x y'), smallBlock(), smallColumn())).toContain('actor');
    expect(drops(smallHead(), smallBlock(1, varint(2 ** 53 - 1)), smallColumn())).toContain('stamp');
    expect(
      drops(smallHead(), smallBlock(), smallColumn([4, 0, 0x11, 0, 0, 0, 0, 0, 0, 0xf0, 0x7f])),
    ).toContain('value');
    expect(drops(smallHead(), texts('{"__proto__":1}'), smallBlock(), smallColumn([0]))).toContain('value');
    expect(drops(smallHead(), texts('['.repeat(8000)), smallBlock(), smallColumn([0]))).toContain('value');
    expect(drops(smallHead(), texts('"\\ud800"'), smallBlock(), smallColumn([0]))).toContain('value');
    expect(drops(smallHead(), texts('x'.repeat(4095)), smallBlock(), smallColumn([1]))).toContain('value');
  });

  test('lists a hundred problems and counts the rest', () => {
    const names = Array.from({ length: 150 }, (_, at) => `no/${at}\0`).join('');
    const head = [
      ...section(HEAD, [0, 1, 0, 0, ...varint(150), 0, 0, 0]),
      ...section(TEXTS, utf8(`lamp\0${names}`)),
    ];
    const { problems } = decodePatch(body(head, section(BLOCK, [1, 0, 0])));
    expect(problems).toHaveLength(101);
    expect(problems[100]?.reason).toBe('50 more problems');
  });

  test('survives any change of its bytes: a patch of sound registers, or a refusal', () => {
    const files = fc.oneof(
      fc.constant(whole),
      anyPatch.map((patch) => encodePatch(patch)),
    );
    const changes = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 }), fc.nat({ max: 2 })), {
      minLength: 1,
      maxLength: 4,
    });
    let read = 0;
    fc.assert(
      fc.property(files, changes, (file, edits) => {
        const bytes = [...file.subarray(BODY_AT)];
        for (const [where, byte, how] of edits)
          bytes.splice(where % (bytes.length + 1), how === 0 ? 0 : 1, ...(how === 2 ? [] : [byte]));
        try {
          const { patch } = decodePatch(sealed(Uint8Array.from(bytes)));
          read += 1;
          expectSound(patch);
          decodePatch(encodePatch(patch));
        } catch (error) {
          if (!(error instanceof WeftError)) throw error;
          expect(['bad-file', 'limit']).toContain(error.code);
        }
      }),
      { numRuns: 2000 },
    );
    expect(read).toBeGreaterThan(20);
  });
});

function expectSound(patch: Patch): void {
  for (const { id, path, register } of entriesOf(patch)) {
    expect(isObjectId(id) && id !== 'root').toBe(true);
    expect(parsePath(path)).toBe(path);
    expect(isValue(register.value)).toBe(true);
    expect(isTime(register.stamp.time)).toBe(true);
    expect(isActorId(register.stamp.actor)).toBe(true);
  }
}

/** The head of a file with two text ids, and nothing else in its tables. */
function twice(first: string, second: string): number[] {
  return [
    ...section(HEAD, [0, 2, 0, 0, 1, 1, 0, 0]),
    ...section(TEXTS, utf8(`${first}\0${second}\0a.b\0actor-aaaaaa\0`)),
  ];
}

/** One block of two objects with one number each. */
function twoObjects(): number[][] {
  return [
    section(BLOCK, [2, 1, ...varint(BASE_TIME), 0, 0, 0, 1]),
    section(COLUMN, [0, 0, 0, ...PLAIN_NUMBER]),
  ];
}

function claims(list: readonly (readonly number[])[]): number[] {
  return section(CLAIMS, [list.length, ...list.flat()]);
}

function utf8Bytes(text: string): Uint8Array {
  return Uint8Array.from(utf8(text));
}

function fail(): never {
  throw new Error('the pool of actors is empty');
}
