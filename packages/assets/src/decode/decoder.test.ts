import { FakeTimers } from '@weft/testing';
import { beforeEach, describe, expect, test } from 'vitest';
import type { DecodeAnswer, DecodeRequest } from './decode-job.ts';
import { DECODE_DEADLINE_MS, MAX_ENCODED_BYTES, MODEL_DECODE_MS } from './decode-job.ts';
import { DECODER_IDLE_MS, DECODER_LOAD_MS, type DecodeListener, Decoder } from './decoder.ts';

interface TwinThread {
  readonly listener: DecodeListener;
  readonly asked: DecodeRequest[];
  isAlive: boolean;
}

let timers: FakeTimers;
let threads: TwinThread[];
let decoder: Decoder;

beforeEach(() => {
  timers = new FakeTimers();
  threads = [];
  decoder = new Decoder({
    timers,
    start(listener) {
      const thread: TwinThread = { listener, asked: [], isAlive: true };
      threads.push(thread);
      return {
        post: (request) => thread.asked.push(request),
        terminate: () => {
          thread.isAlive = false;
        },
      };
    },
  });
});

const job = (length = 1) => ({ kind: 'ktx2', bytes: new Uint8Array(length), target: 'rgba' }) as const;
const texture = { target: 'rgba', hasAlpha: false, levels: [] } as const;

function answer(at: number, state: 'begun' | 'done', id?: number): void {
  const thread = threads[at] ?? expect.fail('no such thread');
  const asked = id ?? thread.asked.at(-1)?.id ?? 0;
  const said: DecodeAnswer = state === 'begun' ? { id: asked, state } : { id: asked, state, value: texture };
  thread.listener.answered(said);
}

const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: unknown) => (error instanceof Error && 'code' in error ? error.code : error),
  );

describe('a decoder', () => {
  test('does one part after another, in one thread that starts with the first', async () => {
    expect(threads).toHaveLength(0);
    const decode = decoder.forModel('use it');
    const both = [decode(job()), decode(job())];
    expect(threads[0]?.asked).toHaveLength(1);
    answer(0, 'begun');
    answer(0, 'done');
    await both[0];
    expect(threads[0]?.asked).toHaveLength(2);
    answer(0, 'begun');
    answer(0, 'done');
    expect(await both[1]).toEqual(texture);
    expect(threads).toHaveLength(1);
  });

  test('[AS44] kills a thread that takes too long, and the next part finds another', async () => {
    const decode = decoder.forModel('use it');
    const [slow, next] = [codeOf(decode(job())), codeOf(decode(job()))];
    answer(0, 'begun');
    await timers.advance(DECODE_DEADLINE_MS - 1);
    expect(threads[0]?.isAlive).toBe(true);
    await timers.advance(1);
    expect(threads[0]?.isAlive).toBe(false);
    expect(await slow).toBe('too-slow');
    answer(1, 'begun');
    answer(1, 'done');
    expect(await next).toBe('done');
    // What the dead one still says counts for nothing.
    answer(0, 'done');
  });

  test('[AS44] the time of loading its code does not count, and is bounded as well', async () => {
    const decode = decoder.forModel('use it');
    const waiting = codeOf(decode(job()));
    await timers.advance(DECODER_LOAD_MS - 1);
    expect(threads[0]?.isAlive).toBe(true);
    await timers.advance(1);
    expect(await waiting).toBe('too-slow');
  });

  test('[AS44] all parts of one model together have a bound, and another model has its own', async () => {
    const decode = decoder.forModel('use it');
    const each = DECODE_DEADLINE_MS - 500;
    const whole = Math.floor(MODEL_DECODE_MS / each);
    for (let part = 0; part < whole; part += 1) {
      const done = decode(job());
      answer(0, 'begun');
      await timers.advance(each);
      answer(0, 'done');
      await done;
    }
    const last = codeOf(decode(job()));
    answer(0, 'begun');
    await timers.advance(MODEL_DECODE_MS - whole * each);
    expect(await last).toBe('too-slow');
    const other = codeOf(decoder.forModel('use another')(job()));
    answer(1, 'begun');
    await timers.advance(each);
    answer(1, 'done');
    expect(await other).toBe('done');
  });

  test('[AS44] a thread that dies, or whose module broke, is replaced', async () => {
    const decode = decoder.forModel('use it');
    const parts = [codeOf(decode(job())), codeOf(decode(job())), codeOf(decode(job()))];
    threads[0]?.listener.ended('out of memory');
    expect(await parts[0]).toBe('undecodable');
    const failure = { expected: 'a texture', got: 'none' };
    threads[1]?.listener.answered({
      id: threads[1].asked[0]?.id ?? 0,
      state: 'failed',
      failure,
      isBroken: true,
    });
    expect(await parts[1]).toBe('undecodable');
    expect(threads[1]?.isAlive).toBe(false);
    answer(2, 'done');
    expect(await parts[2]).toBe('done');
  });

  test('an idle thread ends, and comes back when it is needed', async () => {
    const decode = decoder.forModel('use it');
    const done = decode(job());
    answer(0, 'done');
    await done;
    await timers.advance(DECODER_IDLE_MS);
    expect(threads[0]?.isAlive).toBe(false);
    const again = decode(job());
    answer(1, 'done');
    await again;
  });

  test('whoever gave up is told so: what runs for them is killed, what waits is dropped', async () => {
    const abort = new AbortController();
    const decode = decoder.forModel('use it', abort.signal);
    const other = codeOf(decoder.forModel('use another')(job()));
    const [first, second] = [codeOf(decode(job())), codeOf(decode(job()))];
    answer(0, 'done');
    expect(await other).toBe('done');
    abort.abort('gone');
    expect(await Promise.all([first, second])).toEqual(['gone', 'gone']);
    expect(threads.map(({ isAlive }) => isAlive)).toEqual([false]);
    expect(await codeOf(decode(job()))).toBe('gone');
  });

  test('[AS44] a part above the bound is refused before a thread sees it', async () => {
    const decode = decoder.forModel('use it');
    expect(await codeOf(decode(job(MAX_ENCODED_BYTES + 1)))).toBe('too-large');
    expect(threads).toHaveLength(0);
    const allowed = decode(job(MAX_ENCODED_BYTES));
    answer(0, 'done');
    await allowed;
  });

  test('one that is stopped tells all who wait', async () => {
    const decode = decoder.forModel('use it');
    const both = [codeOf(decode(job())), codeOf(decode(job()))];
    decoder.stop();
    expect(await Promise.all(both)).toEqual(['undecodable', 'undecodable']);
    expect(threads[0]?.isAlive).toBe(false);
  });
});
