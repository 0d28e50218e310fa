import { type Backoff, backoffMs, isEmptyChange, type ObjectId, type Patch, unreachable } from '@weft/core';
import { HomeserverError } from '../errors.ts';
import { LAYER_EVENT } from '../event-types.ts';
import type { EventId } from '../ids.ts';
import type { Stop } from '../timers.ts';
import { BlobUpload } from './blob-upload.ts';
import { checkpointWrite, wantsCheckpoint } from './checkpoint.ts';
import type { Choosing, Write } from './choose-carrier.ts';
import { Cleaning } from './cleaning.ts';
import { costOf, type WriteCost } from './cost.ts';
import { DirtyQueue } from './dirty-queue.ts';
import { firstSlotOf, OwnSlots } from './own-slots.ts';
import { plan, type Step } from './plan.ts';
import { prepareContent } from './prepare-content.ts';
import { Retiring } from './retire.ts';
import { ViewLog } from './view-log.ts';
import type { WriterPorts } from './writer-ports.ts';

const NETWORK_BACKOFF: Backoff = { firstMs: 500, maxMs: 30_000 };
/** After this many failures of the server on one object, while others pass, it is reported. */
const REPORT_AFTER_FAILURES = 3;
/** A server that failed more often in a row failed on everything, and not on what it was given. */
const OUTAGE_FAILURES = 3;
/** Between two layers that nobody asked for: one that fails is not tried again at once. */
const LAYER_PAUSE_MS = 60 * 60_000;
/** An upload that fails so often in a row is not tried again: its objects go into events. */
const MAX_UPLOAD_FAILURES = 3;

interface Checkpoint {
  readonly promise: Promise<void>;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/**
 * Turns dirty registers into the fewest events: one request in flight, the oldest object first, and never before the
 * homeserver allows it. A register stays dirty until the room's state dominates it, whatever the answers say.
 */
export class Writer {
  readonly #ports: WriterPorts;
  readonly #queue: DirtyQueue;
  readonly #choosing: Choosing;
  readonly #upload: BlobUpload;
  readonly #abort = new AbortController();
  /** Carriers that the homeserver refused to this user. */
  readonly #denied = new Set<string>();
  readonly #views = new ViewLog();
  readonly #cleaning: Cleaning;
  #checkpoint: Checkpoint | null = null;
  #lastLayer: Write | null = null;
  #nextLayerMs = Number.NEGATIVE_INFINITY;
  readonly #retiring = new Retiring();
  #uploadFailures = 0;
  #inFlight = false;
  #pausedUntilMs = Number.NEGATIVE_INFINITY;
  #failures = 0;
  #hurry = false;
  #stopTimer: Stop = () => {};

  constructor(ports: WriterPorts) {
    const { homeserver, replica, carried, rights, extraOf, fraction } = ports;
    this.#ports = ports;
    this.#queue = new DirtyQueue(fraction);
    this.#upload = new BlobUpload(homeserver, ports.uploaded);
    this.#choosing = {
      carried,
      replica,
      extraOf,
      viewsUnderWay: () => this.#views.underWay,
      slots: new OwnSlots(carried, firstSlotOf(replica.clock.actor)),
      rights: { mayWrite: (type) => rights.mayWrite(type) && !this.#denied.has(type) },
      user: homeserver.userId,
    };
    this.#cleaning = new Cleaning(this.#choosing, this.#views, fraction);
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
    this.#views.shown(events);
    this.#choosing.slots.shown(events);
    this.wake();
  }

  /** The state was read. */
  read(askedAtMs: number): void {
    this.#queue.read(askedAtMs, this.#ports.timers.now());
    this.#views.read();
    this.#choosing.slots.read(askedAtMs);
    this.#retiring.read(this.#ports.timers.now());
    this.wake();
  }

  /** These objects were purged: own carriers that still hold them are written without them. */
  purge(ids: Iterable<ObjectId>): void {
    this.#cleaning.purge(ids);
  }

  /** Who may write what has changed. */
  forgetDenials(): void {
    this.#denied.clear();
    this.#views.forgetRefusals();
    this.#cleaning.retry();
  }

