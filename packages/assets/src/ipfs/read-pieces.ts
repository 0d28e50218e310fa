import { joinBytes } from '@weft/core';
/**
 * The bytes of a body; `null` where it is longer than allowed, of which no more is read then.
 *
 * @throws whatever the connection does; the reason of the signal
 */
export async function readPieces(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
  signal: AbortSignal,
): Promise<Uint8Array | null> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of untilEnd(body, signal)) {
    length += piece.length;
    if (length > maxBytes) return null;
    pieces.push(piece);
  }
  return joinBytes(pieces);
}

/** The same, and no longer than a signal lets it: a body that stalls listens to nobody. */
async function* untilEnd<T>(items: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = items[Symbol.asyncIterator]();
  let end: () => void = () => undefined;
  const ended = new Promise<never>((_, reject) => {
    end = () => reject(signal.reason);
  });
  ended.catch(() => undefined);
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  try {
    for (;;) {
      const item = await Promise.race([iterator.next(), ended]);
      if (item.done === true) return;
      yield item.value;
    }
  } finally {
    signal.removeEventListener('abort', end);
    // Not waited for: it may never come to its end. What it fails with is nobody’s any more.
    iterator.return?.().catch(() => undefined);
  }
}
