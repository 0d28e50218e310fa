import { type ActorId, type Backoff, fraction, type Stop, toBase64Url, unreachable } from '@weft/core';
import {
  type Hello,
  helloBytes,
  LANE_VERSION,
  laneUrl,
  type Position,
  type RelayTransport,
  TicketRefused,
  type UpFrame,
  type Welcome,
} from '@weft/protocol';
import { ClockOffset } from '../clock/clock-offset.ts';
import type { LaneSocket } from '../lane-socket.ts';
import type { LaneProgress } from '../lane-status.ts';
import { closeEvent } from '../negotiation/close-event.ts';
import { LANE_TABLE, type LaneHappening, type LaneState } from '../negotiation/lane-table.ts';
import type { Pause } from '../negotiation/outcome.ts';
import {
  A_MOMENT_MS,
  CONNECT_DEADLINE,
  type Deadline,
  deadlineMs,
  LOAD_DEADLINE,
  pauseMs,
  RECONNECT,
  RECONNECT_SOON,
  TICKET_DEADLINE,
  WELCOME_DEADLINE,
} from '../negotiation/pacing.ts';
import type { Ticket } from '../signalling.ts';
import { Conversation, type SaidFrame } from './conversation.ts';
import type { LaneListener, LanePorts } from './lane-ports.ts';
import { Liveness } from './liveness.ts';

/** A lane that was live for so long begins to count its failures anew. */
export const STABLE_MS = 10_000;
const NONCE_BYTES = 16;
const LEAVING = 1_000;

/** The way to one relay, and what is said on it. The table decides, this carries it out. */
export class Lane {
  readonly transport: RelayTransport;
  readonly clock = new ClockOffset();
  readonly #ports: LanePorts;
  readonly #listener: LaneListener;
  readonly #inFlight: () => number;
  #state: LaneState = 'idle';
  #reason = '';
  #last: LaneHappening = 'start';
  #failures = 0;
  #sinceMs: number;
  #soughtSinceMs: number;
  #fellSilent = false;
  #lastLiveMs: number | null = null;
  #retryAtMs: number | null = null;
  #progress: LaneProgress | null = null;
  #isKeeping = true;
  #position: Position | null = null;
  /** The earlier runs that the hello of this socket named; `null` before it. */
  #named: ReadonlySet<ActorId> | null = null;
  /** What belongs to the state, or to the way there. */
  #stopTimer: Stop | null = null;
  #request: AbortController | null = null;
  #ticket: (Ticket & { readonly nonce: string }) | null = null;
  #attempt: object | null = null;
  #socket: LaneSocket | null = null;
  #conversation: Conversation | null = null;
  #liveness: Liveness | null = null;

  /** @param inFlight how many own frames are on their way on this lane */
  constructor(transport: RelayTransport, ports: LanePorts, listener: LaneListener, inFlight: () => number) {
    this.transport = transport;
    this.#ports = ports;
    this.#listener = listener;
    this.#inFlight = inFlight;
    this.#sinceMs = ports.timers.now();
    this.#soughtSinceMs = this.#sinceMs;
  }

  get state(): LaneState {
    return this.#state;
  }

  /** Why it is where it is, where that is a failure. */
  get reason(): string {
    return this.#reason;
  }

  /** What happened last. */
  get last(): LaneHappening {
    return this.#last;
  }

  /** How many attempts failed in a row. */
  get failures(): number {
    return this.#failures;
  }

  /** Since when it is in its state, by the local clock. */
  get sinceMs(): number {
    return this.#sinceMs;
  }

  /** Since when it is on the way: from its start, or from the last time that it was live. */
  get soughtSinceMs(): number {
    return this.#soughtSinceMs;
  }

  /** Whether its relay answered nothing any more when it was live last. */
  get fellSilent(): boolean {
    return this.#fellSilent;
  }

  get retryAtMs(): number | null {
    return this.#retryAtMs;
  }

  get progress(): LaneProgress | null {
    return this.#progress;
  }

  /** Whether the relay's journal takes what it is given; while it does not, nothing is held. */
  get isKeeping(): boolean {
    return this.#isKeeping;
  }

  start(): void {
    this.#happen('start');
  }

  /** Ends a wait. */
  wake(): void {
    this.#happen('wake');
  }

  stop(reason = ''): void {
    this.#happen('stop', reason);
  }

  /** Forgets what was heard: the next welcome brings all that is live. */
  resync(): void {
    this.#happen('gap', 'all is asked for anew');
    this.#position = null;
  }

