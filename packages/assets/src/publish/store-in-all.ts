import { AssetError } from '../asset-error.ts';
import type { AssetSink } from '../source/asset-source.ts';
import type { FailedStore, PublishProgress } from './published-asset.ts';

export interface Storing {
  readonly name: string;
  readonly type: string;
  readonly signal: AbortSignal;
  /** What is being done, as the start of a sentence. */
  readonly what: string;
  readonly onProgress: (progress: PublishProgress) => void;
}

export interface Stored {
  /** In the first place that took it. */
  readonly src: string;
  readonly alt: readonly string[];
  readonly failed: readonly FailedStore[];
}

/** Stores in all places at once; one that took it is enough. @throws AssetError `not-stored`, `aborted` */
export async function storeInAll(
  sinks: readonly AssetSink[],
  bytes: Uint8Array,
  { name, type, signal, what, onProgress }: Storing,
): Promise<Stored> {
  const failed: FailedStore[] = [];
  const attempts = sinks.map(async (sink): Promise<string | null> => {
    const to = sink.scheme;
    onProgress({ step: 'store', to, bytes: bytes.length });
    try {
      const onSent = (sentBytes: number) =>
        onProgress({
          step: 'sending',
          to,
          sentBytes: Math.min(sentBytes, bytes.length),
          bytes: bytes.length,
        });
      const src = await sink.store(bytes, { name, type, signal, onSent });
      onProgress({ step: 'stored', to, src });
      return src;
    } catch (cause) {
      const error = cause instanceof AssetError ? cause : refused(what, cause);
      failed.push({ to, error });
      onProgress({ step: 'failed', to, error });
      return null;
    }
  });
  // In the order of the places, however soon each answers.
  const [src, ...alt] = (await Promise.all(attempts)).filter((address) => address !== null);
  if (src !== undefined) return { src, alt, failed };
  if (signal.aborted) {
    throw new AssetError('aborted', {
      what,
      expected: 'time to finish',
      got: 'a cancellation',
      hint: 'Nothing refers to it; publish it again when you like.',
    });
  }
  throw new AssetError('not-stored', {
    what,
    expected: `a place that takes it (${sinks.map(({ scheme }) => scheme).join(', ')})`,
    got: failed.map(({ to, error }) => `${to}: ${error.message}`).join(' '),
    hint: 'Try again, or name another place.',
    cause: failed[0]?.error,
  });
}

function refused(what: string, cause: unknown): AssetError {
  return new AssetError('not-stored', {
    what,
    expected: 'a place that takes it',
    got: cause instanceof Error ? cause.message : String(cause),
    hint: 'Try again, or name another place.',
    cause,
  });
}
