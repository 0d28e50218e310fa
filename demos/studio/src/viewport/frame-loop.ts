/** Draws when asked to and not otherwise: a world at rest costs nothing, even where the GPU is a CPU. */
export class FrameLoop {
  readonly #draw: () => void;
  #request: number | null = null;
  #frames = 0;
  readonly #waiting = new Set<() => void>();

  constructor(draw: () => void) {
    this.#draw = draw;
  }

  /** How many frames were drawn. */
  get frames(): number {
    return this.#frames;
  }

  get dirty(): boolean {
    return this.#request !== null;
  }

  /** Asks for a frame; any number of calls before it give one. */
  ask(): void {
    this.#request ??= requestAnimationFrame(() => {
      this.#request = null;
      this.#draw();
      this.#frames += 1;
      if (this.dirty) return;
      for (const done of this.#waiting) done();
      this.#waiting.clear();
    });
  }

  /** Resolves once nothing waits to be drawn. */
  settled(): Promise<void> {
    return this.dirty ? new Promise((done) => this.#waiting.add(done)) : Promise.resolve();
  }

  stop(): void {
    if (this.#request !== null) cancelAnimationFrame(this.#request);
    this.#request = null;
    for (const done of this.#waiting) done();
    this.#waiting.clear();
  }
}