  /** Comes in once more where hello did not name all earlier runs that there are. @returns whether it has to */
  greetAnew(): boolean {
    if (this.#ports.replica.former.every((actor) => this.#named?.has(actor) !== false)) return false;
    this.#happen('gap', 'edits of an earlier run came up');
    return true;
  }

  /** @returns whether it went out: only a live lane sends */
  send(frame: UpFrame): boolean {
    if (this.#state !== 'live' || this.#conversation === null) return false;
    this.#conversation.send(frame);
    return true;
  }

  /** Sends a patch or a lease: these are numbered, each socket's from 1. */
  sendNumbered(make: (n: number) => UpFrame): boolean {
    if (this.#state !== 'live' || this.#conversation === null) return false;
    this.#conversation.send(make(this.#conversation.nextNumber()));
    return true;
  }

  get welcome(): Welcome | null {
    return this.#conversation?.welcome ?? null;
  }

  get queuedBytes(): number {
    return this.#socket?.queuedBytes ?? 0;
  }

  #happen(happening: LaneHappening, reason = ''): void {
    const outcome = LANE_TABLE[this.#state][happening];
    if (outcome === 'ignore') return;
    this.#leave(outcome.to, happening);
    this.#last = happening;
    if (outcome.to === 'waiting' || outcome.to === 'off') this.#reason = reason;
    this.#state = outcome.to;
    this.#sinceMs = this.#ports.timers.now();
    this.#enter(outcome.to, outcome.pause ?? 'back-off');
    this.#listener.changed();
  }

  #leave(to: LaneState, happening: LaneHappening): void {
    const { timers } = this.#ports;
    this.#stopTimer?.();
    this.#stopTimer = null;
    this.#retryAtMs = null;
    if (this.#state === 'live' && timers.now() - this.#sinceMs >= STABLE_MS) this.#failures = 0;
    if (this.#state === 'live') this.#lastLiveMs = timers.now();
    if (this.#state === 'live' || happening === 'start') {
      this.#soughtSinceMs = timers.now();
      this.#fellSilent = happening === 'silent';
    }
    if (to !== 'waiting' && to !== 'off') return;
    this.#position = this.#conversation?.position ?? this.#position;
    this.#hangUp(happening === 'stop');
  }

  #enter(state: LaneState, pause: Pause): void {
    switch (state) {
      case 'idle':
      case 'off':
        return;
      case 'requesting':
        this.#by(TICKET_DEADLINE, 'no ticket came');
        this.#requestTicket();
        return;
      case 'connecting':
        this.#by(CONNECT_DEADLINE, 'the socket did not open');
        this.#connect();
        return;
      case 'greeting':
        this.#by(WELCOME_DEADLINE, 'no welcome came');
        this.#greet();
        return;
      case 'loading':
        this.#by(LOAD_DEADLINE, 'the world stopped coming');
        return;
      case 'live':
        this.#progress = null;
        return;
      case 'waiting':
        if (pause !== 'drain') this.#failures += 1;
        this.#wait(pauseMs(pause, this.#failures, fraction(this.#ports.random), this.#backoff));
        return;
      default:
        unreachable(state);
    }
  }

  get #backoff(): Backoff {
    const awayMs = this.#ports.timers.now() - (this.#lastLiveMs ?? Number.NEGATIVE_INFINITY);
    return awayMs < A_MOMENT_MS ? RECONNECT_SOON : RECONNECT;
  }

  #wait(ms: number): void {
    const { timers } = this.#ports;
    this.#retryAtMs = timers.now() + ms;
    this.#stopTimer = timers.after(ms, () => this.#happen('elapsed'));
  }

  /** Gives the state its time. */
  #by(deadline: Deadline, reason: string): void {
    this.#stopTimer?.();
    const ms = deadlineMs(deadline, this.#failures);
    this.#stopTimer = this.#ports.timers.after(ms, () => this.#happen('late', `${reason} in ${ms / 1000} s`));
  }

  #requestTicket(): void {
    const { signalling, memberId, key, random } = this.#ports;
    const request = new AbortController();
    const nonce = toBase64Url(random(NONCE_BYTES));
    this.#request = request;
    const asked = { memberId, nonce, key: toBase64Url(key.publicKey) };
    signalling.requestTicket(this.transport, asked, request.signal).then(
      (ticket) => {
        if (this.#request !== request) return;
        this.#ticket = { ...ticket, nonce };
        this.#happen('ticket');
      },
      (error: unknown) => {
        if (this.#request !== request) return;
        const isFinal = error instanceof TicketRefused && error.code === 'forbidden';
        this.#happen(isFinal ? 'forbidden' : 'refused', messageOf(error));
      },
    );
  }

  #connect(): void {
    // What an earlier socket still tells is nobody's.
    const attempt = {};
    const isCurrent = (): boolean => this.#attempt === attempt;
    this.#attempt = attempt;
    const socket = this.#ports.openSocket(laneUrl(this.transport), {
      opened: () => {
        if (isCurrent()) this.#happen('opened');
      },
      received: (bytes) => {
        if (this.#attempt !== attempt) return;
        this.#liveness?.heard();
        this.#conversation?.receive(bytes);
      },
      closed: (code, reason) => {
        if (isCurrent()) this.#happen(closeEvent(code), reason);
      },
    });
    // It may have failed at once.
    if (isCurrent()) this.#socket = socket;
    else socket.close(LEAVING, '');
  }

