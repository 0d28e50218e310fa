import type { Stop, Timers } from '@weft/core';
import { MAX_POSE_HEIGHT_METRES, MAX_POSE_METRES, type UpFrame } from '@weft/protocol';

/** How often a relay is told from where this client looks, at most, in milliseconds. */
export const VIEW_EVERY_MS = 500;
/** How far that has to be from what was told last, in metres. */
export const VIEW_STEP_METRES = 4;

type Point = readonly [number, number, number];

/** From where a client looks that has no avatar there: told when it is elsewhere, and no oftener than is of use. */
export class OwnView {
  readonly #timers: Timers;
  readonly #send: (frame: UpFrame) => boolean;
  #wanted: Point | null = null;
  #told: Point | null = null;
  #toldMs = Number.NEGATIVE_INFINITY;
  #stop: Stop | null = null;

  /** @param send to a relay that carries poses; `false` where none does */
  constructor(timers: Timers, send: (frame: UpFrame) => boolean) {
    this.#timers = timers;
    this.#send = send;
  }

  /** @param from `null` for its avatar, or everywhere; what is not finite counts as that */
  look(from: Point | null): void {
    this.#wanted = from?.every(Number.isFinite) ? from : null;
    this.#tell();
  }

  /** A relay carries poses that was told nothing yet. */
  again(): void {
    this.#told = null;
    this.#toldMs = Number.NEGATIVE_INFINITY;
    this.#tell();
  }

  close(): void {
    this.#stop?.();
    this.#stop = null;
    this.#wanted = null;
  }

  #tell(): void {
    if (this.#stop !== null || !this.#isNews()) return;
    const waitMs = this.#toldMs + VIEW_EVERY_MS - this.#timers.now();
    if (waitMs > 0) {
      this.#stop = this.#timers.after(waitMs, () => {
        this.#stop = null;
        this.#tell();
      });
      return;
    }
    const from = this.#wanted;
    if (!this.#send({ type: 'view-up', from: from === null ? null : wholeMetres(from) })) return;
    this.#told = from;
    this.#toldMs = this.#timers.now();
  }

  #isNews(): boolean {
    const [wanted, told] = [this.#wanted, this.#told];
    if (wanted === null || told === null) return wanted !== told;
    return Math.hypot(wanted[0] - told[0], wanted[1] - told[1], wanted[2] - told[2]) >= VIEW_STEP_METRES;
  }
}

function wholeMetres([x, y, z]: Point) {
  const within = (metres: number, bound: number): number =>
    Math.max(-bound, Math.min(bound - 1, Math.floor(metres)));
  return {
    x: within(x, MAX_POSE_METRES),
    y: within(y, MAX_POSE_HEIGHT_METRES),
    z: within(z, MAX_POSE_METRES),
  };
}
