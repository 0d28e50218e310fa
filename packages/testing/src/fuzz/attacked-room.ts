import { newActorId, parseUserId, ROLE_LEVELS, type UserId } from '@weft/core';
import { decodeFrame, type Hello, ProtocolError, type UpFrame } from '@weft/protocol';
import {
  type LaneRoom,
  type LaneSession,
  type LaneSocket,
  motionPart,
  openLaneRoom,
  StoreJournal,
} from '@weft/relay';
import { FakeTimers } from '../clock/fake-timers.ts';
import { TwinLaneWorld } from '../lane/twin-lane-world.ts';
import { virtualMotion } from '../lane/virtual-motion.ts';
import type { SeededRandom } from '../random/seeded-random.ts';
import { TwinDisk } from '../store/twin-disk.ts';

const ATTACKER = parseUserId('@attacker:example.org');
const BYSTANDER = parseUserId('@bystander:example.org');
/** Between turns a relay writes its journal, ends leases, adopts. */
const TURN_MS = 50;

/** A relay's room in memory with two people in it, of whom one sends whatever they get to send. */
export class AttackedRoom {
  readonly #timers = new FakeTimers();
  readonly #world: TwinLaneWorld;
  readonly #random: SeededRandom;
  readonly #hello: Hello;
  /** What the relay could not handle: there should be none. */
  readonly #mishaps: unknown[] = [];
  #room: LaneRoom | null = null;
  #session: LaneSession | null = null;
  /** How many frames of each type the relay sent. */
  readonly sent: Record<string, number> = {};
  #socket = new Sink(this.sent);
  readonly #bystander = new Sink(this.sent);
  #n = 0;
  #changes = 0;

  private constructor(random: SeededRandom, hello: Hello, World: typeof TwinLaneWorld) {
    this.#random = random;
    this.#hello = hello;
    this.#world = new World({
      actor: newActorId(random.bytes),
      now: this.#timers.now,
      levels: [ATTACKER, BYSTANDER].map((user) => [user, ROLE_LEVELS.builder] as const),
    });
    this.#world.onChange(() => {
      this.#changes += 1;
    });
  }

  /** @param hello of the attacker */
  static async open(random: SeededRandom, hello: Hello, World = TwinLaneWorld): Promise<AttackedRoom> {
    const room = new AttackedRoom(random, hello, World);
    await room.#open();
    return room;
  }

  /**
   * As a connection hands over a message: decoded, or the socket closed. An edit gets the number that comes next.
   *
   * @throws where the relay failed, closed the bystander, told them what is no frame, or was changed by what it refused
   */
  receive(bytes: Uint8Array): void {
    const frame = readOrNull(bytes);
    if (frame === null) return;
    const session = this.#attacker();
    const changes = this.#changes;
    session.receive(this.#counted(frame));
    const [mishap] = this.#mishaps.splice(0);
    if (mishap !== undefined) throw mishap;
    const code = this.#socket.closedWith;
    if (code !== null) {
      session.closed();
      this.#session = null;
      if (code !== NORMAL && this.#changes > changes)
        throw new TypeError(`a ${frame.type} changed the world, and its socket was closed with ${code}`);
    }
    if (this.#bystander.closedWith !== null)
      throw new TypeError(`a ${frame.type} closed somebody else's socket with ${this.#bystander.closedWith}`);
  }

  /** Lets the relay do what waits for time to pass. */
  turn(): Promise<void> {
    return this.#timers.advance(TURN_MS);
  }

  async close(): Promise<void> {
    const closing = this.#room?.close();
    await this.#timers.advance(TURN_MS);
    await closing;
  }

  async #open(): Promise<void> {
    this.#room = await openLaneRoom({
      world: this.#world,
      journal: new StoreJournal(await new TwinDisk().open('attacked')),
      timers: this.#timers,
      random: this.#random.bytes,
      log: {
        info: () => undefined,
        warn: ({ error }) => this.#mishaps.push(error ?? new Error('a warning')),
      },
      parts: [motionPart(virtualMotion(this.#timers))],
    });
    this.#join(
      BYSTANDER,
      { ...this.#hello, actor: newActorId(this.#random.bytes), former: [] },
      this.#bystander,
    );
  }

  #attacker(): LaneSession {
    if (this.#session === null) {
      this.#socket = new Sink(this.sent);
      this.#session = this.#join(ATTACKER, this.#hello, this.#socket);
      this.#n = 0;
    }
    return this.#session;
  }

  #join(user: UserId, hello: Hello, socket: LaneSocket): LaneSession {
    const session = this.#room?.join({ user, device: 'DEVICE', memberId: 'member', hello }, socket) ?? null;
    if (session === null) throw new TypeError(`${user} was not let in`);
    return session;
  }

  /** A wrong number ends the socket, which would hide all that is behind it. */
  #counted(frame: UpFrame): UpFrame {
    if (!('n' in frame)) return frame;
    if (this.#random.chance(0.02)) return frame;
    this.#n += 1;
    return { ...frame, n: this.#n };
  }
}

const NORMAL = 1000;

/** Takes everything at once; what is no frame makes it throw into the relay, which then tells of it. */
class Sink implements LaneSocket {
  readonly queuedBytes = 0;
  readonly quietMs = 0;
  closedWith: number | null = null;
  readonly #counts: Record<string, number>;

  constructor(counts: Record<string, number>) {
    this.#counts = counts;
  }

  send(message: Uint8Array): void {
    const { type } = decodeFrame(message, 'to-client');
    this.#counts[type] = (this.#counts[type] ?? 0) + 1;
  }

  ping(): void {}

  close(code: number): void {
    this.closedWith ??= code;
  }
}

function readOrNull(bytes: Uint8Array): UpFrame | null {
  try {
    return decodeFrame(bytes, 'to-relay');
  } catch (error) {
    if (error instanceof ProtocolError) return null;
    throw error;
  }
}
