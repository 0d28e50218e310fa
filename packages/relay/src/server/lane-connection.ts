import type { Socket } from 'node:net';
import type { Stop, Timers } from '@weft/core';
import {
  CLOSE_CODES,
  decodeFrame,
  type Hello,
  MAX_HELLO_BYTES,
  ProtocolError,
  type UpFrame,
} from '@weft/protocol';
import type { RawData, WebSocket } from 'ws';
import type { Redeemed } from '../admission/ticket-office.ts';
import type { Admitted } from '../lane/admitted.ts';
import type { LaneSession } from '../lane/lane-session.ts';
import type { LaneSocket } from '../lane/lane-socket.ts';
import { ABNORMAL, closeReason, INTERNAL_ERROR, webSocketCode } from './close-reason.ts';
import { frameName } from './frame-name.ts';
import type { Framer } from './framer.ts';
import { RateBudget } from './rate-budget.ts';
import type { RelayLog } from './relay-log.ts';
import type { RelayMetrics } from './relay-metrics.ts';
import type { Turns } from './turns.ts';

export interface ConnectionLimits {
  readonly helloMs: number;
  readonly silenceMs: number;
  readonly pingMs: number;
  readonly framesPerSecond: number;
  readonly frameBurst: number;
  readonly bytesPerSecond: number;
  readonly byteBurst: number;
}

/** What a connection needs of the relay around it. */
export interface ConnectionPorts {
  readonly timers: Timers;
  readonly limits: ConnectionLimits;
  readonly redeem: (hello: Hello) => Redeemed;
  /** Brings somebody into their world; `null` where the relay does not serve it any more. */
  readonly join: (admitted: Admitted, socket: LaneSocket) => LaneSession | null;
  readonly log: RelayLog;
  readonly metrics: RelayMetrics;
  /** Shared by all connections of a server. */
  readonly turns: Turns;
  readonly framer: Framer;
}

/** All that may come before a hello was accepted, framing and pings included. */
const MAX_GREETING_BYTES = MAX_HELLO_BYTES + 1024;
/** How long the closing handshake may take; then the connection is cut, and what waited in it is gone. */
const CLOSING_MS = 2000;
/** The same where no hello was accepted: strangers get no time for manners. */
const TURNING_AWAY_MS = 200;

/**
 * One WebSocket from its opening to its end: hello within its time, then frames at a bearable rate. Nothing that a peer
 * sends makes it throw, and nothing that goes wrong with one reaches another.
 */
export class LaneConnection implements LaneSocket {
  readonly #ws: WebSocket;
  readonly #tcp: Socket;
  readonly #ports: ConnectionPorts;
  readonly #frames: RateBudget;
  readonly #bytes: RateBudget;
  #session: LaneSession | null = null;
  #state: 'greeting' | 'open' | 'closing' | 'closed' = 'greeting';
  #greetingBytes = 0;
  #heardMs: number;
  #isCorked = false;
  /** The turn in which it was sent something last, how much, and whether it was several frames in that before. */
  #turn = -1;
  #sentInTurn = 0;
  #isBusy = false;
  #stopTimer: Stop;
  #stopPause: Stop | null = null;

