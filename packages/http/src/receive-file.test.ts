import { describe, expect, test } from 'vitest';
import { MAX_AHEAD } from './file-buffer.ts';
import type { HttpAnswer } from './http-answer.ts';
import { receiveFile } from './receive-file.ts';
import { webAnswer } from './web-answer.ts';

const KIB = 1024;

const pattern = (length: number): Uint8Array => Uint8Array.from({ length }, (_, at) => (at * 31) & 0xff);

/** A body in pieces of so many bytes, in memory that is used again for each. */
function answerOf(bytes: Uint8Array, pieceBytes: number, totalBytes: number | null = null) {
  let cancelled = 0;
  const answer: HttpAnswer = {
    ...{ status: 200, type: null, packing: null, totalBytes, location: null },
    async receive(take) {
      const memory = new Uint8Array(pieceBytes);
      for (let at = 0; at < bytes.length; at += pieceBytes) {
        const piece = bytes.subarray(at, at + pieceBytes);
        memory.set(piece);
        take(memory.subarray(0, piece.length));
      }
    },
    cancel() {
      cancelled += 1;
    },
  };
  return { answer, cancelled: () => cancelled };
}

describe('a file as it comes', () => {
  test.each([
    ['announced', 300 * KIB],
    ['not announced', null],
    ['announced too small', 10],
  ])(
    '[AS94] is in memory of its own size, and its pieces stay as they were told, where its length was %s',
    async (_how, total) => {
      const bytes = pattern(300 * KIB);
      const told: Uint8Array[] = [];
      const { answer } = answerOf(bytes, 1_000, total);
      const file = await receiveFile(answer, 300 * KIB, (piece) => void told.push(piece));
      expect(file).toEqual(bytes);
      expect(file?.buffer.byteLength).toBe(bytes.length);
      expect(Buffer.concat(told).equals(bytes)).toBe(true);
    },
  );

  test('[AS94] is copied to where it stays once a 64th of what was announced has come, and not before', async () => {
    const part = 65 * KIB;
    const bytes = pattern(MAX_AHEAD * part);
    const memory: number[] = [];
    const { answer } = answerOf(bytes, part / 5, bytes.length);
    await receiveFile(answer, bytes.length, (piece) => void memory.push(piece.buffer.byteLength));
    expect(memory.slice(0, 6)).toEqual([part, part, part, part, part, bytes.length]);
    expect(memory.at(-1)).toBe(bytes.length);
  });

  test('[AS94] may be as large as is allowed, and by one byte more is refused, announced or not', async () => {
    const bytes = pattern(5_000);
    expect(await receiveFile(answerOf(bytes, 999).answer, 5_000)).toEqual(bytes);
    expect(await receiveFile(answerOf(bytes, 999).answer, 4_999)).toBeNull();
    const announced = answerOf(bytes, 999, 5_000);
    expect(await receiveFile(announced.answer, 4_999, () => expect.fail('it was read'))).toBeNull();
    expect(announced.cancelled()).toBe(1);
  });

  test('[AS94] of no bytes is one', async () => {
    expect(await receiveFile(answerOf(new Uint8Array(0), 1).answer, 0)).toEqual(new Uint8Array(0));
  });

  test('[AS94] what its reader throws, and what cuts it off, is thrown on', async () => {
    const failing = receiveFile(answerOf(pattern(10), 5).answer, 10, () => {
      throw new Error('full');
    });
    await expect(failing).rejects.toThrow('full');
    const cut = new ReadableStream({ pull: (stream) => stream.error(new Error('cut off')) });
    await expect(receiveFile(webAnswer(new Response(cut)), 10)).rejects.toThrow('cut off');
  });
});

describe('what fetch answered', () => {
  test('[AS94] is let go of where more comes than is allowed', async () => {
    let cancelled = false;
    const endless = new ReadableStream({
      pull: (stream) => stream.enqueue(new Uint8Array(1_000)),
      cancel() {
        cancelled = true;
      },
    });
    expect(await receiveFile(webAnswer(new Response(endless)), 3_500)).toBeNull();
    expect(cancelled).toBe(true);
  });

  test('[AS94] has no length where it was unpacked on the way', () => {
    const headers = { 'content-length': '5', 'content-type': 'a/b' };
    expect(webAnswer(new Response('hello', { headers }))).toMatchObject({ totalBytes: 5, type: 'a/b' });
    const packed = new Response('hello', { headers: { ...headers, 'content-encoding': 'gzip' } });
    expect(webAnswer(packed)).toMatchObject({ totalBytes: null, packing: null });
  });
});
