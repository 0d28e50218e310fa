import { MAX_POSE_DOWN_BYTES } from '@weft/protocol';
import { Apart, type Rest } from './apart.ts';
import { Circle } from './circle.ts';
import type { Mover } from './mover.ts';
import { News } from './news.ts';
import type { RoundOptions } from './round-options.ts';
import { HEAD_BYTES } from './size-of.ts';
import type { Viewer } from './viewer.ts';

/** For no longer anybody is owed anything, so that nobody is for a clock that was set. */
const MAX_OWED_MS = 1000;

export interface RoundNews {
  /** Movers of which a new pose is told. */
  readonly changed: ReadonlySet<Mover>;
  /** Those of them that are in another cell than before. */
  readonly moved: readonly Mover[];
  readonly nowMs: number;
  /** Of the looks that there may be, the part that there is time for. */
  readonly part: number;
}

/**
 * Tells every viewer what is new, in one frame each. Those who were told of everything before are told the same, by the cell
 * from which they look; the others, and who is behind, each on their own. Nobody waits for another.
 */
export class Round {
  readonly #options: RoundOptions;
  readonly #apart: Apart;
  #lastMs = 0;
  /** By the number of the cell from which somebody looks. */
  #circles = new Map<number | null, Circle>();

  constructor(options: RoundOptions) {
    this.#options = options;
    this.#apart = new Apart(options);
  }

  run({ changed, moved, nowMs, part }: RoundNews): Rest {
    const { viewers, movers, isReady } = this.#options;
    const sinceMs = Math.max(1, Math.min(MAX_OWED_MS, nowMs - this.#lastMs));
    this.#lastMs = nowMs;
    const news = new News(nowMs, sinceMs, changed, moved);
    const circles = this.#gather(news);
    const withOwn: [Viewer, Circle][] = [];
    const apart: [Viewer, Circle][] = [];
    for (const viewer of viewers.values()) {
      const circle = circles.get(viewer.cell?.key ?? null);
      if (circle === undefined) continue;
      const isTogether =
        viewer.isInStep && !viewer.isBehind && isReady(viewer.session) && this.#affords(viewer, circle);
      if (!isTogether) {
        viewer.fallOut(movers.all(), news);
        apart.push([viewer, circle]);
      } else if (circle.hasOwn(viewer.session)) withOwn.push([viewer, circle]);
      else this.#tell(viewer, circle);
    }
    // After the others, so that those are sent the very same bytes one after the other.
    for (const [viewer, circle] of withOwn) this.#tell(viewer, circle);
    return this.#apart.tell(apart, news, part);
  }

  /** What is new by where they look who are there. Who has nobody any more is forgotten. */
  #gather(news: News): ReadonlyMap<number | null, Circle> {
    const circles = new Map<number | null, Circle>();
    for (const { cell } of this.#options.viewers.values()) {
      const key = cell?.key ?? null;
      if (circles.has(key)) continue;
      const circle = this.#circles.get(key) ?? new Circle(cell);
      circle.gather(news);
      circles.set(key, circle);
    }
    this.#circles = circles;
    return circles;
  }

  #affords({ budget }: Viewer, { size }: Circle): boolean {
    return size === 0 || size + HEAD_BYTES <= Math.min(budget.left, MAX_POSE_DOWN_BYTES);
  }

  #tell({ session, budget }: Viewer, circle: Circle): void {
    const message = circle.messageFor(session);
    if (message === null) return;
    budget.spend(message.length);
    this.#options.send(session, message);
  }
}
