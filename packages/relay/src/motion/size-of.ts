/** What a frame of poses holds beside its updates, and then some: it is put into one of a WebSocket. */
export const HEAD_BYTES = 16;

export function sizeOf(updates: readonly Uint8Array[]): number {
  let size = 0;
  for (const { length } of updates) size += length;
  return size;
}
