/** Poses of one mover in a second while there are few of them, and where there are many. */
const FEW = { upTo: 32, perSecond: 30 };
const MANY = { perSecond: 20 };
/** As many less have to be there until there are few again. */
const HYSTERESIS = 4;
const SECOND_MS = 1000;

/** How often each mover is told, by how many there are. */
export class PoseRate {
  readonly #tell: (perSecond: number) => void;
  #perSecond = FEW.perSecond;

  constructor(tell: (perSecond: number) => void) {
    this.#tell = tell;
  }

  get perSecond(): number {
    return this.#perSecond;
  }

  get everyMs(): number {
    return SECOND_MS / this.#perSecond;
  }

  adapt(movers: number): void {
    const isFew = this.#perSecond === FEW.perSecond;
    const next = movers > FEW.upTo - (isFew ? 0 : HYSTERESIS) ? MANY.perSecond : FEW.perSecond;
    if (next === this.#perSecond) return;
    this.#perSecond = next;
    this.#tell(next);
  }
}
