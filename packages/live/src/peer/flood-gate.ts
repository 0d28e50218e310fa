/** Messages of one device that are taken at once: what a sync brings together after a while without one. */
export const MAX_PEER_BURST = 60;
/** And for long, a second: as many as a device may send. */
export const PEER_MESSAGES_PER_SECOND = 5;

/** How much of one device is listened to. What is beyond is lost to this client, and costs nothing more. */
export class FloodGate {
  #tokens = MAX_PEER_BURST;
  #atMs: number;

  constructor(nowMs: number) {
    this.#atMs = nowMs;
  }

  /** @returns whether one more message is taken */
  takes(nowMs: number): boolean {
    // A clock that is set back gives nothing, and takes nothing away.
    const passedMs = Math.max(0, nowMs - this.#atMs);
    this.#atMs = nowMs;
    this.#tokens = Math.min(MAX_PEER_BURST, this.#tokens + (passedMs * PEER_MESSAGES_PER_SECOND) / 1000);
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }
}
