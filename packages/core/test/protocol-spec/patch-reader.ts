import {
  type CustomComponent,
  type ObjectId,
  type Patch,
  RegisterStore,
  Replica,
  type Rule,
  type Scene,
} from '../../src/index.ts';
import { Quarantine } from '../../src/replica/quarantine.ts';
import { quarantineHorizon } from '../../src/stamp/clock.ts';
import { readActor } from './notation.ts';

/** A replica whose clock the test sets, and beside it the base that it does not show. */
export class PatchReader {
  readonly #replica: Replica;
  readonly #base = new RegisterStore();
  readonly #quarantine = new Quarantine();
  #nowMs = 0;

  constructor() {
    this.#replica = new Replica({ actor: readActor('actor-of-the-reader'), now: () => this.#nowMs });
  }

  get scene(): Scene {
    return this.#replica.scene;
  }

  get waiting(): number {
    return this.#replica.quarantined;
  }

  /** Lets in what has waited until `nowMs`, then receives the patch. */
  receive(patch: Patch, nowMs: number): void {
    this.#nowMs = nowMs;
    this.#replica.releaseQuarantine();
    this.#replica.receive(patch, 'matrix');
    const horizon = quarantineHorizon(nowMs);
    this.#base.join(this.#quarantine.release(horizon));
    this.#base.join(this.#quarantine.admit(patch, horizon));
  }

  /** The hash of all that was joined. */
  setHash(): string {
    return this.#replica.setHash();
  }

  /** Puts the room's rules in force. */
  setRules(rules: Iterable<Rule>): void {
    this.#replica.setRules(rules);
  }

  /** Puts the components that the room declares in force. */
  setComponents(components: Iterable<CustomComponent>): void {
    this.#replica.setComponents(components);
  }

  /** All that was joined. */
  joined(): Patch {
    return this.#base.toPatch();
  }

  /** The registers that the replica holds of an object, to be compared with those that were joined. */
  held(id: ObjectId) {
    return { registers: new Map(this.#replica.registers(id)), purge: this.#replica.purgeOf(id) };
  }
}
