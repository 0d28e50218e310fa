import { joinBytes } from '@weft/core';
import type { MatrixClient } from 'matrix-js-sdk';
import { errorOfAnswer, HomeserverError } from '../errors.ts';
import type { DownloadOptions } from '../homeserver.ts';
import { type MxcUri, mxcParts } from '../ids.ts';
import { isRecord, stringMember } from '../json.ts';

export const MEDIA_PREFIX = '/_matrix/client/v1';
const MAX_ERROR_CHARACTERS = 10_000;

/**
 * Downloads over authenticated media (MSC3916, spec v1.11). A redirect is an error, so that the token reaches this
 * homeserver and nobody else; without `allow_redirect=true` the specification lets no server send one.
 */
export async function downloadMedia(
  client: MatrixClient,
  uri: MxcUri,
  { maxBytes, signal, onChunk }: DownloadOptions,
): Promise<{ bytes: Uint8Array; type: string | null }> {
  const what = `download ${uri}`;
  const { server, mediaId } = mxcParts(uri);
  const path = `/media/download/${encodeURIComponent(server)}/${encodeURIComponent(mediaId)}`;
  const url = client.http.getUrl(path, undefined, MEDIA_PREFIX);
  const answer = await attempt(what, signal, () =>
    client.http.fetch(url, {
      headers: { Authorization: `Bearer ${client.getAccessToken() ?? ''}` },
      redirect: 'error',
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      ...(signal === undefined ? {} : { signal }),
    }),
  );
  if (!answer.ok) throw await errorOfResponse(what, answer);
  const announced = lengthOf(answer);
  if (announced !== null && announced > maxBytes) {
    await answer.body?.cancel();
    throw tooLarge(what, announced, maxBytes);
  }
  const bytes = await attempt(what, signal, () =>
    readAtMost(what, answer, maxBytes, (chunk) => onChunk?.(chunk, announced)),
  );
  return { bytes, type: answer.headers.get('content-type') };
}

// A browser unpacks what comes packed, so that the length of that says nothing.
function lengthOf({ headers }: Response): number | null {
  const length = headers.get('content-length');
  return length === null || headers.has('content-encoding') ? null : Number(length);
}

async function readAtMost(
  what: string,
  answer: Response,
  maxBytes: number,
  told: (chunk: Uint8Array) => void,
): Promise<Uint8Array> {
  const reader = answer.body?.getReader();
  if (reader === undefined) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    length += chunk.value.length;
    if (length > maxBytes) {
      await reader.cancel();
      throw tooLarge(what, length, maxBytes);
    }
    chunks.push(chunk.value);
    told(chunk.value);
  }
  return joinBytes(chunks);
}

async function attempt<T>(what: string, signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof HomeserverError) throw error;
    if (signal?.aborted === true)
      throw new HomeserverError('aborted', { what, got: 'it was cancelled', cause: error });
    throw new HomeserverError('unreachable', {
      what,
      got: 'no answer, an answer cut off, or a redirect, which is refused',
      cause: error,
    });
  }
}

async function errorOfResponse(what: string, answer: Response): Promise<HomeserverError> {
  const text = (await answer.text().catch(() => '')).slice(0, MAX_ERROR_CHARACTERS);
  let body: unknown = null;
  try {
    body = JSON.parse(text);
  } catch {
    body = null;
  }
  return errorOfAnswer(what, {
    status: answer.status,
    errcode: stringMember(body, 'errcode'),
    message: isRecord(body) ? (stringMember(body, 'error') ?? '') : answer.statusText,
    retryAfterMs: null,
  });
}

function tooLarge(what: string, bytes: number, maxBytes: number): HomeserverError {
  return new HomeserverError('too-large', {
    what,
    got: `at least ${bytes} bytes, more than the ${maxBytes} allowed`,
  });
}