  /** The homeserver answers again: no need to sit out a backoff. What it asked for itself still holds. */
  online(): void {
    if (this.#failures > 0) this.#pausedUntilMs = Number.NEGATIVE_INFINITY;
    this.#failures = 0;
    this.wake();
  }

  /** Writes without waiting for objects to come to rest. */
  hurry(on: boolean): void {
    this.#hurry = on;
    this.wake();
  }

  /**
   * Writes a layer of all that this client knows, once what is dirty was written. Resolves when the homeserver took it.
   * @throws HomeserverError `forbidden` for who is no steward, `incomplete` while a carrier cannot be read, `closed`, and as
   *   uploads fail
   */
  checkpoint(): Promise<void> {
    if (this.#abort.signal.aborted) return Promise.reject(layerError('closed', 'the world was closed'));
    if (!this.#choosing.rights.mayWrite(LAYER_EVENT)) return Promise.reject(this.#barred(LAYER_EVENT));
    const asked = this.#checkpoint ?? Promise.withResolvers<void>();
    this.#checkpoint = asked;
    // It may be over when this returns.
    this.wake();
    return asked.promise;
  }

  /** What an edit would cost that is not made yet. */
  cost(patch: Patch): WriteCost {
    return costOf(patch, this.#choosing);
  }

  stop(): void {
    this.#stopTimer();
    this.#abort.abort();
    this.#endCheckpoint(layerError('closed', 'the world was closed'));
  }

  #run(): void {
    this.#stopTimer();
    if (this.#inFlight || this.#abort.signal.aborted || !this.#ports.ready()) return;
    const { timers, unseen } = this.#ports;
    const nowMs = timers.now();
    const overdueMs = this.#queue.overdueMs;
    if (overdueMs !== null && overdueMs <= nowMs) unseen();
    if (nowMs < this.#pausedUntilMs) this.#wakeAt(this.#pausedUntilMs);
    else this.#take(this.#plan(nowMs), overdueMs !== null && overdueMs > nowMs ? overdueMs : null);
  }

  #plan(nowMs: number): Step {
    const { rate } = this.#ports;
    const isDue = nowMs >= this.#nextLayerMs && wantsCheckpoint(this.#choosing, nowMs);
    // What was accepted and not shown yet would be missing in it.
    const isAsked = this.#queue.overdueMs === null && (this.#checkpoint !== null || isDue);
    return plan({
      nowMs,
      rate,
      tidied: this.#cleaning.next(nowMs),
      choosing: this.#choosing,
      queue: this.#queue,
      hurry: this.#hurry || this.#checkpoint !== null,
      checkpoint: isAsked ? () => this.#layer() : null,
      isPassedOver: (id) => this.#views.isDone(id),
      retired: () => this.#retiring.next(this.#choosing, nowMs),
    });
  }

  #layer(): Write | null {
    const everything = this.#ports.everything();
    this.#lastLayer = everything === null ? null : checkpointWrite(everything, this.#choosing);
    if (this.#lastLayer === null) this.#endCheckpoint(layerError('incomplete', 'a blob cannot be read now'));
    return this.#lastLayer;
  }

  #endCheckpoint(error: Error | null): void {
    if (error === null) this.#checkpoint?.resolve();
    else this.#checkpoint?.reject(error);
    this.#nextLayerMs = this.#ports.timers.now() + LAYER_PAUSE_MS;
    this.#checkpoint = null;
  }

  #take(step: Step, overdueMs: number | null): void {
    const tidyMs = this.#cleaning.dueMs(this.#ports.timers.now());
    const otherwiseMs = Math.min(overdueMs ?? Number.POSITIVE_INFINITY, tidyMs);
    switch (step.kind) {
      case 'event':
      case 'blob':
        void this.#write(step);
        return;
      case 'wait':
        this.#wakeAt(Math.min(step.untilMs, otherwiseMs));
        return;
      case 'idle':
        if (otherwiseMs < Number.POSITIVE_INFINITY) this.#wakeAt(otherwiseMs);
        return;
      case 'barred':
        this.#ports.refused(step.objects, this.#barred(step.type));
        break;
      case 'part':
        this.#queue.part(step.objects);
        break;
      case 'stuck':
        this.#isolate(step.id, step.error);
        break;
      default:
        unreachable(step);
    }
    this.wake();
  }

  async #write(write: Write): Promise<void> {
    const { homeserver, room, barred, covers, setHash } = this.#ports;
    const { signal } = this.#abort;
    const { type, stateKey } = write;
    this.#inFlight = true;
    let isUploaded = false;
    try {
      const reason = barred();
      if (reason !== null) throw reason;
      const ports = { upload: this.#upload, setHash, covers, signal };
      const { content, bytes } = await prepareContent(write, ports);
      isUploaded = true;
      const event = await homeserver.sendState(room, { type, stateKey, content }, { signal });
      this.#onAccepted(write, event, bytes);
    } catch (error) {
      if (signal.aborted) return;
      if (isUploaded || write.kind === 'event') this.#onFailure(write, error);
      else this.#onUploadFailure(write, error);
    } finally {
      this.#inFlight = false;
    }
    this.wake();
  }

  #onAccepted(write: Write, event: EventId, bytes: number): void {
    const { timers, rate } = this.#ports;
    const nowMs = timers.now();
    rate.accepted(nowMs);
    if (this.#failures > OUTAGE_FAILURES) this.#queue.recover();
    this.#failures = 0;
    this.#uploadFailures = 0;
    this.#queue.accepted(write.objects, event, nowMs);
    if (write.held !== null) {
      const { slots, slot, patch } = write.held;
      const isBlob = write.kind === 'blob';
      this.#choosing.slots.accepted(slots, slot, { event, atMs: nowMs, bytes, isBlob, patch });
    }
    if (isView(write)) this.#views.accepted(write.stateKey, event);
    this.#cleaning.accepted(write);
    if (write === this.#lastLayer) this.#endCheckpoint(null);
  }

  #onFailure(write: Write, error: unknown): void {
    const { refused, failed, rate, timers } = this.#ports;
    if (!(error instanceof HomeserverError)) {
      this.#part(write, error);
      return;
    }
    switch (error.code) {
      case 'rate-limited':
        rate.refused(timers.now(), error.retryAfterMs);
        break;
      case 'unreachable':
        this.#pause(this.#nextBackoffMs());
        break;
      case 'server':
        this.#onServerFailure(write, error);
        break;
      case 'forbidden':
        if (write.type === LAYER_EVENT) this.#denied.add(LAYER_EVENT);
        else if (write.objects.size > 0) refused(write.objects, error);
        if (write.objects.size === 0) this.#giveUp(write, error);
        break;
      case 'encrypted':
        refused(write.objects, error);
        break;
      case 'unknown-token':
      case 'closed':
        this.stop();
        failed(error);
        break;
      case 'aborted':
        break;
      default:
        this.#part(write, error);
    }
  }

  #onServerFailure(write: Write, error: HomeserverError): void {
    const [id] = write.objects.keys();
    // It may be this object alone, or one of these: others are tried at once, and tell.
    if (write.objects.size > 1) this.#queue.part(write.objects);
    else if (id === undefined) this.#giveUp(write, error);
    else if (this.#queue.postpone(id, this.#ports.timers.now()) === REPORT_AFTER_FAILURES)
      this.#ports.stuck(id, error);
    if (this.#failures > 0) this.#pause(this.#nextBackoffMs());
    else this.#failures = 1;
  }

  /** Media is another service than the room, with limits of its own; without it the edits go in events. */
  #onUploadFailure(write: Write, error: unknown): void {
    const code = error instanceof HomeserverError ? error.code : null;
    if (code === 'unreachable' || code === 'unknown-token' || code === 'closed') {
      this.#onFailure(write, error);
      return;
    }
    this.#uploadFailures += 1;
    const mayPass = error instanceof HomeserverError && error.retry;
    if (mayPass && this.#uploadFailures < MAX_UPLOAD_FAILURES)
      this.#pause(error.retryAfterMs ?? this.#nextBackoffMs());
    else {
      this.#uploadFailures = 0;
      this.#part(write, error);
    }
  }

  /** What was to be written is wrong: half of it may be right. */
  #part(write: Write, error: unknown): void {
    const [id] = write.objects.keys();
    if (write.objects.size > 1) this.#queue.part(write.objects);
    else if (id === undefined) this.#giveUp(write, error);
    else this.#isolate(id, error);
  }

  /** A write that nobody's edit waits for. */
  #giveUp(write: Write, error: unknown): void {
    const nowMs = this.#ports.timers.now();
    const code = error instanceof HomeserverError ? error.code : null;
    if (write === this.#lastLayer) this.#endCheckpoint(asError(error));
    else if (this.#cleaning.isLast(write)) this.#cleaning.failed(write, code, nowMs);
    else if (isView(write)) this.#views.refused(write.stateKey);
    else this.#retiring.failed(nowMs);
  }

  #isolate(id: ObjectId, error: unknown): void {
    this.#queue.isolate(id);
    this.#ports.stuck(id, asError(error));
  }

  #barred(type: string): HomeserverError {
    const { room } = this.#ports;
    return new HomeserverError('forbidden', {
      what: `write ${type} to ${room}`,
      got: 'the power level of this user is too low for it',
    });
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

/** An object's event that no edit waits for. */
function isView(write: Write): boolean {
  return write.objects.size === 0 && write.held === null;
}

function layerError(code: 'closed' | 'incomplete', got: string): HomeserverError {
  return new HomeserverError(code, { what: 'write a layer', got });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
