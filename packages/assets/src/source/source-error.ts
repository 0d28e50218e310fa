import { AssetError, type AssetErrorCode, shownAddress } from '../asset-error.ts';

/** What each way to fail calls for; `what` and `got` are the source's to say. */
const ADVICE: Readonly<Record<SourceErrorCode, { readonly expected: string; readonly hint: string }>> = {
  missing: {
    expected: 'a file at this address',
    hint: 'It may have been withdrawn: publish it again, or give another address of it.',
  },
  denied: {
    expected: 'a file that may be read',
    hint: 'Ask whoever keeps it to let it be read, or publish it elsewhere.',
  },
  unreachable: {
    expected: 'an answer with the whole file',
    hint: 'The server may be away: try again later.',
  },
  'bad-redirect': {
    expected: 'the file, or where it is over https',
    hint: 'Use the address at which the file is.',
  },
  unreadable: { expected: 'a file within the address', hint: 'Upload the file instead.' },
  aborted: { expected: 'to be let finish', hint: 'It was cancelled by its caller.' },
};

export type SourceErrorCode = Extract<
  AssetErrorCode,
  'missing' | 'denied' | 'unreachable' | 'bad-redirect' | 'unreadable' | 'aborted'
>;

/** One source that did not give the file, in words. @param got what it did instead */
export function sourceError(
  code: SourceErrorCode,
  address: string,
  got: string,
  cause?: unknown,
): AssetError {
  const { expected, hint } = ADVICE[code];
  const what = `fetch ${shownAddress(address)}`;
  return new AssetError(code, { what, expected, got, hint, ...(cause === undefined ? {} : { cause }) });
}

export function tooLarge(address: string, bytes: number, maxBytes: number): AssetError {
  return new AssetError('too-large', {
    what: `fetch ${shownAddress(address)}`,
    expected: `at most ${maxBytes} bytes`,
    got: `at least ${bytes}`,
    hint: 'Publish a smaller file.',
  });
}

/** Whatever was thrown while a source was asked, as an `AssetError`. */
export function sourceErrorOf(address: string, signal: AbortSignal, error: unknown): AssetError {
  if (error instanceof AssetError) return error;
  if (signal.aborted) return sourceError('aborted', address, 'it was cancelled', error);
  return sourceError(
    'unreachable',
    address,
    `no answer, or one that was cut off (${reasonOf(error)})`,
    error,
  );
}

// undici and fetch wrap what went wrong below them.
function reasonOf(error: unknown): string {
  const deepest = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const text = deepest instanceof Error ? deepest.message : String(deepest);
  const code: unknown = deepest instanceof Error ? Reflect.get(deepest, 'code') : null;
  return text === '' && typeof code === 'string' ? code : text;
}
