import type { PartPose } from '@weft/protocol';
import type { SeededRandom } from '@weft/testing';

const METRES_PER_SECOND = 1.4;
/** Of the circle that somebody walks. */
const RADIUS_METRES = { min: 2, max: 6 } as const;
const STEPS_PER_SECOND = 2;
const BOB_METRES = 0.03;

/** Somebody who walks round a place of their own, looking about a little. */
export class Walk {
  readonly #x: number;
  readonly #z: number;
  readonly #radius: number;
  readonly #phase: number;

  /** @param metres from the middle of the world to the edge of the square in which the places are */
  constructor(random: SeededRandom, metres: number) {
    this.#x = random.between(-metres, metres);
    this.#z = random.between(-metres, metres);
    this.#radius = random.between(RADIUS_METRES.min, RADIUS_METRES.max);
    this.#phase = random.between(0, 2 * Math.PI);
  }

  /** How they stand after so many seconds; at no two moments of a lap in the same place. */
  at(seconds: number): PartPose {
    const angle = this.#phase + (METRES_PER_SECOND / this.#radius) * seconds;
    const yaw = angle + 0.1 * Math.sin(2 * seconds + this.#phase);
    return {
      position: [
        this.#x + this.#radius * Math.cos(angle),
        BOB_METRES * Math.abs(Math.sin(STEPS_PER_SECOND * Math.PI * seconds + this.#phase)),
        this.#z + this.#radius * Math.sin(angle),
      ],
      rotation: [0, Math.sin(yaw / 2), 0, Math.cos(yaw / 2)],
    };
  }
}
