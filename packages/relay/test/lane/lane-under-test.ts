import { newActorId, parseUserId, ROLE_LEVELS, type UserId } from '@weft/core';
import { type LaneRoom, type LaneRoomOptions, openLaneRoom, ROOM_LIMITS, StoreJournal } from '@weft/relay';
import { FakeTimers, SeededRandom } from '@weft/testing';
import { MortalTimers, TwinLaneWorld } from '@weft/testing/lane';
import { TwinDisk } from '@weft/testing/store';
import { TestClient, type TestClientOptions } from './test-client.ts';

export const ALICE = parseUserId('@alice:example.org');
export const BOB = parseUserId('@bob:example.org');
export const CAROL = parseUserId('@carol:example.org');

const STORE = 'world';

export interface LaneSetting {
  readonly seed?: string | number;
  readonly levels?: Iterable<readonly [UserId, number]>;
  readonly limits?: Partial<NonNullable<LaneRoomOptions['limits']>>;
  readonly parts?: NonNullable<LaneRoomOptions['parts']>;
}

/** A relay's room over a disk that outlives it, under a clock that only the test moves. */
export class LaneUnderTest {
  readonly timers = new FakeTimers();
  readonly disk = new TwinDisk();
  readonly random: SeededRandom;
  readonly warnings: string[] = [];
  readonly clients: TestClient[] = [];
  readonly #setting: LaneSetting;
  #world: TwinLaneWorld;
  #process: MortalTimers;
  #room: LaneRoom | null = null;
  #runs = 0;

  private constructor(setting: LaneSetting) {
    this.#setting = setting;
    this.random = new SeededRandom(setting.seed ?? 'lane');
    this.#process = new MortalTimers(this.timers);
    this.#world = this.#newWorld();
  }

  static async open(setting: LaneSetting = {}): Promise<LaneUnderTest> {
    const lane = new LaneUnderTest(setting);
    await lane.start();
    return lane;
  }

  get room(): LaneRoom {
    if (this.#room === null) throw new Error('The relay does not run.');
    return this.#room;
  }

  get isRunning(): boolean {
    return this.#room !== null;
  }

  get world(): TwinLaneWorld {
    return this.#world;
  }

  client(options: Partial<TestClientOptions> & { readonly user: UserId }): TestClient {
    const client = new TestClient({
      timers: this.timers,
      room: () => this.room,
      device: 'DEVICE',
      actor: this.random.fork(`actor ${this.clients.length}`).bytes,
      ...options,
    });
    this.clients.push(client);
    return client;
  }

  /** As kill -9: what was not committed is gone, and nobody is told. */
  kill(): void {
    this.disk.crash();
    this.#process.kill();
    this.#room = null;
    for (const client of this.clients) client.lost();
  }

  async start(): Promise<void> {
    this.#process = new MortalTimers(this.timers);
    const { state } = this.#world;
    if (this.#runs > 0) {
      this.#world = this.#newWorld(this.#world);
      this.#world.settle(state);
    }
    this.#runs += 1;
    const { limits = {}, parts = [] } = this.#setting;
    this.#room = await openLaneRoom({
      world: this.#world,
      journal: new StoreJournal(await this.disk.open(STORE)),
      timers: this.#process,
      random: this.random.bytes,
      log: { info: () => undefined, warn: (_fields, message) => this.warnings.push(message) },
      limits: { ...ROOM_LIMITS, ...limits },
      parts,
    });
  }

  async close(): Promise<void> {
    const closing = this.#room?.close();
    await this.timers.advance(100);
    await closing;
    this.#room = null;
  }

  /** The names under which the disk holds the journal. */
  get records(): Map<string, Uint8Array> {
    return this.disk.records(STORE);
  }

  get storeName(): string {
    return STORE;
  }

  #newWorld(before?: TwinLaneWorld): TwinLaneWorld {
    const users = [ALICE, BOB, CAROL];
    const standing = users.flatMap((user) => {
      const level = before?.access(user)?.level;
      return level === undefined ? [] : [[user, level] as const];
    });
    const { levels = users.map((user) => [user, ROLE_LEVELS.builder] as const) } = this.#setting;
    const world = new TwinLaneWorld({
      actor: newActorId(this.random.bytes),
      now: this.timers.now,
      levels: before === undefined ? levels : standing,
    });
    world.canAdopt = before?.canAdopt ?? true;
    return world;
  }
}
