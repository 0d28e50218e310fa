import { Cell, encodeObjectEvent, fraction, parseUserId, type UserId } from '@weft/core';
import { createSessionKey, type OpenLaneSocket, openChannel, type Signalling } from '@weft/live';
import { RtcSignalling } from '@weft/matrix';
import type { RelayTransport } from '@weft/protocol';
import { SeededRandom } from '@weft/testing';
import { SimNetwork, SimRelay } from '@weft/testing/lane';
import { expect } from 'vitest';
import type { LaneSetting } from '../src/lane/lanes.ts';
import type { OpenLane } from '../src/lane/world-lane.ts';
import type { World } from '../src/world.ts';
import { TwinWorlds } from './twin-worlds.ts';

const MAIL_MS = 30;
const STEP_MS = 25;
const MAX_DELAY_MS = 20;

/** Three people in a world on a homeserver in memory, and the product's relay beside it, under one clock that only the test moves. */
export class RelayedWorlds {
  readonly twin: TwinWorlds;
  readonly network: SimNetwork;
  readonly relay: SimRelay;
  readonly ann: World;
  readonly bob: World;
  readonly cid: World;

  private constructor(lanes: Lanes, worlds: { ann: World; bob: World; cid: World }) {
    this.twin = lanes.twin;
    this.network = lanes.network;
    this.relay = lanes.relay;
    this.ann = worlds.ann;
    this.bob = worlds.bob;
    this.cid = worlds.cid;
  }

  /**
   * All three are on the relay when it resolves.
   *
   * @param options.peers whether they go among peers without it; default `false`
   */
  static async open(seed = 'relayed', { peers = false } = {}): Promise<RelayedWorlds> {
    const lanes = new Lanes(seed, peers);
    const relayed = new RelayedWorlds(lanes, await lanes.twin.three());
    await relayed.relay.start();
    await relayed.untilLive();
    return relayed;
  }

  get all(): readonly World[] {
    return [this.ann, this.bob, this.cid];
  }

  /** Moves the clock until something holds. @returns how long that took, in milliseconds */
  until(holds: () => boolean, withinMs: number): Promise<number> {
    const why = () => this.all.map(({ status }) => status.value.laneDetail).join(' ');
    return this.twin.until(holds, { withinMs, stepMs: STEP_MS, why });
  }

  untilLive(withinMs = 10_000): Promise<number> {
    return this.until(() => this.all.every(({ status }) => status.value.lane === 'relay'), withinMs);
  }

  get areEqual(): boolean {
    return new Set(this.all.map((world) => world.hash())).size === 1;
  }

  /** The room holds from now on what the relay adopted. */
  bringToRoom(): void {
    const { server } = this.twin;
    const { replica } = this.relay.world;
    const room = server.room('bring', this.ann.room);
    for (const id of replica.dirty().keys()) {
      const content = encodeObjectEvent(replica.writable(id));
      server.append(room, { type: 'world.weft.object', sender: this.ann.userId, stateKey: id, content });
    }
  }

  async close(): Promise<void> {
    for (const world of this.all) await this.twin.run(world.close());
    await this.relay.close();
  }
}

class Lanes {
  readonly twin = new TwinWorlds();
  readonly network: SimNetwork;
  #relay: SimRelay | null = null;
  readonly #random: SeededRandom;
  readonly #published = new Cell<readonly RelayTransport[]>([]);

  readonly #withPeers: boolean;

  constructor(seed: string, withPeers: boolean) {
    this.#withPeers = withPeers;
    this.#random = new SeededRandom(seed);
    this.network = new SimNetwork(this.twin.timers, this.#random.fork('network'), MAX_DELAY_MS);
    this.twin.makeLane = (setting) => this.#makeLane(setting);
  }

  get relay(): SimRelay {
    return this.#relay ?? expect.fail('no world was opened');
  }

  async #makeLane({ homeserver, session, replica: copy }: LaneSetting): Promise<OpenLane> {
    const { timers } = this.twin;
    const { userId } = homeserver;
    const random = this.#random.fork(userId).bytes;
    this.#relay ??= this.#newRelay(session.room);
    const key = await createSessionKey({ subtle: undefined, random });
    const openSocket: OpenLaneSocket = (url, listener) => this.network.connect(userId, url, listener);
    const signalling = this.#signalling(userId);
    return (replica, failed) => {
      const options = { room: session.room, replica, signalling, openSocket, key, timers, random };
      if (!this.#withPeers) return { channel: openChannel(options), stop: () => undefined };
      const rtc = new RtcSignalling({
        ...{ homeserver, session, timers, failed, relays: false },
        fraction: () => fraction(random),
      });
      const channel = openChannel({
        ...options,
        signalling: { ...signalling, announce: (member) => rtc.announce(member) },
        peers: { mail: rtc.peers, user: userId, replica: copy, now: timers.now },
      });
      return { channel, stop: () => rtc.stop() };
    };
  }

  #newRelay(room: string): SimRelay {
    const { timers } = this.twin;
    const levels = new Map<UserId, number>(
      Object.entries({ ann: 1e9, bob: 25, cid: 0 }).map(([name, level]) => [
        parseUserId(`@${name}:twin.test`),
        level,
      ]),
    );
    return new SimRelay({
      ...{ url: 'wss://relay.test', room, levels, timers, network: this.network },
      user: parseUserId('@relay:twin.test'),
      random: this.#random.fork('relay'),
    });
  }

  #signalling(user: UserId): Signalling {
    const later = <T>(signal: AbortSignal, answer: () => T | null): Promise<T> =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('given up')));
        const attempt = (): void => {
          if (signal.aborted) return;
          const found = answer();
          if (found === null) this.twin.timers.after(MAIL_MS, attempt);
          else resolve(found);
        };
        this.twin.timers.after(MAIL_MS, attempt);
      });
    return {
      published: this.#published,
      sendsTo: () => true,
      known: new Cell([]),
      candidates: (signal) => later(signal, () => [this.relay.transport]),
      requestTicket: (_, request, signal) =>
        later(signal, () => (this.relay.isRunning ? this.relay.grant(user, user, request) : null)),
      announce: async () => undefined,
    };
  }
}
