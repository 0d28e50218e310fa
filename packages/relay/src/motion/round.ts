import { encodePoses, MAX_POSE_DOWN_BYTES, poseTime } from '@weft/protocol';
import { Apart, type Rest } from './apart.ts';
import { Circle } from './circle.ts';
import { hide, unseenBy } from './hide-unseen.ts';
import type { Mover } from './mover.ts';
import { News } from './news.ts';
import type { RoundOptions } from './round-options.ts';
import { HEAD_BYTES } from './size-of.ts';
import type { Viewer } from './viewer.ts';

/** For no longer anybody is owed anything, so that nobody is for a clock that was set. */
const MAX_OWED_MS = 1000;

/** Movers that are looked at in one round for those who come to be in step: a fraction of a tick's time. The others come in the next. */
export const MAX_COMING_LOOKS = 200_000;
/** What says of a mover that it is out of sight, in bytes, at most. */
const HIDDEN_BYTES = 6;

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
  #looks = 0;
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
    const apart: [Viewer, Circle][] = [];
    this.#looks = 0;
    for (const viewer of viewers.values()) {
      const circle = circles.get(viewer.cell?.key ?? null);
      if (circle === undefined) continue;
      const canHear = isReady(viewer.session);
      if (canHear && viewer.isInStep && !viewer.isBehind && this.#affords(viewer, circle)) {
        this.#tell(viewer, circle.messageFor(viewer.session));
        continue;
      }
      viewer.fallOut(movers.all(), news);
      if (!canHear || !this.#takeIn(viewer, circle, nowMs)) apart.push([viewer, circle]);
    }
    const rest = this.#apart.tell(apart, news, part);
    // A few who lack something keep nobody else waiting.
    return rest === 'too much' && 2 * apart.length <= viewers.size ? 'some' : rest;
  }

  /** Tells somebody how all stand, so that they are in step from now on. @returns whether that was possible */
  #takeIn(viewer: Viewer, circle: Circle, nowMs: number): boolean {
    const { movers, limits } = this.#options;
    if (!circle.isWithin(limits.bytesPerSecond)) return false;
    const whole = circle.whole(movers.all());
    const most = Math.min(viewer.budget.left, MAX_POSE_DOWN_BYTES) - 2 * HEAD_BYTES;
    if (whole === null || whole.length > most || this.#looks > MAX_COMING_LOOKS) return false;
    this.#looks += movers.size;
    const unseen = unseenBy(viewer, movers.all());
    if (whole.length + unseen.length * HIDDEN_BYTES > most) return false;
    if (unseen.length > 0) this.#tell(viewer, encodePoses(poseTime(nowMs), hide(viewer, unseen)));
    if (whole.length > 0) this.#tell(viewer, whole);
    viewer.fallIn();
    return true;
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

  #affords({ budget }: Viewer, { message, isTold }: Circle): boolean {
    return isTold && (message === null || message.length + HEAD_BYTES <= budget.left);
  }

  #tell({ session, budget }: Viewer, message: Uint8Array | null): void {
    if (message === null) return;
    budget.spend(message.length);
    this.#options.send(session, message);
  }
}
