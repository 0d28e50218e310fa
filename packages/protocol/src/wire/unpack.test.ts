import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MAX_FRAME_DEPTH, MAX_FRAME_ELEMENTS, MAX_FRAME_RECORD_MEMBERS } from '../limits.ts';
import { ProtocolError } from '../protocol-error.ts';
import { pack } from './pack.ts';
import { unpack } from './unpack.ts';

const bytes = (...list: number[]): Uint8Array => Uint8Array.from(list);

function codeOf(wire: Uint8Array): string | null {
  try {
    unpack(wire, 0, 'read');
    return null;
  } catch (error) {
    if (error instanceof ProtocolError) return error.code;
    throw error;
  }
}

/** What MessagePack has of JSON, and bytes. */
const message = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 6 },
    fc.constantFrom(null, true, false),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.string({ unit: 'binary' }),
    fc.uint8Array(),
    fc.array(tie('any'), { maxLength: 20 }),
    fc.dictionary(
      fc.string().filter((key) => key !== '__proto__'),
      tie('any'),
      { maxKeys: 20 },
    ),
  ),
})).any;

test('[PF3] what JSON and bytes can say reads back', () => {
  fc.assert(
    fc.property(message, (value) => {
      expect(unpack(pack(value).bytes, 0, 'read')).toEqual(plain(value));
    }),
  );
});

test('[PF3] each form of a number reads as that number', () => {
  const forms: [number, Uint8Array][] = [
    [127, bytes(0x7f)],
    [-32, bytes(0xe0)],
    [1, bytes(0xcc, 1)],
    [258, bytes(0xcd, 1, 2)],
    [16_909_060, bytes(0xce, 1, 2, 3, 4)],
    [2 ** 53 - 1, bytes(0xcf, 0, 0x1f, 255, 255, 255, 255, 255, 255)],
    [-1, bytes(0xd0, 255)],
    [-2, bytes(0xd1, 255, 254)],
    [-3, bytes(0xd2, 255, 255, 255, 253)],
    [-(2 ** 53 - 1), bytes(0xd3, 255, 0xe0, 0, 0, 0, 0, 0, 1)],
    [5, bytes(0xd3, 0, 0, 0, 0, 0, 0, 0, 5)],
    [0.5, bytes(0xca, 0x3f, 0, 0, 0)],
    [-1.5, bytes(0xcb, 0xbf, 0xf8, 0, 0, 0, 0, 0, 0)],
  ];
  for (const [value, wire] of forms) expect(unpack(wire, 0, 'read')).toBe(value);
});

describe('[PF3] refused is', () => {
  const cases: Record<string, Uint8Array> = {
    nothing: bytes(),
    'the byte that is never used': bytes(0xc1),
    'an extension': bytes(0xd4, 1, 0),
    'an extension of one byte more': bytes(0xc7, 1, 1, 0),
    'an extension that a library takes for a record': bytes(0xd4, 0x72, 0x40),
    'a timestamp': bytes(0xd6, 0xff, 0, 0, 0, 0),
    'more than one value': bytes(1, 2),
    'text that is cut off': bytes(0xa3, 0x61, 0x62),
    'a length that is cut off': bytes(0xda, 0),
    'text longer than its bytes': bytes(0xdb, 255, 255, 255, 255, 0x61),
    'bytes longer than they are': bytes(0xc6, 0, 1, 0, 0, 1),
    'a list longer than its bytes': bytes(0xdd, 255, 255, 255, 255, 1),
    'a record longer than its bytes': bytes(0xdf, 127, 255, 255, 255, 0xa1, 0x61, 1),
    'a record whose values are cut off': bytes(0x81, 0xa1, 0x61),
    'a number as a key': bytes(0x81, 1, 1),
    'nil as a key': bytes(0x81, 0xc0, 1),
    'the name of the prototype': bytes(0x81, 0xa9, ...new TextEncoder().encode('__proto__'), 1),
    'the name of the prototype in a longer form': bytes(
      0x81,
      0xd9,
      9,
      ...new TextEncoder().encode('__proto__'),
      1,
    ),
    NaN: bytes(0xcb, 0x7f, 0xf8, 0, 0, 0, 0, 0, 0),
    infinity: bytes(0xcb, 0x7f, 0xf0, 0, 0, 0, 0, 0, 0),
    'minus infinity, short': bytes(0xca, 0xff, 0x80, 0, 0),
    '2^53 as an integer': bytes(0xcf, 0, 0x20, 0, 0, 0, 0, 0, 0),
    'an integer below -2^53': bytes(0xd3, 255, 0xdf, 255, 255, 255, 255, 255, 255),
    'a double that is cut off': bytes(0xcb, 0, 0),
    'an overlong character': bytes(0xa2, 0xc0, 0x80),
    'a surrogate': bytes(0xa3, 0xed, 0xa0, 0x80),
    'a character past the last': bytes(0xa4, 0xf4, 0x90, 0x80, 0x80),
    'half a character': bytes(0xa1, 0xc3),
    'a character that was begun by none': bytes(0xa1, 0x80),
  };
  for (const [what, wire] of Object.entries(cases)) {
    test(what, () => {
      expect(codeOf(wire)).toBe('malformed');
    });
  }
});

test('[PF4] depth is bounded', () => {
  const deep = (levels: number) => bytes(...Array<number>(levels).fill(0x91), 1);
  expect(codeOf(deep(MAX_FRAME_DEPTH))).toBeNull();
  expect(codeOf(deep(MAX_FRAME_DEPTH + 1))).toBe('too-many');
  expect(codeOf(deep(100_000))).toBe('too-many');
});

test('[PF4] elements are bounded, all lists and records together', () => {
  const list = (count: number) => pack(Array<number>(count).fill(0)).bytes;
  expect(codeOf(list(MAX_FRAME_ELEMENTS))).toBeNull();
  expect(codeOf(list(MAX_FRAME_ELEMENTS + 1))).toBe('too-many');
  const record = Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`k${at}`, 0]));
  const most = Math.floor(MAX_FRAME_ELEMENTS / 6001);
  expect(codeOf(pack(Array(most).fill(record)).bytes)).toBeNull();
  expect(codeOf(pack(Array(most + 1).fill(record)).bytes)).toBe('too-many');
});

test('[PF4] the members of a record are bounded', () => {
  const record = (count: number) =>
    pack(Object.fromEntries(Array.from({ length: count }, (_, at) => [`k${at}`, 0]))).bytes;
  expect(codeOf(record(MAX_FRAME_RECORD_MEMBERS))).toBeNull();
  expect(codeOf(record(MAX_FRAME_RECORD_MEMBERS + 1))).toBe('too-many');
});

test('[PF3] whatever the bytes are, they are read or refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (wire) => {
      expect([null, 'malformed', 'too-many']).toContain(codeOf(wire));
    }),
    { numRuns: 2000 },
  );
});

test('[PF3] text reads as it was written, whatever its length and its characters', () => {
  for (const part of ['a', 'é', '€', '😀', '\ufeff', '\0'])
    for (const count of [0, 1, 31, 32, 63, 64, 65, 127, 128, 255, 256, 65_535, 65_536]) {
      const text = part.repeat(count);
      expect(unpack(pack(text).bytes, 0, 'read')).toBe(text);
    }
});

/** As it comes out: MessagePack's integers have one zero. */
function plain(value: unknown): unknown {
  if (value === 0) return 0;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
}
