import {
  compareRegisters,
  entriesOf,
  isSameRegister,
  join,
  type ObjectId,
  type ObjectRegisters,
  type Patch,
  type Path,
  patchOf,
  type Register,
  type RegisterEntry,
  type Stop,
  type Timers,
} from '@weft/core';
import type { Welcome } from '@weft/protocol';
import type { Heard } from '../lane/catch-up.ts';
import { registersOf } from '../lane/patches.ts';
import { AWAY_MS, DOUBT_MS } from './hearsay.ts';

export interface UnsaidOptions {
  readonly timers: Timers;
  /** What was heard and the room is not known to hold. */
  readonly live: () => Patch;
  /** All that these lanes know is to be asked for anew. */
  readonly ask: (lanes: ReadonlySet<string>) => void;
  /** No lane says these any more; what they hid of other authors may show after it. */
  readonly drop: (registers: ObjectRegisters) => void;
}

type Registers = Map<ObjectId, Map<Path, Register>>;

/** What is in doubt, from the welcome of a relay that says all that it knows until every lane has said all. */
interface Review {
  readonly suspects: Registers;
  /** Those that have still to say all: asked for it, or saying it. */
  readonly open: Map<string, 'asked' | 'saying'>;
  readonly answered: Set<string>;
  /** What was said and is older than a suspect, of each property the newest; and who said so. */
  hidden: Patch;
  readonly hiding: Set<string>;
  stop: Stop | null;
}

/**
 * A relay that says all that it knows, instead of what is new, does not name what it dropped meanwhile. What was heard before
 * and then neither this relay nor any other live lane says is dropped after five seconds, in which its author may say it again.
 * Judged by what shows rather than by what is remembered: the time away has no bound.
 */
export class Unsaid {
  readonly #options: UnsaidOptions;
  readonly #known = new Set<string>();
  readonly #lanes = new Set<string>();
  #review: Review | null = null;

  constructor(options: UnsaidOptions) {
    this.#options = options;
  }

  /** A relay answered hello, and nothing of what was missed was heard yet. */
  welcomed(lane: string, kind: Welcome['kind']): void {
    const isKnown = this.#known.has(lane);
    this.#known.add(lane);
    this.#lanes.add(lane);
    if (kind === 'difference') return;
    if (this.#review?.open.get(lane) === 'asked') this.#review.open.set(lane, 'saying');
    // Whatever it said before, be it in this review, it may have dropped meanwhile.
    else if (isKnown) this.#begin(lane);
  }

  heard(lane: string, { type, patch }: Heard): void {
    const review = this.#review;
    if (review === null || type === 'retract') return;
    const hidden: RegisterEntry[] = [];
    for (const entry of entriesOf(patch)) {
      const { id, path, register } = entry;
      const paths = review.suspects.get(id);
      const suspect = paths?.get(path);
      if (paths === undefined || suspect === undefined) continue;
      if (compareRegisters(register, suspect) < 0) hidden.push(entry);
      else paths.delete(path);
      if (paths.size === 0) review.suspects.delete(id);
    }
    if (hidden.length === 0) return;
    review.hidden = join(review.hidden, patchOf({ registers: hidden }));
    review.hiding.add(lane);
  }

  /** All that was missed was heard. */
  caughtUp(lane: string): void {
    const review = this.#review;
    if (review?.open.get(lane) !== 'saying') return;
    review.open.delete(lane);
    review.answered.add(lane);
    this.#proceed(review);
  }

  lost(lane: string): void {
    this.#lanes.delete(lane);
  }

  close(): void {
    this.#end();
  }

  #begin(lane: string): void {
    this.#end();
    const objects = [...registersOf(this.#options.live())];
    if (objects.length === 0) return;
    const review: Review = {
      suspects: new Map(objects.map(([id, paths]) => [id, new Map(paths)])),
      hidden: patchOf({}),
      open: new Map([[lane, 'saying']]),
      answered: new Set(),
      hiding: new Set(),
      stop: null,
    };
    this.#review = review;
    this.#decideAfter(review, AWAY_MS);
  }

  #end(): void {
    this.#review?.stop?.();
    this.#review = null;
  }

  #decideAfter(review: Review, ms: number): void {
    review.stop?.();
    review.stop = this.#options.timers.after(ms, () => this.#decide(review));
  }

  #proceed(review: Review): void {
    if (review.suspects.size === 0) {
      this.#end();
      return;
    }
    const others = [...this.#lanes].filter((lane) => !review.answered.has(lane) && !review.open.has(lane));
    for (const lane of others) review.open.set(lane, 'asked');
    this.#decideAfter(review, review.open.size === 0 ? DOUBT_MS : AWAY_MS);
    if (others.length > 0) this.#options.ask(new Set(others));
  }

  #decide(review: Review): void {
    const late = [...review.open.keys()].filter((lane) => this.#lanes.has(lane));
    // Nobody is there who could say it again, or somebody who is there has not said all.
    if (this.#lanes.size === 0 || late.length > 0) {
      this.#decideAfter(review, AWAY_MS);
      const asked = late.filter((lane) => review.open.get(lane) === 'asked');
      if (asked.length > 0) this.#options.ask(new Set(asked));
      return;
    }
    this.#end();
    if (!this.#drop(review)) return;
    // Whoever is away may keep what is dropped here, and would go on from where it was.
    const away = [...this.#known].filter((lane) => !review.answered.has(lane));
    const lanes = new Set([...review.hiding, ...away]);
    if (lanes.size > 0) this.#options.ask(lanes);
  }

  /** @returns whether there was anything to drop */
  #drop({ suspects, hidden }: Review): boolean {
    const { live, drop } = this.#options;
    let unsaid = [...entriesOf(live())].filter(({ id, path, register }) =>
      isSameRegister(suspects.get(id)?.get(path), register),
    );
    const isAny = unsaid.length > 0;
    while (unsaid.length > 0) {
      const dropped = patchOf({ registers: unsaid });
      drop(registersOf(dropped));
      // What shows now may be of another author, and was not said again either.
      unsaid = [...entriesOf(live())].filter(
        ({ id, path, register }) =>
          dropped.objects.get(id)?.registers.has(path) === true &&
          !isSameRegister(hidden.objects.get(id)?.registers.get(path), register),
      );
    }
    return isAny;
  }
}
