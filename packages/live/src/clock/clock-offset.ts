/** How far two clocks drift apart at worst, in milliseconds a millisecond: 200 ppm is twice a bad quartz. */
const DRIFT = 0.0002;
/** Samples that are remembered. */
export const MAX_CLOCK_SAMPLES = 16;
/** Longer on the way than this, a sample says nothing, in milliseconds. */
export const MAX_SAMPLE_ROUND_TRIP_MS = 10_000;

interface Sample {
  /** When the answer came, by the local clock. */
  readonly atMs: number;
  readonly offsetMs: number;
  readonly roundTripMs: number;
}

/**
 * How much a relay's clock is ahead of the local one. The answer with the shortest way counts, since its error is at most
 * half of that way; with age it counts less, as clocks drift. Two samples that cannot both be right show that a clock was
 * set: the older ones are forgotten.
 */
export class ClockOffset {
  #samples: Sample[] = [];

  /** The relay's clock minus the local one, in milliseconds; `null` until it was measured. */
  get offsetMs(): number | null {
    return this.#best(this.#latestMs)?.offsetMs ?? null;
  }

  /** To the relay and back, the shortest of late; `null` until it was measured. */
  get roundTripMs(): number | null {
    const ways = this.#samples.map(({ roundTripMs }) => roundTripMs);
    return ways.length === 0 ? null : Math.min(...ways);
  }

  /**
   * Takes in one answer.
   *
   * @param sentMs when it was asked, by the local clock
   * @param relayMs what the relay's clock showed
   * @param receivedMs when the answer came, by the local clock
   */
  add(sentMs: number, relayMs: number, receivedMs: number): void {
    const roundTripMs = receivedMs - sentMs;
    // Set back or forth while the answer was under way: nothing that was measured by that clock counts.
    if (roundTripMs < 0 || receivedMs < this.#latestMs) this.#samples = [];
    if (!(roundTripMs >= 0 && roundTripMs <= MAX_SAMPLE_ROUND_TRIP_MS) || !Number.isFinite(relayMs)) return;
    const sample = { atMs: receivedMs, offsetMs: relayMs + roundTripMs / 2 - receivedMs, roundTripMs };
    const best = this.#best(receivedMs);
    if (best !== null && areApart(best, sample, receivedMs)) this.#samples = [];
    this.#samples.push(sample);
    if (this.#samples.length > MAX_CLOCK_SAMPLES) this.#samples.shift();
  }

  get #latestMs(): number {
    return this.#samples.at(-1)?.atMs ?? 0;
  }

  #best(nowMs: number): Sample | null {
    let best: Sample | null = null;
    for (const sample of this.#samples)
      if (best === null || errorMs(sample, nowMs) <= errorMs(best, nowMs)) best = sample;
    return best;
  }
}

/** How wrong a sample may be by now. */
function errorMs({ atMs, roundTripMs }: Sample, nowMs: number): number {
  return roundTripMs / 2 + (nowMs - atMs) * DRIFT;
}

function areApart(a: Sample, b: Sample, nowMs: number): boolean {
  // A clock of whole milliseconds is itself one wrong.
  return Math.abs(a.offsetMs - b.offsetMs) > errorMs(a, nowMs) + errorMs(b, nowMs) + 1;
}
