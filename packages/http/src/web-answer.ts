import type { AskOptions, HttpAnswer } from './http-answer.ts';

/** Asks one address by a `fetch`, without cookies and without saying who referred to it, and goes nowhere else: a redirect rejects. */
export async function webAsk(
  fetchOf: (url: URL, init: RequestInit) => Promise<Response>,
  url: URL,
  { headers = {}, signal }: AskOptions = {},
): Promise<HttpAnswer> {
  const answer = await fetchOf(url, {
    headers,
    redirect: 'error',
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    ...(signal === undefined ? {} : { signal }),
  });
  return webAnswer(answer);
}

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
