import type { UserId } from '@weft/core';
import type { RoomUpdate } from '../homeserver.ts';
import { isCarrierType } from './decode-carrier.ts';
import { membershipOf } from './members.ts';
import type { RoomModel } from './room-model.ts';
import { type Standing, standingOf } from './standing.ts';
import type { ModelStep } from './state-entries.ts';

export interface OwnStandingPorts {
  readonly model: RoomModel;
  readonly user: UserId;
  readonly changed: (standing: Standing) => void;
}

/** What this user may do, by what the room says, and by what the homeserver does. */
export class OwnStanding {
  readonly #ports: OwnStandingPorts;
  /** The homeserver refuses to show the room: a state resolution may have put this user out without a word. */
  #isShutOut = false;
  #value: Standing;

  constructor(ports: OwnStandingPorts) {
    this.#ports = ports;
    this.#value = this.#current();
  }

  get value(): Standing {
    return this.#value;
  }

  /** The room may say something else than before. */
  follow(steps: readonly ModelStep[]): void {
    const touched = steps.some(({ entries }) =>
      [...entries.values()].some(({ event }) => !isCarrierType(event.type)),
    );
    if (touched) this.#update();
  }

  shutOut(): void {
    this.#isShutOut = true;
    this.#update();
  }

  /** The homeserver shows the room, or tells that this user came in. */
  shown(): void {
    if (!this.#isShutOut) return;
    this.#isShutOut = false;
    this.#update();
  }

  told({ state, timeline }: RoomUpdate): void {
    const { user } = this.#ports;
    const isOwn = [...state, ...timeline].some(
      (event) => event.type === 'm.room.member' && event.stateKey === user && membershipOf(event) === 'join',
    );
    if (isOwn) this.shown();
  }

  #update(): void {
    this.#value = this.#current();
    this.#ports.changed(this.#value);
  }

  #current(): Standing {
    const { model, user } = this.#ports;
    return standingOf(model, user, this.#isShutOut);
  }
}
