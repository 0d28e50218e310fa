/** Times of poses count so many milliseconds and begin again. */
const WRAP_MS = 65_536;

/** A moment as frames of poses tell it: the lowest 16 bits of the relay's clock in milliseconds. */
export function poseTime(relayMs: number): number {
  return Math.floor(relayMs) & (WRAP_MS - 1);
}

/** The moment that is meant: the one nearest to what the relay's clock shows now, at most 32 s from it. */
export function relayTimeOf(at: number, nowRelayMs: number): number {
  const now = Math.floor(nowRelayMs);
  const ahead = (at - poseTime(now) + WRAP_MS) % WRAP_MS;
  return now + (ahead < WRAP_MS / 2 ? ahead : ahead - WRAP_MS);
}
