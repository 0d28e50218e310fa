import { describe, expect, it } from 'vitest';
import { Toasts } from './toasts.ts';

function setUp() {
  const toasts = new Toasts(() => null);
  return { toasts, shown: () => toasts.list.value.map(({ headline }) => headline) };
}

describe('a message of work', () => {
  it('[AS98] says how far it is, and is there until the work ends, however much else is told', () => {
    const { toasts, shown } = setUp();
    const working = toasts.working('house.glb: reading', () => undefined);
    working.say('house.glb: uploading', 0.5);
    expect(toasts.list.value).toMatchObject([{ headline: 'house.glb: uploading', progress: 0.5 }]);
    for (let at = 0; at < 9; at += 1) toasts.error(new Error(`failure ${at}`));
    expect(shown()).toEqual(['house.glb: uploading', 'failure 5', 'failure 6', 'failure 7', 'failure 8']);
    working.end();
    expect(shown()).not.toContain('house.glb: uploading');
  });

  it('[AS98] the key that closes a message stops the work that it tells of, which then ends it', () => {
    const { toasts, shown } = setUp();
    let stopped = 0;
    const working = toasts.working('house.glb: reading', () => {
      stopped += 1;
    });
    toasts.error(new Error('something else'));
    expect([toasts.closeLast(), stopped, shown()]).toEqual([true, 0, ['house.glb: reading']]);
    expect([toasts.closeLast(), stopped, shown()]).toEqual([true, 1, ['house.glb: reading']]);
    working.end();
    expect([toasts.closeLast(), stopped]).toEqual([false, 1]);
  });
});
