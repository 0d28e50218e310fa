import { isDeepStrictEqual } from 'node:util';
import { decodeFrame, encodeFrame, type Frame, frameToJson, ProtocolError } from '@weft/protocol';

const DIRECTIONS = ['to-relay', 'to-client'] as const;

/**
 * Reads bytes as a relay and as a client would, the patch inside included. What is read can be written, and reads back.
 *
 * @returns for each direction the code of the refusal; `null` where it was read
 * @throws whatever a reader should not throw, and what does not read back
 */
export function decodeBothWays(bytes: Uint8Array): readonly (string | null)[] {
  return DIRECTIONS.map((direction) => {
    try {
      const frame: Frame =
        direction === 'to-relay' ? decodeFrame(bytes, direction) : decodeFrame(bytes, direction);
      frameToJson(frame);
      return null;
    } catch (error) {
      if (error instanceof ProtocolError) return error.code;
      throw error;
    }
  });
}

/** @throws TypeError where a frame that was read does not read back as it was */
export function checkReadsBack(bytes: Uint8Array): void {
  for (const direction of DIRECTIONS) {
    const read = readOrNull(bytes, direction);
    if (read !== null && !isDeepStrictEqual(readOrNull(encodeFrame(read), direction), read))
      throw new TypeError(`a ${read.type} does not read back as it was read`);
  }
}

function readOrNull(bytes: Uint8Array, direction: (typeof DIRECTIONS)[number]): Frame | null {
  try {
    return direction === 'to-relay' ? decodeFrame(bytes, direction) : decodeFrame(bytes, direction);
  } catch (error) {
    if (error instanceof ProtocolError) return null;
    throw error;
  }
}
