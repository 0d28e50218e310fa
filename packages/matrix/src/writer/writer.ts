import {
  type ChangeSet,
  type EventContent,
  encodeObjectEvent,
  isEmptyChange,
  type ObjectId,
  type ObjectRegisters,
  type Path,
  type Register,
  type Replica,
} from '@weft/core';
import { type Backoff, backoffMs } from '../backoff.ts';
import { HomeserverError } from '../errors.ts';
import { OBJECT_EVENT } from '../event-types.ts';
import type { Homeserver } from '../homeserver.ts';
import type { EventId, RoomId } from '../ids.ts';
import type { Stop, Timers } from '../timers.ts';
import { WriteQueue } from './write-queue.ts';

/** What the writer needs of the session, and tells it. */
export interface WriterPorts {
  readonly homeserver: Pick<Homeserver, 'sendState' | 'userId'>;
  readonly room: RoomId;
  readonly replica: Pick<Replica, 'clock' | 'writable' | 'restampAhead'>;
  readonly timers: Timers;
  readonly fraction: () => number;
  /** What the room does not hold, and should. */
  readonly dirty: () => ObjectRegisters;
  /** Why nothing may be written now, whatever the homeserver would say; `null` where it may. */
  readonly barred: () => HomeserverError | null;
  /** The keys of `w` that the object's event holds and this version does not know. */
  readonly extraOf: (id: ObjectId) => EventContent;
  /** Refused for good: these registers are to leave `pending`. */
  readonly refused: (registers: ObjectRegisters, error: HomeserverError) => void;
  /** Left out until the object changes, or for long: the registers stay dirty. */
  readonly stuck: (id: ObjectId, error: Error) => void;
  /** An accepted write that no sync shows: the room's state is to be read. */
  readonly unseen: () => void;
  /** The session is signed out, or the like: nothing more is written. */
  readonly failed: (error: HomeserverError) => void;
  /** Edits of a clock that was fast were stamped anew before anybody saw them. */
  readonly restamped: (change: ChangeSet) => void;
}

/** Without `retry_after_ms`: what a stock Synapse takes to allow the next event. */
const DEFAULT_RETRY_AFTER_MS = 5000;
const NETWORK_BACKOFF: Backoff = { firstMs: 500, maxMs: 30_000 };
/** After this many failures of the server on one object, while others pass, it is reported. */
const REPORT_AFTER_FAILURES = 3;

/**
 * Turns dirty registers into object events: one request in flight, the oldest object first, and never before the
 * homeserver allows it. A register stays dirty until the room's state dominates it, whatever the answers say.
 */
export class Writer {
  readonly #ports: WriterPorts;
  readonly #queue: WriteQueue;
  readonly #abort = new AbortController();
  #inFlight = false;
  #pausedUntilMs = Number.NEGATIVE_INFINITY;
  #failures = 0;
  #hurry = false;
  #stopTimer: Stop = () => {};

  constructor(ports: WriterPorts) {
    this.#ports = ports;
    this.#queue = new WriteQueue(ports.fraction);
  }

  /** Objects with registers that the room does not hold. */
  get unsaved(): number {
    return this.#queue.size;
  }

