import { type AskOptions, type HttpAnswer, receiveFile, webAsk } from '@weft/http';
import { ask } from '@weft/http/system';
import type { MatrixClient } from 'matrix-js-sdk';
import { errorOfAnswer, HomeserverError } from '../errors.ts';
import type { DownloadOptions } from '../homeserver.ts';
import { type MxcUri, mxcParts } from '../ids.ts';
import { stringMember } from '../json.ts';

export const MEDIA_PREFIX = '/_matrix/client/v1';
/** What a homeserver says of a refusal; of a longer answer only the status counts. */
export const MAX_ERROR_BYTES = 10_000;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

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
  const headers = { Authorization: `Bearer ${client.getAccessToken() ?? ''}` };
  const answer = await attempt(what, signal, () => askFor(client, url, { headers, signal }));
  if (answer.status < 200 || answer.status > 299) throw await errorOfRefusal(what, answer);
  if (answer.packing !== null) {
    answer.cancel();
    throw new HomeserverError('server', {
      what,
      got: `a file packed with ${answer.packing}, which was not asked for`,
    });
  }
  const { totalBytes } = answer;
  const bytes = await attempt(what, signal, () =>
    receiveFile(answer, maxBytes, (piece) => onChunk?.(piece, totalBytes)),
  );
  if (bytes === null) throw tooLarge(what, Math.max(maxBytes + 1, totalBytes ?? 0), maxBytes);
  return { bytes, type: answer.type };
}

/** By the client's own way where it was given one, else by the leanest that the platform has. */
function askFor({ http }: MatrixClient, url: URL, options: AskOptions): Promise<HttpAnswer> {
  if (http.opts.fetchFn === undefined) return ask(url, options);
  return webAsk((to, init) => http.fetch(to, init), url, options);
}

async function attempt<T>(what: string, signal: AbortSignal | undefined, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof HomeserverError) throw error;
    if (signal?.aborted === true)
      throw new HomeserverError('aborted', { what, got: 'it was cancelled', cause: error });
    throw unreachable(what, error);
  }
}

async function errorOfRefusal(what: string, answer: HttpAnswer): Promise<HomeserverError> {
  const { status } = answer;
  if (REDIRECTS.has(status)) {
    answer.cancel();
    return unreachable(what);
  }
  const bytes = await receiveFile(answer, MAX_ERROR_BYTES).catch(() => null);
  let body: unknown = null;
  try {
    body = JSON.parse(new TextDecoder().decode(bytes ?? new Uint8Array()));
  } catch {
    body = null;
  }
  return errorOfAnswer(what, {
    status,
    errcode: stringMember(body, 'errcode'),
    message: stringMember(body, 'error') ?? 'without a reason',
    retryAfterMs: null,
  });
}

function unreachable(what: string, cause?: unknown): HomeserverError {
  return new HomeserverError('unreachable', {
    what,
    got: 'no answer, an answer cut off, or a redirect, which is refused',
    ...(cause === undefined ? {} : { cause }),
  });
}

function tooLarge(what: string, bytes: number, maxBytes: number): HomeserverError {
  return new HomeserverError('too-large', {
    what,
    got: `at least ${bytes} bytes, more than the ${maxBytes} allowed`,
  });
}
