import { newObjectId } from '@weft/core';
import { FakeTimers, SeededRandom, settle } from '@weft/testing';
import { Texture } from 'three';
import { beforeEach, describe, expect, it } from 'vitest';
import { Gate } from './gate.ts';
import { Shelf } from './shelf.ts';
import { THUMBNAIL_AFTER_MS, ThumbnailSlot } from './thumbnail-slot.ts';

const REF = { src: 'mxc://example.org/small', sha256: '0'.repeat(64), bytes: 10 };
const user = newObjectId(new SeededRandom(1).bytes);

let asked: string[];
let isBroken: boolean;
let shown: (Texture | null)[];
let timers: FakeTimers;
let thumbnails: Shelf<Texture>;
let slot: ThumbnailSlot;

beforeEach(() => {
  [asked, isBroken, shown, timers] = [[], false, [], new FakeTimers()];
  thumbnails = new Shelf({
    ...{ gate: new Gate(1), kind: 'picture', timers, dispose: () => undefined, onChange: () => undefined },
    load: async ({ src }) => {
      asked.push(src);
      return { bytes: new Uint8Array() };
    },
    async decode() {
      if (isBroken) throw new Error('no picture');
      return new Texture();
    },
  });
  slot = new ThumbnailSlot({ thumbnails, timers }, user, (picture) => shown.push(picture));
  slot.name(REF);
});

async function pass(ms: number): Promise<void> {
  await timers.advance(ms);
  await settle();
}

describe('the thumbnail of a file', () => {
  it('[AS83] is asked for once the file is long in coming, and shown until it is there', async () => {
    slot.want(true);
    await pass(THUMBNAIL_AFTER_MS - 1);
    expect(asked).toEqual([]);
    await pass(1);
    expect([asked, shown.at(-1)]).toEqual([[REF.src], expect.any(Texture)]);
    slot.want(false);
    expect([shown.at(-1), thumbnails.size]).toEqual([null, 0]);
  });

  it('[AS83] is never asked for where the file is there at once', async () => {
    slot.want(true);
    slot.want(false);
    await pass(THUMBNAIL_AFTER_MS);
    expect(asked).toEqual([]);
  });

  it('[AS83] follows the object: another one, and none', async () => {
    slot.want(true);
    await pass(THUMBNAIL_AFTER_MS);
    slot.name({ ...REF, src: 'mxc://example.org/other', sha256: '1'.repeat(64) });
    await settle();
    expect(asked).toEqual([REF.src, 'mxc://example.org/other']);
    slot.name(null);
    expect([shown.at(-1), thumbnails.size]).toEqual([null, 0]);
  });

  it('[AS84] that is broken shows nothing; what is released asks for nothing', async () => {
    isBroken = true;
    slot.want(true);
    await pass(THUMBNAIL_AFTER_MS);
    expect([asked.length, shown.filter((picture) => picture !== null)]).toEqual([1, []]);
    slot.want(false);
    slot.want(true);
    slot.release();
    await pass(THUMBNAIL_AFTER_MS);
    expect([asked.length, thumbnails.size]).toEqual([1, 0]);
  });
});
