import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { patch as anyPatch, plainPatch } from '../../test/arbitraries.ts';
import { naming, objectIds, personalId, pointerTo } from '../../test/bundles.ts';
import { encodePatch, isSha256Hex, parseObjectId, parseUserId, WeftError } from '../index.ts';
import { encodeBlob, readBlob } from './blob.ts';

const ANN = parseUserId('@ann:a.org');
const MXC = 'mxc://a.org/b';
const carrier = 'world.weft.layer/x';

describe('a blob', () => {
  test('[A6] reads back as the patch that it was made of', async () => {
    await fc.assert(
      fc.asyncProperty(anyPatch, async (patch) => {
        const blob = encodeBlob(patch);
        const { patch: read, problems } = await readBlob(blob.file, pointerTo(blob, MXC), { carrier });
        expect(plainPatch(read)).toEqual(plainPatch(patch));
        expect(problems).toEqual([]);
      }),
    );
  });

  test('is named by what every library hashes', () => {
    const blob = encodeBlob(naming(objectIds(5)));
    expect(blob.sha256).toBe(createHash('sha256').update(blob.file).digest('hex'));
    expect([blob.bytes, blob.objects]).toEqual([blob.file.length, 5]);
  });

  test('[A6] of other bytes than its pointer says is refused before it is decoded', async () => {
    const blob = encodeBlob(naming(objectIds(3)));
    const pointer = pointerTo(blob, MXC);
    const other = encodeBlob(naming(objectIds(3), () => 'other')).file;
    const wrong = ['cd'.repeat(32)].filter(isSha256Hex)[0] ?? expect.fail();
    const refused: [Uint8Array, typeof pointer, RegExp][] = [
      [blob.file.subarray(1), pointer, /blob of \d+ bytes/],
      [new Uint8Array([...blob.file, 0]), pointer, /blob of \d+ bytes/],
      [blob.file, { ...pointer, sha256: wrong }, /sha256/],
      [other, { ...pointer, bytes: other.length }, /sha256/],
      [blob.file, { ...pointer, objects: 2 }, /2 objects/],
    ];
    for (const [file, named, message] of refused)
      await expect(readBlob(file, named, { carrier })).rejects.toThrow(message);
  });

  test('[A6] that is what its pointer says and no file of ours is refused', async () => {
    const file = new TextEncoder().encode('<html>not found</html>');
    const sha256 = [createHash('sha256').update(file).digest('hex')].filter(isSha256Hex)[0] ?? expect.fail();
    const pointer = pointerTo({ sha256, bytes: file.length, objects: 0 }, MXC);
    await expect(readBlob(file, pointer, { carrier })).rejects.toMatchObject({ code: 'bad-file' });
  });

  test('[A4] holds no personal objects: the rest of it counts', async () => {
    const hat = personalId(ANN, 'hat');
    const lamp = parseObjectId('lamp');
    expect(() => encodeBlob(naming([hat]))).toThrow(WeftError);
    const file = encodePatch(naming([hat, lamp]));
    const sha256 = [createHash('sha256').update(file).digest('hex')].filter(isSha256Hex)[0] ?? expect.fail();
    const pointer = pointerTo({ sha256, bytes: file.length, objects: 2 }, MXC);
    const { patch, problems } = await readBlob(file, pointer, { carrier });
    expect([[...patch.objects.keys()], problems.length]).toEqual([[lamp], 1]);
  });

  test('gives others a turn while it works, and takes a faster sha256', async () => {
    const blob = encodeBlob(naming(objectIds(5000)));
    let turns = 0;
    let hashes = 0;
    await readBlob(blob.file, pointerTo(blob, MXC), {
      carrier,
      turn: async () => void turns++,
      createSha256: () => {
        hashes += 1;
        return createHash('sha256');
      },
    });
    expect(turns).toBeGreaterThan(3);
    expect(hashes).toBe(2);
  });
});
