import { DOWN_FRAMES } from '@weft/protocol';

const NAMES = new Map<number, string>(DOWN_FRAMES.map(({ byte, type }) => [byte, type]));

/** What a frame that the relay sends is called, by its first byte. */
export function frameName(message: Uint8Array): string {
  return NAMES.get(message[0] ?? 0) ?? 'unknown';
}
