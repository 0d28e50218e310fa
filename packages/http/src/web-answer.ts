import type { HttpAnswer } from './http-answer.ts';

/** What `fetch` answered. */
export function webAnswer({ status, headers, body }: Response): HttpAnswer {
  // It is unpacked already, so that its length says nothing.
  const length = headers.has('content-encoding') ? null : headers.get('content-length');
  return {
    status,
    type: headers.get('content-type'),
    packing: null,
    totalBytes: length === null ? null : Number(length),
    location: null,
    receive: (take) => receive(body, take),
    cancel: () => void body?.cancel().catch(() => undefined),
  };
}

// Not every browser can iterate a stream.
async function receive(
  body: ReadableStream<Uint8Array> | null,
  take: (piece: Uint8Array) => void,
): Promise<void> {
  const reader = body?.getReader();
  if (reader === undefined) return;
  try {
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) take(piece.value);
  } catch (error) {
    await reader.cancel(error).catch(() => undefined);
    throw error;
  }
}
