import { Turns } from '@weft/assets';
import type { PublishedAsset } from '@weft/world';
import { describe, expect, it } from 'vitest';
import { publishing } from './publishing.ts';
import { Toasts } from './toasts.ts';

const published: PublishedAsset = {
  ...{ src: 'mxc://here/1', alt: [], sha256: '0'.repeat(64), bytes: 2_000, type: 'model/gltf-binary' },
  kind: { use: 'model', type: 'model/gltf-binary', label: 'binary glTF model' },
  ...{ bounds: null, thumbnail: null, report: null, failed: [], notes: [] },
  savings: { beforeBytes: 3_000_000, afterBytes: 2_000, isKept: true, why: 'It is smaller.' },
};

function setUp() {
  const toasts = new Toasts(() => null);
  const shown = () => toasts.list.value.map(({ headline, tone }) => [headline, tone]);
  return { toasts, shown, turns: new Turns(2) };
}

describe('a file that is published', () => {
  it('is followed by one message, and tells in the end what was saved', async () => {
    const { toasts, shown, turns } = setUp();
    const seen: unknown[] = [];
    const result = await publishing('table.glb', toasts, turns, async ({ onProgress, onPublished }) => {
      seen.push(shown());
      onProgress({ step: 'optimise' });
      seen.push(shown());
      onPublished(published);
      return 7;
    });
    expect(result).toBe(7);
    expect(seen).toEqual([
      [['table.glb: reading', 'working']],
      [['table.glb: making it smaller', 'working']],
    ]);
    expect(shown()).toEqual([['table.glb was added: 2.9 MiB, now 2 KiB', 'info']]);
  });

  it('is told to have failed, or to have been cancelled, and the message of the work is gone', async () => {
    const { toasts, shown, turns } = setUp();
    expect(
      await publishing('a', toasts, turns, () => Promise.reject(new Error('the disk is full'))),
    ).toBeNull();
    expect(shown()).toEqual([['the disk is full', 'error']]);
    const other = setUp();
    const cancelled = publishing('b', other.toasts, other.turns, ({ signal }) => {
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    other.toasts.list.value[0]?.action?.run();
    expect(await cancelled).toBeNull();
    expect(other.shown()).toEqual([['b was not added', 'info']]);
  });

  it('says what is not right with it, and that stays', async () => {
    const { toasts, turns } = setUp();
    await publishing('c', toasts, turns, async ({ onPublished }) =>
      onPublished({ ...published, notes: ['A.', 'B.'] }),
    );
    expect(toasts.list.value).toMatchObject([{ reason: 'A.', details: 'B.' }]);
  });

  it('[AS96] waits its turn with its place shown, is not read before, and can be stopped while it waits', async () => {
    const { toasts, shown, turns } = setUp();
    const begun: string[] = [];
    const running: (() => void)[] = [];
    const bring = (name: string) =>
      publishing(name, toasts, turns, () => {
        begun.push(name);
        return new Promise<string>((resolve) => running.push(() => resolve(name)));
      });
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(bring);
    await Promise.resolve();
    expect(shown()).toEqual([
      ['a: reading', 'working'],
      ['b: reading', 'working'],
      ['c: waiting, next in line', 'working'],
      ['d: waiting, number 2 in line', 'working'],
    ]);
    toasts.list.value[2]?.action?.run();
    expect(await c).toBeNull();
    expect(shown().slice(2)).toEqual([
      ['d: waiting, next in line', 'working'],
      ['c was not added', 'info'],
    ]);
    running[0]?.();
    expect(await a).toBe('a');
    await expect.poll(() => begun).toEqual(['a', 'b', 'd']);
    for (const end of running) end();
    expect(await Promise.all([b, d])).toEqual(['b', 'd']);
  });
});
