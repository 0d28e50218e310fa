import { SeededRandom } from '@weft/testing';
import type { TwinHomeserver } from '@weft/testing/homeserver';
import { liveLane } from '../src/lane/live-lane.ts';
import type { World } from '../src/world.ts';
import { TwinWorlds } from './twin-worlds.ts';

const STEP_MS = 10;

/** Three people in a world on a homeserver in memory that no relay serves, under a clock that only the test moves. */
export class PeeredWorlds {
  readonly twin: PeeredTwin;
  readonly ann: World;
  readonly bob: World;
  readonly cid: World;

  private constructor(twin: PeeredTwin, worlds: { ann: World; bob: World; cid: World }) {
    this.twin = twin;
    this.ann = worlds.ann;
    this.bob = worlds.bob;
    this.cid = worlds.cid;
  }

  /** All three tell each other of edits when it resolves. */
  static async open(options: ConstructorParameters<typeof TwinWorlds>[0] = {}): Promise<PeeredWorlds> {
    const twin = new PeeredTwin(options);
    const peered = new PeeredWorlds(twin, await twin.three());
    await peered.until(() => peered.all.every(({ channel }) => channel?.people.value.length === 2), 20_000);
    return peered;
  }

  get all(): readonly World[] {
    return [this.ann, this.bob, this.cid];
  }

  /** Moves the clock until something holds. @returns how long that took, in milliseconds */
  until(holds: () => boolean, withinMs: number): Promise<number> {
    const why = () => this.all.map(({ status }) => status.value.laneDetail).join(' ');
    return this.twin.until(holds, { withinMs, stepMs: STEP_MS, why });
  }

  async close(): Promise<void> {
    for (const world of this.all) await this.twin.run(world.close());
  }
}

/** Worlds that find each other over Matrix, and no relay. */
export class PeeredTwin extends TwinWorlds {
  readonly #homeservers = new Map<string, TwinHomeserver>();

  constructor(options: ConstructorParameters<typeof TwinWorlds>[0] = {}) {
    super(options);
    const { timers } = this;
    const { bytes: random } = new SeededRandom('peered');
    const openSocket = (): never => {
      throw new Error('There is no relay.');
    };
    this.makeLane = liveLane({ timers, random, openSocket, subtle: undefined });
  }

  override homeserver(user: string): TwinHomeserver {
    const homeserver = super.homeserver(user);
    this.#homeservers.set(user, homeserver);
    return homeserver;
  }

  /** The room takes nothing of Weft's from somebody, whom nobody tells why. */
  block(user: string): void {
    const homeserver = this.#homeservers.get(user);
    if (homeserver === undefined) throw new Error(`${user} is not here`);
    homeserver.faults.poison = ({ type }) =>
      type.startsWith('world.weft.') ? { kind: 'answer', status: 500, errcode: 'M_UNKNOWN' } : null;
  }
}
