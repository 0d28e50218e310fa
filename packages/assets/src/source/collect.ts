import { joinBytes } from '@weft/core';
import type { FetchFileOptions } from './asset-source.ts';
import { sourceErrorOf, tooLarge } from './source-error.ts';

/**
 * A file from its pieces. What is larger than the bound is refused before it is held, and not waited for.
 *
 * @param totalBytes what was announced; `null` where nothing was
 * @throws AssetError `too-large`, `unreachable` where it is cut off, `aborted`
 */
export async function collect(
  address: string,
  pieces: AsyncIterable<Uint8Array>,
  totalBytes: number | null,
  { maxBytes, signal, onChunk }: FetchFileOptions,
): Promise<Uint8Array> {
  if (totalBytes !== null && totalBytes > maxBytes) throw tooLarge(address, totalBytes, maxBytes);
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of pieces) {
      length += chunk.length;
      if (length > maxBytes) throw tooLarge(address, length, maxBytes);
      chunks.push(chunk);
      onChunk?.(chunk, totalBytes);
    }
  } catch (error) {
    throw sourceErrorOf(address, signal, error);
  }
  return joinBytes(chunks);
}