  /** Something became dirty, or left. */
  wake(): void {
    if (this.#abort.signal.aborted) return;
    this.refresh();
    this.#run();
  }

  /** Takes note of what is dirty, and writes nothing. */
  refresh(): void {
    const { replica, timers, restamped, dirty } = this.#ports;
    const change = replica.restampAhead();
    if (!isEmptyChange(change)) restamped(change);
    this.#queue.update(dirty(), timers.now());
  }

  /** The sync told of these events; what is still dirty of them has been replaced. */
  shown(events: ReadonlySet<EventId>): void {
    this.#queue.shown(events, this.#ports.timers.now());
    this.wake();
  }

  /** The state was read. */
  read(askedAtMs: number): void {
    this.#queue.read(askedAtMs, this.#ports.timers.now());
    this.wake();
  }

  /** The homeserver answers again: no need to sit out a backoff. What it asked for itself still holds. */
  online(): void {
    if (this.#failures === 0) return;
    this.#failures = 0;
    this.#pausedUntilMs = Number.NEGATIVE_INFINITY;
    this.wake();
  }

  /** Writes without waiting for objects to come to rest. */
  hurry(on: boolean): void {
    this.#hurry = on;
    this.wake();
  }

  stop(): void {
    this.#stopTimer();
    this.#abort.abort();
  }

  #run(): void {
    this.#stopTimer();
    if (this.#inFlight || this.#abort.signal.aborted) return;
    const { timers, unseen } = this.#ports;
    const nowMs = timers.now();
    const overdueMs = this.#queue.overdueMs;
    if (overdueMs !== null && overdueMs <= nowMs) unseen();
    if (nowMs < this.#pausedUntilMs) {
      this.#wakeAt(this.#pausedUntilMs);
      return;
    }
    const due = this.#queue.next(nowMs, this.#hurry);
    if (due.kind === 'write') void this.#write(due.id, due.registers);
    else if (due.kind === 'wait') this.#wakeAt(due.untilMs);
    else if (overdueMs !== null && overdueMs > nowMs) this.#wakeAt(overdueMs);
  }

  async #write(id: ObjectId, registers: ReadonlyMap<Path, Register>): Promise<void> {
    const { homeserver, room, timers, barred } = this.#ports;
    this.#inFlight = true;
    try {
      const reason = barred();
      if (reason !== null) throw reason;
      const content = this.#contentOf(id);
      const event = await homeserver.sendState(
        room,
        { type: OBJECT_EVENT, stateKey: id, content },
        { signal: this.#abort.signal },
      );
      this.#failures = 0;
      this.#queue.accepted(id, registers, event, timers.now());
    } catch (error) {
      if (!this.#abort.signal.aborted) this.#onFailure(id, registers, error);
    } finally {
      this.#inFlight = false;
    }
    this.wake();
  }

  // What the key holds now was joined into the replica's base when the room told of it.
  #contentOf(id: ObjectId): EventContent {
    const { replica, homeserver, extraOf } = this.#ports;
    const parts = replica.writable(id);
    const { actors } = parts;
    const { actor } = replica.clock;
    const own = actors.has(actor) ? actors : new Map([...actors, [actor, new Set([homeserver.userId])]]);
    return encodeObjectEvent({ ...parts, actors: own, extra: extraOf(id), sender: homeserver.userId });
  }

  #onFailure(id: ObjectId, registers: ReadonlyMap<Path, Register>, error: unknown): void {
    const { refused, stuck, failed } = this.#ports;
    if (!(error instanceof HomeserverError)) {
      this.#isolate(id, error);
      return;
    }
    switch (error.code) {
      case 'rate-limited':
        this.#pause(error.retryAfterMs ?? DEFAULT_RETRY_AFTER_MS);
        break;
      case 'unreachable':
        this.#pause(this.#nextBackoffMs());
        break;
      case 'server':
        if (this.#queue.postpone(id, this.#ports.timers.now()) === REPORT_AFTER_FAILURES) stuck(id, error);
        // It may be this object alone: the next one is tried at once, and tells.
        if (this.#failures > 0) this.#pause(this.#nextBackoffMs());
        else this.#failures = 1;
        break;
      case 'forbidden':
      case 'encrypted':
        refused(new Map([[id, registers]]), error);
        break;
      case 'unknown-token':
      case 'closed':
        this.stop();
        failed(error);
        break;
      case 'aborted':
        break;
      default:
        this.#isolate(id, error);
    }
  }

  #isolate(id: ObjectId, error: unknown): void {
    this.#queue.isolate(id);
    this.#ports.stuck(id, error instanceof Error ? error : new Error(String(error)));
  }

  #nextBackoffMs(): number {
    this.#failures += 1;
    return backoffMs(NETWORK_BACKOFF, this.#failures, this.#ports.fraction());
  }

  #pause(delayMs: number): void {
    this.#pausedUntilMs = this.#ports.timers.now() + delayMs;
  }

  #wakeAt(atMs: number): void {
    const { timers } = this.#ports;
    this.#stopTimer = timers.after(Math.max(0, atMs - timers.now()), () => this.wake());
  }
}