  #greet(): void {
    const { timers, decoding, key, room } = this.#ports;
    const conversation = new Conversation({
      send: (bytes) => this.#socket?.send(bytes),
      timers,
      decoding,
      inFlight: this.#inFlight,
      listener: {
        happened: (happening, reason) => this.#happen(happening, reason),
        welcomed: (welcome) => this.#welcomed(welcome),
        advanced: () => this.#advanced(),
        heard: (heard) => this.#listener.heard(heard),
        caughtUp: () => this.#listener.caughtUp(),
        committed: (seq) => this.#listener.committed(seq),
        said: (frame) => this.#said(frame),
        progress: (progress) => this.#loading(progress),
      },
    });
    this.#conversation = conversation;
    const ticket = this.#ticket;
    if (ticket === null) return;
    const parts = { ticket: ticket.ticket, nonce: ticket.nonce, url: ticket.url, room };
    key.sign(helloBytes(parts)).then(
      (signature) => {
        if (this.#conversation === conversation) conversation.send(this.#hello(ticket, signature));
      },
      (error: unknown) => {
        if (this.#conversation === conversation) this.#happen('broken', messageOf(error));
      },
    );
  }

  #hello({ ticket, nonce }: { ticket: string; nonce: string }, signature: Uint8Array): Hello {
    const { room, mode, replica } = this.#ports;
    const former = [...replica.former];
    this.#named = new Set(former);
    return {
      type: 'hello',
      version: LANE_VERSION,
      ...{ room, ticket, nonce, signature, mode },
      actor: replica.actor,
      former,
      position: this.#position,
      setHash: replica.setHash(),
    };
  }

  #welcomed(welcome: Welcome): void {
    const { timers } = this.#ports;
    this.#liveness = new Liveness({
      timers,
      ping: () => this.#conversation?.send({ type: 'clock-up', at: Math.floor(timers.now()) }),
      silent: () => this.#happen('silent', 'nothing was heard for too long'),
    });
    this.#liveness.start();
    this.#listener.welcomed(welcome, this.#position);
  }

  /** More of what was missed has come: so long as it does, it may take its time. */
  #advanced(): void {
    if (this.#state === 'loading') this.#by(LOAD_DEADLINE, 'the world stopped coming');
  }

  #said(frame: SaidFrame): void {
    if (frame.type === 'clock') this.clock.add(frame.at, frame.relayMs, this.#ports.timers.now());
    else if (frame.type === 'keeping') this.#isKeeping = frame.ok;
    else {
      this.#listener.said(frame);
      return;
    }
    this.#listener.changed();
  }

  #loading(progress: LaneProgress): void {
    this.#progress = progress;
    this.#listener.changed();
  }

  /** Lets go of whatever belongs to an attempt. */
  #hangUp(isWanted: boolean): void {
    if (isWanted) this.#conversation?.send({ type: 'bye-up', code: LEAVING, reason: '' });
    this.#conversation?.end();
    this.#conversation = null;
    this.#named = null;
    this.#liveness?.stop();
    this.#liveness = null;
    const [request, socket] = [this.#request, this.#socket];
    this.#request = null;
    this.#ticket = null;
    this.#attempt = null;
    this.#socket = null;
    this.#progress = null;
    this.#isKeeping = true;
    request?.abort();
    socket?.close(LEAVING, '');
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
