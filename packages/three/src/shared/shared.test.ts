import { describe, expect, it } from 'vitest';
import { pngHead } from '../../test/make-model.ts';
import { Budget } from './budget.ts';
import { imageSize, MAX_IMAGE_PIXELS, refuseImage } from './image-size.ts';
import { Pool, Slot } from './pool.ts';
import { Quota } from './quota.ts';
import { MAX_TEXT_CHARACTERS, MAX_TEXT_LINES, textLines } from './text-canvas.ts';

const thing = (gone: string[], name: string) => ({ dispose: () => gone.push(name) });

describe('a pool', () => {
  it('makes a value once for its key and frees it after the last lease', () => {
    const gone: string[] = [];
    const pool = new Pool<{ dispose(): void }>();
    const [first, second] = [
      pool.acquire('a', () => thing(gone, '1')),
      pool.acquire('a', () => thing(gone, '2')),
    ];
    expect(first.value).toBe(second.value);
    first.release();
    first.release();
    expect([gone, pool.size]).toEqual([[], 1]);
    second.release();
    expect([gone, pool.size]).toEqual([['1'], 0]);
  });

  it('keeps a value alive that a slot takes again', () => {
    const gone: string[] = [];
    const slot = new Slot(new Pool<{ dispose(): void }>());
    const value = slot.take('a', () => thing(gone, 'a'));
    expect(slot.take('a', () => thing(gone, 'b'))).toBe(value);
    expect(gone).toEqual([]);
    slot.take('c', () => thing(gone, 'c'));
    expect(gone).toEqual(['a']);
  });
});

describe('a quota', () => {
  it('gives up to the total and not one more, and takes back once', () => {
    const quota = new Quota(10);
    const giveBack = quota.take(10);
    expect([quota.take(1), quota.used]).toEqual([null, 10]);
    giveBack?.();
    giveBack?.();
    expect(quota.used).toBe(0);
    expect(quota.take(11)).toBeNull();
  });
});

describe('a budget', () => {
  it('passes a place on to the one that waited longest', () => {
    const budget = new Budget(1);
    const told: string[] = [];
    const claim = (name: string) => budget.claim((may) => told.push(`${name} ${may}`));
    const giveBack = claim('a');
    claim('b');
    claim('c');
    giveBack();
    expect(told).toEqual(['a true', 'b false', 'c false', 'b true']);
    expect(budget.size).toBe(2);
  });
});

describe('the size of a picture', () => {
  it('is read from the head of PNG, JPEG and WebP', () => {
    const jpeg = [0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 17, 8, 0, 20, 0, 30, 3];
    expect(imageSize(pngHead(640, 480))).toEqual({ width: 640, height: 480 });
    expect(imageSize(Uint8Array.from(jpeg))).toEqual({ width: 30, height: 20 });
    const webp = new Uint8Array(30);
    webp.set(new TextEncoder().encode('RIFF'), 0);
    webp.set(new TextEncoder().encode('WEBPVP8X'), 8);
    webp.set([99, 0, 0, 49, 0, 0], 24);
    expect(imageSize(webp)).toEqual({ width: 100, height: 50 });
  });

  it('is unknown for anything else, and for what is cut off', () => {
    for (const bytes of [new Uint8Array(), new Uint8Array(64), pngHead(1, 1).subarray(0, 20)]) {
      expect(imageSize(bytes)).toBeNull();
    }
  });

  it('ends in a JPEG whose segments lead nowhere', () => {
    const loop = new Uint8Array(4_096).fill(0xff);
    loop.set([0xff, 0xd8, 0xff, 0xe0, 0, 0], 0);
    expect(imageSize(loop)).toBeNull();
  });

  it('is accepted up to the bound and refused past it', () => {
    expect(refuseImage(pngHead(4_096, MAX_IMAGE_PIXELS / 4_096))).toBeNull();
    expect(refuseImage(pngHead(4_096, MAX_IMAGE_PIXELS / 4_096 + 1))).toMatch(/megapixels/);
    expect(refuseImage(pngHead(0, 5))).toMatch(/no pixels/);
  });
});

describe('the lines of a text', () => {
  it('are cut at their bounds', () => {
    expect(textLines('one\r\ntwo')).toEqual(['one', 'two']);
    expect(textLines('x'.repeat(MAX_TEXT_CHARACTERS))[0]).toHaveLength(MAX_TEXT_CHARACTERS);
    expect(textLines('x'.repeat(MAX_TEXT_CHARACTERS + 1))[0]?.at(-1)).toBe('…');
    expect(textLines('\n'.repeat(MAX_TEXT_LINES))).toHaveLength(MAX_TEXT_LINES);
  });
});