  /** @param tcp what the WebSocket speaks through: what comes in is counted there, before anything of it is held */
  constructor(ws: WebSocket, tcp: Socket, ports: ConnectionPorts) {
    this.#ws = ws;
    this.#tcp = tcp;
    this.#ports = ports;
    const { limits, timers } = ports;
    const { now } = timers;
    this.#frames = new RateBudget({ perSecond: limits.framesPerSecond, burst: limits.frameBurst, now });
    this.#bytes = new RateBudget({ perSecond: limits.bytesPerSecond, burst: limits.byteBurst, now });
    this.#heardMs = now();
    this.#stopTimer = timers.after(limits.helloMs, () =>
      this.close(CLOSE_CODES.silent, `No hello came within ${limits.helloMs} ms.`),
    );
    // Before the listener by which ws takes the bytes in.
    tcp.prependListener('data', this.#onData);
    ws.on('message', this.#onMessage);
    ws.on('ping', this.#onPing);
    ws.on('error', this.#onError);
    ws.on('close', this.#onClose);
  }

  get isGreeting(): boolean {
    return this.#state === 'greeting';
  }

  get queuedBytes(): number {
    return this.#ws.bufferedAmount;
  }

  get quietMs(): number {
    return this.#stopPause === null ? this.#ports.timers.now() - this.#heardMs : 0;
  }

  ping(): void {
    if (this.#state === 'open') this.#ws.ping();
  }

  /**
   * The first frame of a turn of the event loop leaves at once, those after it at the turn's end in one packet where they fit;
   * of a socket that got several in its last turn, all do.
   */
  send(message: Uint8Array, written?: () => void): void {
    // Once ws has answered a closing handshake nothing may follow.
    if (this.#state !== 'open' || this.#ws.readyState !== this.#ws.OPEN) return;
    const { metrics, framer, turns } = this.#ports;
    this.#gather();
    const frame = framer.frame(message);
    if (written === undefined) this.#tcp.write(frame);
    else
      this.#tcp.write(frame, (error) => {
        if (error === undefined || error === null) written();
      });
    // What need not be done before it leaves.
    turns.begin();
    metrics.sent(frameName(message), message.length);
  }

  close(code: number, reason: string): void {
    if (this.#state === 'closing' || this.#state === 'closed') return;
    const closingMs = this.#state === 'greeting' ? TURNING_AWAY_MS : CLOSING_MS;
    this.#state = 'closing';
    this.#stopAll();
    this.#ports.metrics.closed(code, 'relay');
    this.#ports.log.debug({ code, reason }, 'closing a lane socket');
    this.#uncork();
    this.#ws.resume();
    this.#ws.close(code, closeReason(reason));
    this.#stopTimer = this.#ports.timers.after(closingMs, () => this.#ws.terminate());
    this.#leave();
  }

  /** Asks a quiet peer whether it is there, and gives up one that has not shown itself for too long. */
  sweep(nowMs: number): void {
    if (this.#state !== 'open' || this.#stopPause !== null) return;
    const { pingMs, silenceMs } = this.#ports.limits;
    const quietMs = nowMs - this.#heardMs;
    if (quietMs > silenceMs) this.#giveUp();
    else if (quietMs >= pingMs) this.ping();
  }

  // Nobody is there to take part in a closing handshake.
  #giveUp(): void {
    this.#state = 'closing';
    this.#stopAll();
    this.#ports.metrics.closed(ABNORMAL, 'relay');
    this.#ws.terminate();
    this.#leave();
  }

  #gather(): void {
    const { turns } = this.#ports;
    const turn = turns.current;
    if (turn !== this.#turn) {
      this.#isBusy = this.#sentInTurn > 1;
      this.#turn = turn;
      this.#sentInTurn = 0;
    }
    this.#sentInTurn += 1;
    if (this.#isCorked || (this.#sentInTurn === 1 && !this.#isBusy)) return;
    this.#isCorked = true;
    this.#tcp.cork();
    turns.atEnd(this.#uncork);
  }

  readonly #uncork = (): void => {
    if (!this.#isCorked) return;
    this.#isCorked = false;
    this.#tcp.uncork();
  };

  readonly #onData = (chunk: Buffer): void => {
    this.#heardMs = this.#ports.timers.now();
    this.#ports.metrics.receivedBytes(chunk.length);
    if (this.#state === 'greeting') {
      this.#greetingBytes += chunk.length;
      if (this.#greetingBytes > MAX_GREETING_BYTES)
        this.close(CLOSE_CODES.tooLarge, `A hello has at most ${MAX_HELLO_BYTES} bytes.`);
    } else if (this.#state === 'open') {
      this.#bytes.spend(chunk.length);
      this.#slowDown();
    }
  };

  readonly #onMessage = (data: RawData, isBinary: boolean): void => {
    if (this.#state !== 'greeting' && this.#state !== 'open') return;
    try {
      this.#count();
      this.#take(data, isBinary);
    } catch (error) {
      this.#refuse(error);
    }
  };

  // ws answers it; here it counts like a frame, so that nobody keeps the relay busy with them.
  readonly #onPing = (): void => this.#count();

  #count(): void {
    if (this.#state !== 'open') return;
    this.#frames.spend(1);
    this.#slowDown();
  }

  #slowDown(): void {
    if (this.#frames.isBroken || this.#bytes.isBroken)
      this.close(CLOSE_CODES.tooMany, 'More frames at once than this relay takes.');
    const waitMs = Math.max(this.#frames.owedMs(), this.#bytes.owedMs());
    if (waitMs === 0 || this.#stopPause !== null || this.#state !== 'open') return;
    this.#ports.metrics.paused();
    // What is not read stays with the sender: TCP tells it to wait.
    this.#ws.pause();
    this.#stopPause = this.#ports.timers.after(waitMs, () => {
      this.#stopPause = null;
      this.#ws.resume();
      this.#slowDown();
    });
  }

  #take(data: RawData, isBinary: boolean): void {
    // Counting it may have closed the socket.
    if (this.#state !== 'greeting' && this.#state !== 'open') return;
    if (!isBinary || !(data instanceof Uint8Array)) {
      this.close(CLOSE_CODES.malformed, 'Frames are binary messages.');
      return;
    }
    const frame = decodeFrame(data, 'to-relay');
    this.#ports.metrics.received(frame.type);
    if (this.#state === 'greeting') this.#greet(frame);
    else if (frame.type === 'hello') this.close(CLOSE_CODES.malformed, 'There is one hello.');
    else this.#session?.receive(frame);
  }

  #greet(frame: UpFrame): void {
    if (frame.type !== 'hello') {
      this.close(CLOSE_CODES.unauthenticated, 'Say hello first.');
      return;
    }
    const redeemed = this.#ports.redeem(frame);
    this.#ports.metrics.hello(redeemed.ok ? 'admitted' : 'refused');
    if (redeemed.ok) this.#enter(redeemed.admitted);
    else this.close(redeemed.closeCode, redeemed.reason);
  }

  #enter(admitted: Admitted): void {
    this.#stopTimer();
    this.#state = 'open';
    const session = this.#ports.join(admitted, this);
    if (session === null) this.close(CLOSE_CODES.forbidden, 'You may not enter this world.');
    // A room may have closed the socket while taking it in.
    else if (this.#state === 'open') this.#session = session;
    else session.closed();
  }

  #refuse(error: unknown): void {
    if (error instanceof ProtocolError) {
      this.close(error.closeCode, error.message);
      return;
    }
    // A defect of ours: this socket's frame fails, everybody else's go on.
    this.#ports.metrics.failure('frame');
    this.#ports.log.error({ err: error }, 'a frame could not be handled');
    this.close(INTERNAL_ERROR, 'The relay failed on this frame.');
  }

  // ws has found bytes that are no WebSocket, and closes by itself with the code of RFC 6455 that fits.
  readonly #onError = (error: Error): void => {
    if (this.#state === 'closing' || this.#state === 'closed') return;
    this.#ports.log.debug({ reason: error.message }, 'a lane socket failed');
    this.#ports.metrics.closed(webSocketCode(error), 'relay');
    this.#state = 'closing';
    this.#stopAll();
    this.#stopTimer = this.#ports.timers.after(CLOSING_MS, () => this.#ws.terminate());
    this.#leave();
  };

  readonly #onClose = (code: number): void => {
    if (this.#state === 'greeting' || this.#state === 'open') this.#ports.metrics.closed(code, 'client');
    this.#state = 'closed';
    this.#stopAll();
    this.#tcp.off('data', this.#onData);
    this.#leave();
  };

  #stopAll(): void {
    this.#stopTimer();
    this.#stopPause?.();
    this.#stopPause = null;
  }

  #leave(): void {
    const session = this.#session;
    this.#session = null;
    session?.closed();
  }
}
