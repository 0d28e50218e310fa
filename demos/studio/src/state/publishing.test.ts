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
  return { toasts, shown };
}

describe('a file that is published', () => {
  it('is followed by one message, and tells in the end what was saved', async () => {
    const { toasts, shown } = setUp();
    const seen: unknown[] = [];
    const result = await publishing('table.glb', toasts, async ({ onProgress, onPublished }) => {
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
    const { toasts, shown } = setUp();
    expect(await publishing('a', toasts, () => Promise.reject(new Error('the disk is full')))).toBeNull();
    expect(shown()).toEqual([['the disk is full', 'error']]);
    const other = setUp();
    const cancelled = publishing('b', other.toasts, ({ signal }) => {
      return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    });
    other.toasts.list.value[0]?.action?.run();
    expect(await cancelled).toBeNull();
    expect(other.shown()).toEqual([['b was not added', 'info']]);
  });

  it('says what is not right with it, and that stays', async () => {
    const { toasts } = setUp();
    await publishing('c', toasts, async ({ onPublished }) =>
      onPublished({ ...published, notes: ['A.', 'B.'] }),
    );
    expect(toasts.list.value).toMatchObject([{ reason: 'A.', details: 'B.' }]);
  });
});
