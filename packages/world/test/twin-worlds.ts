import type { Homeserver, RoomAlias, RoomId } from '@weft/matrix';
import type { StorePlace } from '@weft/store';
import { FakeTimers, SeededRandom } from '@weft/testing';
import { type TwinHomeserver, TwinServer, type TwinServerOptions } from '@weft/testing/homeserver';
import { createWorldOn, type NewWorld } from '../src/create-world.ts';
import { enterWorld } from '../src/enter-world.ts';
import type { MakeLane } from '../src/lane/lanes.ts';
import type { Platform } from '../src/platform.ts';
import type { World } from '../src/world.ts';

const STEP_MS = 100;
const MAX_STEPS = 1_000;

/** Worlds on a homeserver in memory, under a clock that only the test moves. */
export class TwinWorlds {
  readonly timers = new FakeTimers();
  readonly server: TwinServer;
  readonly #random = new SeededRandom('worlds');
  #devices = 0;

  /** The lanes of worlds that are opened from now on. */
  makeLane: MakeLane | null = null;

  constructor(options: Omit<TwinServerOptions, 'timers'> = {}) {
    this.server = new TwinServer({ ...options, timers: this.timers });
  }

  homeserver(user: string): TwinHomeserver {
    return this.server.connect(user);
  }

  create(user: string, options: Partial<NewWorld> = {}): Promise<World> {
    const world = createWorldOn(this.homeserver(user), { title: 'Plaza', ...options }, this.#platform(user));
    return this.run(world);
  }

  open(user: string, room: RoomId): Promise<World> {
    const options = { room, via: [], platform: this.#platform(user), signal: undefined };
    return this.run(enterWorld(this.homeserver(user), options));
  }

  /** The same on a device of its own, which keeps the world. */
  openOn(
    place: StorePlace,
    homeserver: Homeserver,
    room: RoomId | RoomAlias,
    label = 'device',
  ): Promise<World> {
    this.#devices += 1;
    const platform = this.#platform(`${label} ${this.#devices}`);
    return this.run(enterWorld(homeserver, { room, via: [], platform, place, signal: undefined }));
  }

  /** Ann owns a world in which Bob builds and Cid visits; all three are in it. */
  async three(): Promise<{ readonly ann: World; readonly bob: World; readonly cid: World }> {
    const [bob, cid] = ['bob', 'cid'].map((user) => this.homeserver(user).userId);
    if (bob === undefined || cid === undefined) throw new TypeError('no users');
    const ann = await this.create('ann', { invite: [bob, cid], levels: { [bob]: 25 } });
    return { ann, bob: await this.open('bob', ann.room), cid: await this.open('cid', ann.room) };
  }

  /** Moves the clock until the promise is settled. */
  async run<T>(promise: Promise<T>): Promise<T> {
    let isSettled = false;
    const note = () => {
      isSettled = true;
    };
    promise.then(note, note);
    for (let step = 0; step < MAX_STEPS && !isSettled; step += 1) await this.timers.advance(STEP_MS);
    if (!isSettled) throw new Error(`Not settled within ${(STEP_MS * MAX_STEPS) / 1000} s`);
    return promise;
  }

  /** Moves the clock until something holds. @returns how long that took, in milliseconds */
  async until(
    holds: () => boolean,
    { withinMs, stepMs, why }: { withinMs: number; stepMs: number; why: () => string },
  ): Promise<number> {
    for (let ms = 0; ms <= withinMs; ms += stepMs) {
      if (holds()) return ms;
      await this.timers.advance(stepMs);
    }
    throw new Error(`Not within ${withinMs} ms: ${why()}`);
  }

  /** The error of a promise that has to fail. */
  async errorOf(promise: Promise<unknown>): Promise<unknown> {
    return this.run(
      promise.then(
        (value) => {
          throw new Error(`It succeeded with ${JSON.stringify(value)}`);
        },
        (error: unknown) => error,
      ),
    );
  }

  /** How many requests arrived that changed something. */
  writes(): number {
    return this.server.log.filter((line) => / (write|upload|redact|create|join) /.test(line)).length;
  }

  #platform(label: string): Platform {
    const { timers, makeLane } = this;
    const random = this.#random.fork(label).bytes;
    return { timers, random, ...(makeLane === null ? {} : { makeLane }) };
  }
}
