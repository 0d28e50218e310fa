import type { SentPoses } from './sent-poses.ts';

/** What is counted of what was sent: from the one moment until before the other. */
export interface Window {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** What one receiver saw of all others. */
export class Sightings {
  readonly #movers: readonly SentPoses[];
  readonly #self: number;
  readonly #seen: number[] = [];
  #window: Window | null = null;
  #agesMs: number[] = [];
  #told = 0;

  /** @param movers what each sent; may grow */
  constructor(movers: readonly SentPoses[], self: number) {
    this.#movers = movers;
    this.#self = self;
  }

  /** Counts anew, what is sent from now on. */
  open(window: Window): void {
    this.#window = window;
    this.#agesMs = [];
    this.#told = 0;
  }

  /**
   * It was told how a mover stands. Those that were passed over were seen as late as this one, which is no older: what a
   * system leaves out does not make it faster.
   */
  told(mover: number, x: number, z: number, nowMs: number): void {
    const sent = this.#movers[mover];
    if (sent === undefined || mover === this.#self) return;
    const before = this.#seen[mover] ?? -1;
    const at = sent.find(x, z, before);
    if (at < 0) return;
    for (let passed = before + 1; passed <= at; passed++) this.#see(sent.sentMs(passed), nowMs);
    if (this.#isCounted(sent.sentMs(at))) this.#told += 1;
    this.#seen[mover] = at;
  }

  /** How long ago what it knows of a mover was sent, in milliseconds; of whom it knows nothing, all that they sent. */
  ageMs(mover: number, nowMs: number): number {
    return nowMs - (this.#movers[mover]?.sentMs(this.#seen[mover] ?? 0) ?? nowMs);
  }

  /** What was counted; what was not seen is as old as it is now. */
  close(nowMs: number): { readonly agesMs: readonly number[]; readonly told: number } {
    this.#movers.forEach((sent, mover) => {
      if (mover === this.#self) return;
      for (let at = (this.#seen[mover] ?? -1) + 1; at < sent.count; at++) this.#see(sent.sentMs(at), nowMs);
    });
    this.#window = null;
    return { agesMs: this.#agesMs, told: this.#told };
  }

  #see(sentMs: number, nowMs: number): void {
    if (this.#isCounted(sentMs)) this.#agesMs.push(nowMs - sentMs);
  }

  #isCounted(sentMs: number): boolean {
    const window = this.#window;
    return window !== null && sentMs >= window.fromMs && sentMs < window.untilMs;
  }
}
