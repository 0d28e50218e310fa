import type { IncomingMessage, Server } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Stop, Timers } from '@weft/core';
import { CLOSE_CODES, MAX_FRAME_BYTES } from '@weft/protocol';
import { WebSocketServer } from 'ws';
import { AddressBook } from './address-book.ts';
import type { ClientAddresses } from './client-address.ts';
import { Framer } from './framer.ts';
import { type HttpRoutes, LANE_PATH } from './http-routes.ts';
import { type ConnectionLimits, type ConnectionPorts, LaneConnection } from './lane-connection.ts';
import type { Origins } from './origins.ts';
import type { RelayLog } from './relay-log.ts';
import type { RelayMetrics } from './relay-metrics.ts';
import { Turns } from './turns.ts';

export interface ServerLimits extends ConnectionLimits {
  readonly sockets: number;
  readonly socketsPerAddress: number;
  readonly unheardSockets: number;
}

export interface RelayServerOptions {
  /** Listens already; closed with this server. */
  readonly http: Server;
  readonly limits: ServerLimits;
  readonly addresses: ClientAddresses;
  readonly origins: Origins;
  readonly routes: Pick<HttpRoutes, 'pathOf' | 'answer'>;
  readonly connection: Pick<ConnectionPorts, 'redeem' | 'join'>;
  readonly timers: Timers;
  readonly log: RelayLog;
  readonly metrics: RelayMetrics;
}

/** A frame that comes in more pieces than this was cut up to cost memory: browsers use a few for a mebibyte. */
const MAX_FRAGMENTS = 256;
/** Chunks of TCP that one frame may be waiting in: 1 MiB in packets of an Ethernet, four times over. */
const MAX_BUFFERED_CHUNKS = 4096;
/** Connections that are no lanes: requests, and upgrades on their way. */
const MAX_OTHER_CONNECTIONS = 1024;

/** What sockets are asked about when the figures are read. */
export interface SocketFigures {
  readonly greeting: number;
  readonly open: number;
  readonly addresses: number;
  readonly queuedBytes: number;
  readonly mostQueuedBytes: number;
}

