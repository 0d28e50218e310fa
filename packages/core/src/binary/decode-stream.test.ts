import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ACTOR_IDS, patch as anyPatch, BASE_TIME, plainPatch } from '../../test/arbitraries.ts';
import {
  type DecodeProgress,
  decodePatch,
  decodePatchStream,
  emptyPatch,
  encodePatch,
  parseObjectId,
  parsePath,
  patchOf,
} from '../index.ts';

async function* chunksOf(bytes: Uint8Array, sizes: readonly number[]): AsyncGenerator<Uint8Array> {
  let turn = 0;
  for (let at = 0; at < bytes.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? 1;
    yield bytes.subarray(at, at + size);
    at += size;
  }
}

const large = encodePatch(
  patchOf({
    registers: Array.from({ length: 5000 }, (_, at) => ({
      id: parseObjectId(`object-${at}`),
      path: parsePath('node.name'),
      register: { value: `Object ${at}`, stamp: { time: BASE_TIME, actor: ACTOR_IDS.at(at % 2) ?? fail() } },
    })),
  }),
  { title: 'large' },
);

describe('decodePatchStream', () => {
  test('reads what decodePatch reads, however the file is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyPatch,
        fc.array(fc.integer({ min: 1, max: 100 }), { minLength: 1, maxLength: 5 }),
        async (patch, sizes) => {
          const file = await decodePatchStream(chunksOf(encodePatch(patch), sizes));
          expect(plainPatch(file.patch)).toEqual(plainPatch(patch));
        },
      ),
    );
  });

  test('byte by byte, and whole', async () => {
    for (const size of [1, large.length]) {
      const file = await decodePatchStream(chunksOf(large, [size]));
      expect(plainPatch(file.patch)).toEqual(plainPatch(decodePatch(large).patch));
      expect(file.info).toEqual({ title: 'large' });
    }
    const empty = await decodePatchStream(chunksOf(encodePatch(emptyPatch), [7]));
    expect(plainPatch(empty.patch)).toEqual(plainPatch(emptyPatch));
  });

  test('reports each block and waits for whoever listens', async () => {
    const seen: DecodeProgress[] = [];
    let waiting = 0;
    await decodePatchStream(chunksOf(large, [large.length]), {
      onProgress: async (progress) => {
        expect(waiting).toBe(0);
        waiting += 1;
        await Promise.resolve();
        waiting -= 1;
        seen.push(progress);
      },
    });
    expect(seen.map(({ objects }) => objects)).toEqual([2048, 4096, 5000]);
    expect(
      seen.every(({ totalObjects, totalBytes }) => totalObjects === 5000 && totalBytes === large.length),
    ).toBe(true);
    expect(seen.map(({ bytes }) => bytes)).toEqual(seen.map(({ bytes }) => bytes).sort((a, b) => a - b));
    expect(seen.at(-1)?.bytes).toBe(large.length);
  });

  test('stops an endless source at the first byte too many', async () => {
    let given = 0;
    let closed = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        yield large;
        for (;;) {
          given += 1;
          yield new Uint8Array(1);
        }
      } finally {
        closed = true;
      }
    }
    await expect(decodePatchStream(endless())).rejects.toMatchObject({ code: 'bad-file' });
    expect([given, closed]).toEqual([1, true]);
  });

  test('refuses a file that is cut, changed, or larger than allowed', async () => {
    const reading = (bytes: Uint8Array, maxBytes = large.length) =>
      decodePatchStream(chunksOf(bytes, [1000]), { maxBytes });
    const changed = large.slice();
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    await expect(reading(large)).resolves.toMatchObject({ problems: [] });
    await expect(reading(large, large.length - 1)).rejects.toMatchObject({ code: 'limit' });
    for (const length of [0, 10, 43, 44, 100, large.length - 1])
      await expect(reading(large.subarray(0, length))).rejects.toMatchObject({ code: 'bad-file' });
    await expect(reading(changed)).rejects.toMatchObject({ code: 'bad-file' });
    await expect(reading(new Uint8Array(1_000_000))).rejects.toThrow('starts with "WEFT"');
  });

  test("takes the caller's sha256", async () => {
    let made = 0;
    const createSha256 = () => {
      made += 1;
      return createHash('sha256');
    };
    await decodePatchStream(chunksOf(large, [999]), { createSha256 });
    decodePatch(large, { createSha256 });
    expect(made).toBe(2);
  });
});

function fail(): never {
  throw new Error('the pool of actors is empty');
}
