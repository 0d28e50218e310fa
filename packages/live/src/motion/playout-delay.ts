/** How far behind the newest word motion is shown at least, in milliseconds. */
export const MIN_PLAYOUT_MS = 20;
/** And at most: whoever is told of more rarely is guessed for a while, and then stands. */
export const MAX_PLAYOUT_MS = 400;
/** Before anything was measured. */
export const FIRST_PLAYOUT_MS = 100;
/** Arrivals that are looked back on. */
export const MAX_PLAYOUT_SAMPLES = 32;
/** Beyond what was measured, in milliseconds. */
const MARGIN_MS = 2;
/** How fast the delay grows and shrinks, in milliseconds a millisecond: slower playing is seen less than faster playing. */
const GROWTH = 0.5;
const SHRINKAGE = 0.05;
const MAX_STEP_MS = 1_000;

/**
 * How late motion is to be shown, so that of a mover the next word is there before the last one was played to its end. It
 * follows the irregularity of arrivals: the second worst of late counts, so that one hiccup alone changes nothing.
 */
export class PlayoutDelay {
  readonly #needs: number[] = [];
  #delayMs = FIRST_PLAYOUT_MS;
  #atMs: number | null = null;

  get delayMs(): number {
    return this.#delayMs;
  }

  /**
   * Something new came.
   *
   * @param nowMs when, by any steady clock
   * @param needMs how old what was known before had become by then
   */
  arrived(nowMs: number, needMs: number): void {
    this.#needs.push(needMs);
    if (this.#needs.length > MAX_PLAYOUT_SAMPLES) this.#needs.shift();
    const passedMs = Math.min(MAX_STEP_MS, Math.max(0, nowMs - (this.#atMs ?? nowMs)));
    this.#atMs = nowMs;
    const wantedMs = Math.min(MAX_PLAYOUT_MS, Math.max(MIN_PLAYOUT_MS, this.#secondWorst() + MARGIN_MS));
    const stepMs = wantedMs - this.#delayMs;
    this.#delayMs += Math.max(-passedMs * SHRINKAGE, Math.min(passedMs * GROWTH, stepMs));
  }

  #secondWorst(): number {
    let [worst, second] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const need of this.#needs) {
      if (need > worst) [worst, second] = [need, worst];
      else if (need > second) second = need;
    }
    return this.#needs.length === 1 ? worst : second;
  }
}
