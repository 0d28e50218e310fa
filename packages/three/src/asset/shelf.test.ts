import { newObjectId, type ObjectId } from '@weft/core';
import { FakeTimers, SeededRandom, settle } from '@weft/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import type { LoadAssetOptions } from '../source.ts';
import { Gate } from './gate.ts';
import { type Outcome, Shelf } from './shelf.ts';

const random = new SeededRandom(1).bytes;
const user = (): ObjectId => newObjectId(random);
const ref = (src: string) => ({ src });

let disposed: string[];
let waiting: ((bytes: Uint8Array) => void)[];
let failing: ((error: Error) => void)[];
let asked: LoadAssetOptions[];
let timers: FakeTimers;
let shelf: Shelf<string>;

beforeEach(() => {
  disposed = [];
  [waiting, failing, asked, timers] = [[], [], [], new FakeTimers()];
  shelf = new Shelf({
    gate: new Gate(2),
    kind: 'model',
    timers,
    load: (_ref, options) =>
      new Promise((give, fail) => {
        asked.push(options);
        waiting.push((given) => give({ bytes: given }));
        failing.push(fail);
      }),
    decode: async (bytes) => new TextDecoder().decode(bytes),
    dispose: (value) => disposed.push(value),
    onChange: () => {},
  });
});

function use(src: string) {
  const heard: (Outcome<string> | null)[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const giveBack = shelf.use(ref(src), user(), (outcome) => {
    heard.push(outcome);
    if (outcome !== null) resolve();
  });
  return { heard, giveBack, settled: promise };
}

const bytes = (text: string) => new TextEncoder().encode(text);

describe('a shelf', () => {
  it('tells every user how an asset fares, those who come late as well', async () => {
    const first = use('a');
    waiting[0]?.(bytes('model'));
    await first.settled;
    const late = use('a');
    expect(first.heard).toEqual([null, { state: 'ready', value: 'model' }]);
    expect(late.heard).toEqual([{ state: 'ready', value: 'model' }]);
  });

  it('disposes of an asset with its last user', async () => {
    const [first, second] = [use('a'), use('a')];
    waiting[0]?.(bytes('model'));
    await second.settled;
    first.giveBack();
    first.giveBack();
    expect([disposed, shelf.size]).toEqual([[], 1]);
    second.giveBack();
    expect([disposed, shelf.size]).toEqual([['model'], 0]);
  });

  it('disposes of what arrives after everybody left, and tells nobody', async () => {
    const only = use('a');
    only.giveBack();
    waiting[0]?.(bytes('late'));
    const next = use('b');
    await Promise.resolve();
    waiting[1]?.(bytes('b'));
    await next.settled;
    expect(disposed).toEqual(['late']);
    expect(only.heard).toEqual([null]);
  });

  it('tries again by itself what may pass, later each time, and shows the reason meanwhile', async () => {
    const away = Object.assign(new Error('the server is away'), { retry: true });
    const only = use('a');
    for (const [at, waitMs] of [5_000, 10_000, 20_000].entries()) {
      failing[at]?.(away);
      await settle();
      await timers.advance(waitMs - 1);
      expect(asked).toHaveLength(at + 1);
      await timers.advance(1);
      expect(asked).toHaveLength(at + 2);
    }
    waiting[3]?.(bytes('model'));
    await settle();
    expect(only.heard.map((outcome) => outcome?.state ?? null)).toEqual([
      ...[null, 'failed', 'failed', 'failed', 'ready'],
    ]);
    expect([timers.pending, asked.map(({ retry }) => retry)]).toEqual([0, [false, false, false, false]]);
  });

  it('tries again at once where a person asks, and never by itself what will not pass or nobody wants', async () => {
    use('a');
    const left = use('b');
    failing[0]?.(new Error('not there'));
    failing[1]?.(Object.assign(new Error('away'), { retry: true }));
    await settle();
    expect(timers.pending).toBe(1);
    left.giveBack();
    expect(timers.pending).toBe(0);
    shelf.retry('a');
    await settle();
    expect(asked.map(({ retry, kind }) => [retry, kind])).toEqual([
      [false, 'model'],
      [false, 'model'],
      [true, 'model'],
    ]);
  });

  it('loads no more at once than the gate lets through', async () => {
    const uses = ['a', 'b', 'c'].map(use);
    expect(waiting).toHaveLength(2);
    waiting[0]?.(bytes('a'));
    await uses[0]?.settled;
    await Promise.resolve();
    expect(waiting).toHaveLength(3);
  });
});
