import type { ActorId, Branded } from '../ids.ts';

/** A hybrid logical clock in one safe integer: `ms * 2048 + counter`, counter < 2048, carrying into ms. */
export type Time = Branded<number, 'Time'>;

/** When and by which running client a register was written. */
export interface Stamp {
  readonly time: Time;
  readonly actor: ActorId;
}
