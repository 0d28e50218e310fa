import { FileBuffer } from './file-buffer.ts';
import type { HttpAnswer } from './http-answer.ts';

/**
 * The body of an answer, in one piece of memory. What is larger than the bound is refused before it is held, and not waited for.
 *
 * @param onPiece told each piece where it stays: in order, once, and unchanged from then on
 * @returns the file; `null` where it has more than `maxBytes`
 * @throws as `HttpAnswer.receive` does, and what `onPiece` throws
 */
export async function receiveFile(
  answer: HttpAnswer,
  maxBytes: number,
  onPiece?: (piece: Uint8Array) => void,
): Promise<Uint8Array | null> {
  if (answer.totalBytes !== null && answer.totalBytes > maxBytes) {
    answer.cancel();
    return null;
  }
  const file = new FileBuffer(maxBytes, answer.totalBytes);
  try {
    await answer.receive((piece) => {
      const kept = file.add(piece);
      if (kept === null) throw new TooLarge();
      onPiece?.(kept);
    });
  } catch (error) {
    if (error instanceof TooLarge) return null;
    throw error;
  }
  return file.whole();
}

class TooLarge extends Error {}
