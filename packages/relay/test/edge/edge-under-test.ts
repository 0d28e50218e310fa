import { parseUserId, type UserId } from '@weft/core';
import { encodeFrame, type Hello, helloBytes, newRunId, type Session, type UpFrame } from '@weft/protocol';
import { FakeTimers, SeededRandom } from '@weft/testing';
import { readConfig } from '../../src/config/read-config.ts';
import type { FileShelf } from '../../src/files/file-shelf.ts';
import type { Admitted } from '../../src/lane/admitted.ts';
import type { LaneRoom } from '../../src/lane/lane-room.ts';
import type { LaneSession } from '../../src/lane/lane-session.ts';
import type { LaneSocket } from '../../src/lane/lane-socket.ts';
import type { Check } from '../../src/server/readiness.ts';
import { RelayEdge } from '../../src/server/relay-edge.ts';
import { createRelayLog } from '../../src/server/relay-log.ts';
import type { ServedWorlds } from '../../src/server/served-worlds.ts';
import type { ServiceHandler } from '../../src/server/service-handler.ts';
import { ClientSocket } from './client-socket.ts';
import { newSessionKey, type SessionKey } from './session-key.ts';

export const ALICE = parseUserId('@alice:example.org');
export const BOB = parseUserId('@bob:example.org');
export const RELAY = parseUserId('@relay:example.org');
export const ROOM = '!plaza:example.org';

/** Somebody in a room that does nothing but note what it is told. */
export interface Visit {
  readonly admitted: Admitted;
  readonly socket: LaneSocket;
  readonly frames: UpFrame[];
  gone: number;
}

export interface EdgeOptions {
  readonly settings?: Readonly<Record<string, object>>;
  readonly metricsToken?: string;
  readonly checks?: readonly Check[];
  readonly services?: ServiceHandler;
  readonly shelf?: FileShelf;
  /** What a room does with a frame beside noting it. */
  readonly onFrame?: (visit: Visit, frame: UpFrame) => void;
}

/** The outer side of a relay on a real port, with a clock that only the test moves and rooms that only take notes. */
export class EdgeUnderTest {
  readonly timers = new FakeTimers();
  readonly log: Record<string, unknown>[] = [];
  readonly visits: Visit[] = [];
  readonly members = new Set<UserId>([ALICE, BOB]);
  lastAnswerMs: number | null = this.timers.now();
  drained: number[] = [];
  readonly #random = new SeededRandom(6);
  readonly #options: EdgeOptions;
  #edge: RelayEdge | null = null;
  #waiting: (() => void) | null = null;

  private constructor(options: EdgeOptions) {
    this.#options = options;
  }

