import { type HttpAnswer, receiveFile } from '@weft/http';
import type { FetchFileOptions } from './asset-source.ts';
import { sourceErrorOf, tooLarge } from './source-error.ts';

/**
 * The file of an answer. What is larger than the bound is refused before it is held, and not waited for.
 *
 * @throws AssetError `too-large`, `unreachable` where it is cut off, `aborted`
 */
export async function collect(
  address: string,
  answer: HttpAnswer,
  { maxBytes, signal, onChunk }: FetchFileOptions,
): Promise<Uint8Array> {
  const { totalBytes } = answer;
  let bytes: Uint8Array | null;
  try {
    bytes = await receiveFile(answer, maxBytes, (piece) => onChunk?.(piece, totalBytes));
  } catch (error) {
    throw sourceErrorOf(address, signal, error);
  }
  if (bytes === null) throw tooLarge(address, Math.max(maxBytes + 1, totalBytes ?? 0), maxBytes);
  return bytes;
}