/** Takes in connections within bounds: HTTP goes to the routes, what wants to be a lane becomes a `LaneConnection`. */
export class RelayServer {
  readonly #options: RelayServerOptions;
  readonly #book: AddressBook;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    // Held by us, in a set that is asked for its size.
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: MAX_FRAME_BYTES,
    maxFragments: MAX_FRAGMENTS,
    maxBufferedChunks: MAX_BUFFERED_CHUNKS,
  });
  readonly #turns = new Turns();
  readonly #framer = new Framer();
  readonly #connections = new Set<LaneConnection>();
  /** Those that had not said hello when last counted. */
  readonly #unheard = new Set<LaneConnection>();
  #isDraining = false;
  #stopSweep: Stop;
  #isEmpty: (() => void) | null = null;

  constructor(options: RelayServerOptions) {
    this.#options = options;
    const { http, limits, routes, timers } = options;
    this.#book = new AddressBook(limits.socketsPerAddress);
    http.maxConnections = limits.sockets + MAX_OTHER_CONNECTIONS;
    http.on('connection', this.#onConnection);
    http.on('drop', () => options.metrics.rejected('connections'));
    http.on('request', (request, response) => void routes.answer(request, response));
    http.on('upgrade', this.#onUpgrade);
    http.on('clientError', this.#onClientError);
    this.#stopSweep = timers.after(sweepMs(limits), this.#sweep);
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  figures(): SocketFigures {
    let [queuedBytes, mostQueuedBytes] = [0, 0];
    for (const connection of this.#connections) {
      queuedBytes += connection.queuedBytes;
      mostQueuedBytes = Math.max(mostQueuedBytes, connection.queuedBytes);
    }
    const greeting = this.#countUnheard();
    const open = this.#connections.size - greeting;
    return { greeting, open, addresses: this.#book.size, queuedBytes, mostQueuedBytes };
  }

  /** Takes in nobody new. Resolves when everybody has gone, or after this time. */
  drain(withinMs: number): Promise<void> {
    this.#isDraining = true;
    for (const connection of this.#unheard) {
      if (connection.isGreeting) connection.close(CLOSE_CODES.draining, DRAINING);
    }
    if (this.#connections.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const stop = this.#options.timers.after(withinMs, resolve);
      this.#isEmpty = () => {
        stop();
        resolve();
      };
    });
  }

  /** Closes every socket with a code, cuts what does not close in time, and stops listening. */
  async close(): Promise<void> {
    this.#isDraining = true;
    this.#stopSweep();
    for (const connection of this.#connections) connection.close(CLOSE_CODES.draining, DRAINING);
    const { http } = this.#options;
    const closed = new Promise<void>((resolve) => http.close(() => resolve()));
    http.closeIdleConnections();
    const stop = this.#options.timers.after(CLOSING_MS, () => http.closeAllConnections());
    // Upgraded sockets are none of the HTTP server's any more: it waits for them, and each ends by its own deadline.
    await closed;
    stop();
  }

  readonly #onConnection = (tcp: Socket): void => {
    const { addresses, metrics } = this.#options;
    const peer = tcp.remoteAddress;
    // Behind a proxy it is not known yet who comes: counted when the headers have said so.
    if (addresses.isProxy(peer)) return;
    const leave = this.#book.enter(addresses.keyOf(peer));
    if (leave === null) {
      metrics.rejected('address');
      tcp.destroy();
      return;
    }
    tcp.once('close', leave);
  };

  readonly #onUpgrade = (request: IncomingMessage, tcp: Duplex, head: Buffer): void => {
    // Until ws listens itself: a peer that resets the connection is no defect.
    tcp.on('error', ignore);
    const refusal = this.#refusal(request, tcp);
    if (refusal !== null) {
      this.#options.metrics.rejected(refusal.reason);
      tcp.end(
        `HTTP/1.1 ${refusal.status}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(refusal.words)}\r\n\r\n${refusal.words}`,
        () => tcp.destroy(),
      );
      return;
    }
    this.#sockets.handleUpgrade(request, tcp, head, (ws) => {
      if (!(tcp instanceof Socket)) return ws.terminate();
      const { connection, limits, timers, log, metrics } = this.#options;
      const shared = { turns: this.#turns, framer: this.#framer };
      const lane = new LaneConnection(ws, tcp, { ...connection, ...shared, limits, timers, log, metrics });
      this.#connections.add(lane);
      this.#unheard.add(lane);
      ws.once('close', () => this.#forget(lane));
    });
  };

  #refusal(request: IncomingMessage, tcp: Duplex): Refusal | null {
    const { routes, origins, limits, addresses } = this.#options;
    if (routes.pathOf(request.url) !== LANE_PATH)
      return { status: '404 Not Found', reason: 'path', words: `The lane is at ${LANE_PATH}.` };
    if (!origins.allows(request.headers.origin))
      return {
        status: '403 Forbidden',
        reason: 'origin',
        words: 'Pages of this origin may not use this relay.',
      };
    if (this.#isDraining)
      return { status: '503 Service Unavailable', reason: 'draining', words: 'The relay is about to stop.' };
    if (this.#connections.size >= limits.sockets || this.#countUnheard() >= limits.unheardSockets)
      return { status: '503 Service Unavailable', reason: 'sockets', words: 'The relay is full.' };
    const peer = tcp instanceof Socket ? tcp.remoteAddress : undefined;
    if (!addresses.isProxy(peer)) return null;
    const leave = this.#book.enter(addresses.keyOf(peer, request.headers));
    if (leave === null)
      return {
        status: '429 Too Many Requests',
        reason: 'address',
        words: 'Too many connections of one address.',
      };
    tcp.once('close', leave);
    return null;
  }

  // Without a listener Node would answer too; with one the figures know of it.
  readonly #onClientError = (error: Error, tcp: Duplex): void => {
    const code = 'code' in error ? String(error.code) : '';
    this.#options.metrics.rejected(code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'slow' : 'http');
    if (!tcp.writable) {
      tcp.destroy();
      return;
    }
    tcp.on('error', ignore);
    tcp.end(`HTTP/1.1 ${CLIENT_ERRORS[code] ?? '400 Bad Request'}\r\nConnection: close\r\n\r\n`, () =>
      tcp.destroy(),
    );
  };

  readonly #sweep = (): void => {
    const { timers, limits } = this.#options;
    const nowMs = timers.now();
    for (const connection of this.#connections) connection.sweep(nowMs);
    this.#stopSweep = timers.after(sweepMs(limits), this.#sweep);
  };

  // Each leaves the set once, so that counting costs little however often somebody knocks.
  #countUnheard(): number {
    for (const connection of this.#unheard) if (!connection.isGreeting) this.#unheard.delete(connection);
    return this.#unheard.size;
  }

  #forget(lane: LaneConnection): void {
    this.#connections.delete(lane);
    this.#unheard.delete(lane);
    if (this.#connections.size === 0) this.#isEmpty?.();
  }
}

interface Refusal {
  readonly status: string;
  readonly reason: string;
  readonly words: string;
}

const DRAINING = 'The relay stops; come back in a moment.';
/** Longer than a lane's closing handshake may take. */
const CLOSING_MS = 3000;
const CLIENT_ERRORS: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
};

/** Half a ping: whoever is gone is found at most this much after the silence that is allowed. */
function sweepMs({ pingMs }: ConnectionLimits): number {
  return Math.ceil(pingMs / 2);
}

function ignore(): void {}
