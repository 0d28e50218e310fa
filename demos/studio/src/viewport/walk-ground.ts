import type { ObjectId } from '@weft/core';
import type { WorldView } from '@weft/three';
import { Vector3 } from 'three';

/** A step that is climbed without a thought, in metres. */
const STEP_METRES = 0.55;
const BODY_RADIUS_METRES = 0.3;
const DOWN = new Vector3(0, -1, 0);
/** From here walls are looked for: knees and chest. */
const WALL_METRES = [0.7, 1.3] as const;
const FLOOR_METRES = 30;

/** What of a world stops somebody who walks in it, and carries them: all that is drawn, as it is drawn. */
export class WalkGround {
  readonly #view: Pick<WorldView, 'cast'>;
  readonly #from = new Vector3();
  readonly #to = new Vector3();

  constructor(view: Pick<WorldView, 'cast'>) {
    this.#view = view;
  }

  /**
   * Where somebody gets to who goes there in a straight line, along walls, up and down steps.
   *
   * @param at their feet; it is changed
   * @param carried what is looked through
   */
  go(at: Vector3, x: number, z: number, carried: ReadonlySet<ObjectId>): void {
    if (this.#isFree(at, x, z, carried)) at.set(at.x + x, at.y, at.z + z);
    else if (x !== 0 && z !== 0) {
      if (this.#isFree(at, x, 0, carried)) at.x += x;
      else if (this.#isFree(at, 0, z, carried)) at.z += z;
    }
    at.y = this.floorUnder(at, carried) ?? at.y;
  }

  /** The height of what is under a place, from a step above it on; `null` for nothing within 30 m. */
  floorUnder({ x, y, z }: Vector3, except: ReadonlySet<ObjectId>): number | null {
    return (
      this.#view.cast(this.#from.set(x, y + STEP_METRES, z), DOWN, FLOOR_METRES, except)?.point.y ?? null
    );
  }

  #isFree(at: Vector3, x: number, z: number, except: ReadonlySet<ObjectId>): boolean {
    const metres = Math.hypot(x, z);
    if (metres === 0) return true;
    this.#to.set(x / metres, 0, z / metres);
    return WALL_METRES.every(
      (height) =>
        this.#view.cast(
          this.#from.set(at.x, at.y + height, at.z),
          this.#to,
          metres + BODY_RADIUS_METRES,
          except,
        ) === null,
    );
  }
}