  static async open(options: EdgeOptions = {}): Promise<EdgeUnderTest> {
    const test = new EdgeUnderTest(options);
    const { settings = {}, metricsToken = null, checks = [], services = null } = options;
    test.#edge = await RelayEdge.open({
      config: readConfig(
        'the test',
        {
          homeserver: { url: 'http://localhost' },
          ...settings,
          server: { port: 0, ...settings.server },
        },
        {},
      ),
      secrets: { metricsToken },
      userId: RELAY,
      timers: test.timers,
      random: (length) => test.#random.bytes(length),
      log: createRelayLog({
        level: 'debug',
        users: 'hashed',
        salt: new Uint8Array(16),
        write: (line) => test.log.push(JSON.parse(line)),
      }),
      shelf: options.shelf ?? null,
      ...{ checks, services, journals: () => ({ waitingBytes: 0, keptBytes: 0 }) },
    });
    test.#edge.serve(test.#worlds());
    return test;
  }

  get edge(): RelayEdge {
    if (this.#edge === null) throw new TypeError('not open');
    return this.#edge;
  }

  get laneUrl(): string {
    return `ws://localhost:${this.edge.port}/v1/lane`;
  }

  get httpUrl(): string {
    return `http://localhost:${this.edge.port}`;
  }

  ticketFor(key: SessionKey | null, user: UserId = ALICE, nonce = NONCE): string {
    const answer = this.edge.office.issue({
      ...{ user, room: ROOM, nonce, memberId: 'member', device: 'DEVICE', key: key?.key ?? null },
      purpose: key === null ? 'service' : 'lane',
    });
    if (!answer.ok) throw new Error(answer.reason);
    return answer.ticket;
  }

  /** The bytes of a hello that holds. */
  hello(user: UserId = ALICE, key = newSessionKey(), ticket = this.ticketFor(key, user)): Uint8Array {
    return encodeFrame(helloFor(this.edge.url, ticket, key));
  }

  /** A socket that has said hello and is in its room. */
  async enter(user: UserId = ALICE): Promise<{ client: ClientSocket; visit: Visit }> {
    const client = await ClientSocket.open(this.laneUrl);
    const before = this.visits.length;
    client.send(this.hello(user));
    await this.until(() => this.visits.length > before);
    const visit = this.visits.at(-1);
    if (visit === undefined) throw new TypeError('nobody came');
    return { client, visit };
  }

  /** Waits for something that a room is told. */
  async until(condition: () => boolean): Promise<void> {
    while (!condition())
      await new Promise<void>((resolve) => {
        this.#waiting = resolve;
      });
  }

  /** What one figure of `/metrics` says; 0 where it says nothing. */
  async figure(name: string): Promise<number> {
    const text = await this.edge.metrics.text();
    const line = text.split('\n').find((each) => each.startsWith(`${name} `));
    return Number(line?.slice(name.length + 1) ?? 0);
  }

  async close(): Promise<void> {
    const closing = this.edge.close();
    await this.timers.advance(CLOSE_MS);
    await closing;
  }

  #noted(): void {
    this.#waiting?.();
  }

  #worlds(): ServedWorlds {
    const room = this.#room();
    return {
      userId: RELAY,
      count: 1,
      mayEnter: (name, user) => name === ROOM && this.members.has(user),
      roomOf: (name) => (name === ROOM ? room : null),
      lastAnswerMs: () => this.lastAnswerMs,
      drain: async (inMs) => {
        this.drained.push(inMs);
      },
      close: () => Promise.resolve(),
    };
  }

  #room(): LaneRoom {
    const random = this.#random;
    const refuse = (): never => {
      throw new TypeError('rooms of this test only take notes');
    };
    return {
      run: newRunId((length) => random.bytes(length)),
      isKeeping: true,
      people: () => [],
      join: (admitted, socket) => this.#join(admitted, socket),
      write: refuse,
      say: refuse,
      drain: refuse,
      close: refuse,
    };
  }

  #join(admitted: Admitted, socket: LaneSocket): LaneSession {
    const visit: Visit = { admitted, socket, frames: [], gone: 0 };
    this.visits.push(visit);
    this.#noted();
    return {
      session: this.visits.length as Session,
      receive: (frame) => {
        visit.frames.push(frame);
        this.#options.onFrame?.(visit, frame);
        this.#noted();
      },
      closed: () => {
        visit.gone += 1;
        this.#noted();
      },
    };
  }
}

export const NONCE = 'a-nonce-of-22-letters-';
/** Longer than any closing handshake may take. */
const CLOSE_MS = 10_000;

/** A hello as an honest client says it. */
export function helloFor(url: string, ticket: string, key: SessionKey, changes: Partial<Hello> = {}): Hello {
  const { room = ROOM, nonce = NONCE } = changes;
  return {
    ...{ type: 'hello', version: 1, former: [], position: null, setHash: null, mode: 'play' },
    ...{ actor: ACTOR, room, nonce, ticket },
    signature: key.sign(helloBytes({ ticket, nonce, url, room })),
    ...changes,
  };
}

const ACTOR = 'actor-of-a-test' as Hello['actor'];
