import { propertySettings } from '@weft/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { packingOf, readPacked, writePacked } from './packed-integers.ts';

const integers = fc.tuple(fc.integer({ min: -(2 ** 40), max: 2 ** 40 }), fc.nat(32)).chain(([base, bits]) =>
  fc.array(
    fc.integer({ min: 0, max: 2 ** bits - 1 }).map((distance) => base + distance),
    { minLength: 1, maxLength: 70 },
  ),
);

describe('packed integers', () => {
  test('are the same one by one and all at once, at any width', () => {
    fc.assert(
      fc.property(integers, (written) => {
        const packing = packingOf(written) ?? expect.fail();
        const writer = new ByteWriter();
        writePacked(writer, written, packing);
        const read = readPacked(new ByteReader(writer.take()), written.length);
        expect([...read.all()]).toEqual(written);
        expect(written.map((_, at) => read.at(at))).toEqual(written);
        const most = Math.max(...written);
        expect([read.isBelow(most + 1), read.isBelow(most)]).toEqual([Math.min(...written) >= 0, false]);
      }),
      propertySettings(300),
    );
  });
});

describe('numbers that ascend', () => {
  const read = (bytes: readonly number[], length: number, bound: number): number[] => [
    ...new ByteReader(Uint8Array.from(bytes)).ascending(length, bound),
  ];

  test('are read from gaps of one byte or more', () => {
    expect(read([0, 0, 5, 0x80, 0x01, 3], 5, 200)).toEqual([0, 1, 7, 136, 140]);
    expect(read([], 0, 0)).toEqual([]);
  });

  test.each([
    ['that reach the bound', [0, 3], 2, 4],
    ['that reach the bound by a longer gap', [0x84, 0x00], 1, 4],
    ['that end too soon', [0], 2, 4],
    ['that end within a gap', [0x80], 1, 4],
  ])('are refused %s', (_, bytes, length, bound) => {
    expect(() => read(bytes, length, bound)).toThrow(expect.objectContaining({ code: 'bad-file' }));
  });
});
