import { newObjectId, type ObjectId } from '@weft/core';
import { SeededRandom } from '@weft/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { Gate } from './gate.ts';
import { type Outcome, Shelf } from './shelf.ts';

const random = new SeededRandom(1).bytes;
const user = (): ObjectId => newObjectId(random);
const ref = (src: string) => ({ src, sha256: null, bytes: null });

let disposed: string[];
let waiting: ((bytes: Uint8Array) => void)[];
let shelf: Shelf<string>;

beforeEach(() => {
  disposed = [];
  waiting = [];
  shelf = new Shelf({
    gate: new Gate(2),
    load: () => new Promise((give) => waiting.push(give)),
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

  it('loads no more at once than the gate lets through', async () => {
    const uses = ['a', 'b', 'c'].map(use);
    expect(waiting).toHaveLength(2);
    waiting[0]?.(bytes('a'));
    await uses[0]?.settled;
    await Promise.resolve();
    expect(waiting).toHaveLength(3);
  });
});
