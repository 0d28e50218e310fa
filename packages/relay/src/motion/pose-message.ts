import { encodeFrame, poseTime } from '@weft/protocol';

/** What a frame of poses holds beside its updates, and then some: it is put into one of a WebSocket. */
export const HEAD_BYTES = 16;

/** The frame of these updates. @param nowMs the relay's clock */
export function poseMessage(updates: readonly Uint8Array[], nowMs: number): Uint8Array {
  return encodeFrame({ type: 'pose-down', at: poseTime(nowMs), updates: joined(updates) });
}

export function sizeOf(updates: readonly Uint8Array[]): number {
  return updates.reduce((sum, { length }) => sum + length, 0);
}

/** Byte by byte: updates are so short that a call for each would cost more. */
function joined(updates: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(sizeOf(updates));
  let end = 0;
  for (const update of updates) for (let at = 0; at < update.length; at++) whole[end++] = update[at] ?? 0;
  return whole;
}
