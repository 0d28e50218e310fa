import type { UserId } from '@weft/core';
import { HomeserverError, type RoomId, type Timers } from '@weft/matrix';
import type { Fault } from '../homeserver/faults.ts';
import type { TwinHomeserver } from '../homeserver/twin-homeserver.ts';
import type { TwinServer } from '../homeserver/twin-server.ts';
import type { SeededRandom } from '../random/seeded-random.ts';
import type { StoreFault } from '../store/store-fault.ts';
import { TwinDisk } from '../store/twin-disk.ts';
import { Ledger } from './ledger.ts';
import { RequestWatch } from './request-watch.ts';
import type { FaultKind } from './script.ts';
import { SimProcess } from './sim-process.ts';

export interface SimClientOptions {
  readonly name: string;
  /** Whose device it is: a name on the server. */
  readonly account: string;
  readonly server: TwinServer;
  readonly room: RoomId;
  readonly via: readonly string[];
  readonly timers: Timers;
  readonly skewMs: number;
  /** Whether the user's device keeps what is written there. */
  readonly keeps: boolean;
  readonly random: SeededRandom;
  readonly delayMs: readonly [number, number];
  readonly damaged: () => void;
  readonly tell: (line: string) => void;
  readonly violated: (what: string) => void;
}

const FAULT_OF: Readonly<Record<FaultKind, Fault>> = {
  lost: { kind: 'lost' },
  'answer-lost': { kind: 'answer-lost' },
  limited: { kind: 'answer', status: 429, errcode: 'M_LIMIT_EXCEEDED', retryAfterMs: 3000 },
  failed: { kind: 'answer', status: 502, errcode: 'M_UNKNOWN' },
};

/** One device of a user: a process at a time, the line to the homeserver, and what was promised to the user. */
export class SimClient {
  readonly name: string;
  readonly userId: UserId;
  readonly server: TwinServer;
  readonly ledger = new Ledger();
  /** When this client read the state of the room, by the clock of the run. */
  readonly readsMs: number[] = [];
  readonly #options: SimClientOptions;
  readonly #watch: RequestWatch;
  /** For what the user does past Weft: moderation, and other programs. */
  readonly #other: TwinHomeserver;
  readonly #disk: TwinDisk | null;
  #process: SimProcess | null = null;
  #connection: TwinHomeserver | null = null;
  #skewMs: number;
  #starts = 0;
  #offline = false;
  #mute = false;

  constructor(options: SimClientOptions) {
    this.#options = options;
    this.name = options.name;
    this.server = options.server;
    this.#skewMs = options.skewMs;
    this.#disk = options.keeps ? new TwinDisk() : null;
    if (this.#disk !== null) this.#disk.died = () => this.crash();
    this.#other = options.server.connectDevice(options.account);
    this.userId = this.#other.userId;
    this.#watch = new RequestWatch(
      () => options.timers.now() + this.#skewMs,
      (what) => options.violated(`${options.name}: ${what}`),
    );
  }

  get process(): SimProcess | null {
    return this.#process;
  }

  get other(): TwinHomeserver {
    return this.#other;
  }

  get writes(): number {
    return this.#watch.writes;
  }

  /** Starts the client where none is running. */
  open(): boolean {
    const { timers, random, room, via, name, account, damaged, tell, violated, server } = this.#options;
    const state = this.#process?.state;
    if (state === 'open' || state === 'opening') return false;
    this.#starts += 1;
    this.#watch.forget();
    this.#connection = server.connectDevice(account, () => timers.now() + this.#skewMs);
    this.#setLine();
    this.#process = new SimProcess({
      room,
      via,
      homeserver: this.#connection,
      timers,
      skewMs: () => this.#skewMs,
      random: random.fork(`process ${this.#starts}`),
      ledger: this.ledger,
      disk: this.#disk,
      damaged,
      tell: (line) => tell(`${name}: ${line}`),
      violated: (what) => violated(`${name}: ${what}`),
    });
    return true;
  }

  /** What the user's device keeps; `null` where it keeps nothing. */
  get disk(): TwinDisk | null {
    return this.#disk;
  }

  async close(): Promise<void> {
    const state = this.#process?.state;
    if (state !== 'open' && state !== 'failed') return;
    await this.#process?.close();
    this.ledger.crash();
  }

  crash(): boolean {
    const state = this.#process?.state;
    if (state !== 'open' && state !== 'opening' && state !== 'closing') return false;
    this.#process?.crash();
    this.ledger.crash();
    return true;
  }

  setOffline(offline: boolean): void {
    this.#offline = offline;
    this.#setLine();
  }

  setMute(mute: boolean): void {
    this.#mute = mute;
    this.#setLine();
  }

  addFault(kind: FaultKind, times: number): void {
    this.#connection?.faults.add(...Array.from({ length: times }, () => FAULT_OF[kind]));
  }

  /** Whether there is a device that it can happen to. */
  addDiskFault(fault: StoreFault): boolean {
    this.#disk?.faults.push(fault);
    return this.#disk !== null;
  }

  /** Whether it made a difference. */
  setDiskFull(full: boolean): boolean {
    if (full) this.#disk?.fill();
    else this.#disk?.free();
    return full && this.#disk !== null;
  }

  /** Asks for a layer of everything; whether anybody could be asked. What becomes of it is the homeserver's affair. */
  checkpoint(): boolean {
    const session = this.#process?.session;
    if (session == null) return false;
    session.checkpoint().catch((error: unknown) => {
      if (!(error instanceof HomeserverError))
        this.#options.violated(`${this.name}: a checkpoint threw ${error}`);
    });
    return true;
  }

  /** Line and device are as they should be, whatever was done to them. */
  mend(): void {
    this.#disk?.mend();
    this.#offline = false;
    this.#mute = false;
    this.#connection?.faults.clear();
    this.#setLine();
  }

  stepClock(byMs: number): void {
    this.#skewMs += byMs;
    this.#watch.forget();
  }

  #setLine(): void {
    const connection = this.#connection;
    if (connection === null) return;
    const { random, delayMs } = this.#options;
    const [low, high] = delayMs;
    connection.faults.offline = this.#offline;
    connection.faults.mute = this.#mute;
    connection.faults.delayMs = () => random.between(low, high);
    connection.faults.asked = (what) => this.#watch.asked(what);
    connection.faults.answered = (what, error) => {
      this.#watch.answered(what, error);
      if (error === null && what.startsWith('read the state ')) this.readsMs.push(this.#options.timers.now());
    };
    connection.changed();
  }
}
