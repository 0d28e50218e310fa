import type { MoverPose } from '@weft/protocol';
import { SeededRandom } from '../random/seeded-random.ts';

const INNER_METRES = 3.1;
const OUTER_METRES = 8.2;
const SPEED_METRES_A_SECOND = 1.3;
const WAVES_EVERY = 12;
const REST_CHANCE = 0.25;
const REST_SECONDS = 2.5;
const TURNS_ROUND = 2 * Math.PI;

/** A walk round the middle of a plaza: along its own ring for a while, a rest, back or on; some wave when they rest. */
export class Stroll {
  readonly #random: SeededRandom;
  readonly #waves: boolean;
  #angle: number;
  #radius: number;
  #goal: number;
  #way: 1 | -1;
  #restsFor = 0;
  #walksFor = 0;

  constructor(number: number) {
    this.#random = new SeededRandom(`stroll ${number}`);
    this.#waves = number % WAVES_EVERY === 0;
    this.#angle = this.#between(0, TURNS_ROUND);
    this.#radius = this.#between(INNER_METRES, OUTER_METRES);
    this.#goal = this.#radius;
    this.#way = number % 2 === 0 ? 1 : -1;
    this.#walksFor = this.#between(3, 12);
  }

  /** Goes on for a moment. @returns how it stands then */
  step(seconds: number): MoverPose {
    if (this.#restsFor > 0) {
      this.#restsFor -= seconds;
      return this.#pose(this.#waves ? 'wave' : 'stand', 0);
    }
    this.#walksFor -= seconds;
    if (this.#walksFor <= 0) this.#decide();
    this.#angle += (this.#way * SPEED_METRES_A_SECOND * seconds) / this.#radius;
    const aside = Math.max(-seconds / 2, Math.min(seconds / 2, this.#goal - this.#radius));
    this.#radius += aside;
    return this.#pose('walk', seconds === 0 ? 0 : aside / seconds / SPEED_METRES_A_SECOND);
  }

  #decide(): void {
    this.#walksFor = this.#between(3, 12);
    this.#goal = this.#between(INNER_METRES, OUTER_METRES);
    if (this.#between(0, 1) < REST_CHANCE) this.#restsFor = REST_SECONDS;
    if (this.#between(0, 1) < REST_CHANCE) this.#way = this.#way === 1 ? -1 : 1;
  }

  /** @param outwards how much of its way leads away from the middle: it looks where it goes */
  #pose(state: 'walk' | 'stand' | 'wave', outwards: number): MoverPose {
    const yaw = this.#angle + this.#way * (Math.PI / 2) + Math.PI - this.#way * Math.asin(outwards / 2);
    return {
      body: {
        position: [Math.sin(this.#angle) * this.#radius, 0, Math.cos(this.#angle) * this.#radius],
        rotation: [0, Math.sin(yaw / 2), 0, Math.cos(yaw / 2)],
      },
      state,
      resting: state !== 'walk',
    };
  }

  #between(least: number, most: number): number {
    return this.#random.between(least, most);
  }
}
