import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FRAME_MEMBER_ELEMENTS } from '../limits.ts';
import { pack } from './pack.ts';
import { unpack } from './unpack.ts';

const hex = (value: unknown): string => Buffer.from(pack(value).bytes).toString('hex');

test('[PF1] a value is written in the one form that golden frames have', () => {
  const forms: [unknown, string][] = [
    [null, 'c0'],
    [false, 'c2'],
    [true, 'c3'],
    [0, '00'],
    [-0, '00'],
    [127, '7f'],
    [128, 'cc80'],
    [255, 'ccff'],
    [256, 'cd0100'],
    [65_535, 'cdffff'],
    [65_536, 'ce00010000'],
    [2 ** 32 - 1, 'ceffffffff'],
    [2 ** 32, 'cb41f0000000000000'],
    [-1, 'ff'],
    [-32, 'e0'],
    [-33, 'd0df'],
    [-128, 'd080'],
    [-129, 'd1ff7f'],
    [-32_768, 'd18000'],
    [-32_769, 'd2ffff7fff'],
    [-(2 ** 31), 'd280000000'],
    [-(2 ** 31) - 1, 'cbc1e0000000200000'],
    [0.5, 'cb3fe0000000000000'],
    ['', 'a0'],
    ['é', 'a2c3a9'],
    ['\ud800', 'a3efbfbd'],
    [[], '90'],
    [[1, [2]], '92019102'],
    [{ a: 1 }, 'de0001a16101'],
    [Uint8Array.of(1, 2), 'c4020102'],
  ];
  for (const [value, wire] of forms) expect(hex(value)).toBe(wire);
});

test('[PF1] a length takes as many bytes as it needs', () => {
  const heads: [unknown, string][] = [
    ['x'.repeat(31), 'bf'],
    ['x'.repeat(32), 'd920'],
    ['x'.repeat(255), 'd9ff'],
    ['x'.repeat(256), 'da0100'],
    ['x'.repeat(65_536), 'db00010000'],
    [new Uint8Array(255), 'c4ff'],
    [new Uint8Array(256), 'c50100'],
    [new Uint8Array(65_536), 'c600010000'],
    [Array(15).fill(0), '9f'],
    [Array(16).fill(0), 'dc0010'],
    [Array(65_536).fill(0), 'dd00010000'],
  ];
  for (const [value, head] of heads) expect(hex(value).slice(0, head.length)).toBe(head);
});

test('[PF1] what was written stays, whatever is written after it', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(40_000), { maxLength: 12 }), (lengths) => {
      const written = lengths.map((length) => pack(['x'.repeat(length)], 7).bytes);
      for (const [at, bytes] of written.entries()) {
        expect(bytes[0]).toBe(7);
        expect(unpack(bytes, 1, 'read')).toEqual(['x'.repeat(lengths[at] ?? 0)]);
      }
    }),
    { numRuns: 50 },
  );
});

test('[PF1] a message that is larger than a block holds on to no more than itself', () => {
  const { bytes } = pack('x'.repeat(100_000));
  expect(bytes.buffer.byteLength).toBe(bytes.length);
  expect(pack(1).bytes.buffer.byteLength).toBeLessThan(10_000);
});

test('[PF4] elements are counted as a reader counts them', () => {
  expect(pack([[1, 2], { a: [3], b: 4 }]).elements).toBe(2 + 2 + 2 * FRAME_MEMBER_ELEMENTS + 1);
});

test('what no value holds is a mistake of the program', () => {
  expect(() => pack([undefined])).toThrow(TypeError);
  expect(() => pack(1n)).toThrow(TypeError);
});
