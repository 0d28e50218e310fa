import type { Timers } from '@weft/core';
import type { LaneSocket as ClientSocket, LaneSocketListener } from '@weft/live';
import type { LaneSocket as RelaySocket } from '@weft/relay';
import type { SeededRandom } from '../random/seeded-random.ts';

/** A connection as a relay takes it up. */
export interface SimServer {
  /** Somebody connects. @returns what their frames go to */
  connected(socket: RelaySocket): { received(bytes: Uint8Array): void; closed(): void };
}

const ABNORMAL = 1006;

/** One connection between a client and a relay. Messages arrive in order, each after the delay of the moment. */
class SimLink {
  readonly #network: SimNetwork;
  readonly #client: LaneSocketListener;
  #server: ReturnType<SimServer['connected']> | null = null;
  #atMs = { up: 0, down: 0 };
  #queuedBytes = 0;
  /** When the relay heard anything of the client last. */
  #heardMs: number;
  #isOver = false;
  /** Nothing arrives any more, and nobody knows. */
  isDeaf = false;

  constructor(network: SimNetwork, client: LaneSocketListener) {
    this.#network = network;
    this.#client = client;
    this.#heardMs = network.timers.now();
  }

  open(server: SimServer): void {
    this.#later('down', () => {
      const socket: RelaySocket = {
        send: (message, written) => this.#down(message, written),
        close: (code, reason) => this.#closedByRelay(code, reason),
        queuedBytes: 0,
        quietMs: 0,
        ping: () => this.#later('down', () => this.#later('up', () => undefined)),
      };
      Object.defineProperty(socket, 'queuedBytes', { get: () => this.#queuedBytes });
      Object.defineProperty(socket, 'quietMs', { get: () => this.#network.timers.now() - this.#heardMs });
      this.#server = server.connected(socket);
      this.#client.opened();
    });
  }

  get clientSocket(): ClientSocket {
    return {
      queuedBytes: 0,
      send: (bytes) => {
        const copy = Uint8Array.from(bytes);
        this.#later('up', () => this.#server?.received(copy));
      },
      close: () => {
        if (this.#isOver) return;
        this.#later('up', () => this.#end());
      },
    };
  }

  /** The relay's machine says that there is nobody, or the way is cut and both ends learn of it. */
  cut(): void {
    if (this.#isOver) return;
    this.#end();
    if (!this.isDeaf) this.#client.closed(ABNORMAL, '');
  }

  #down(message: Uint8Array, written?: () => void): void {
    if (this.#isOver) return;
    const copy = Uint8Array.from(message);
    this.#queuedBytes += copy.length;
    this.#later('down', () => {
      this.#queuedBytes -= copy.length;
      this.#client.received(copy);
      written?.();
    });
  }

  #closedByRelay(code: number, reason: string): void {
    this.#later('down', () => {
      this.#end();
      this.#client.closed(code, reason);
    });
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#network.forget(this);
    this.#server?.closed();
  }

  #later(way: 'up' | 'down', run: () => void): void {
    if (this.#isOver) return;
    const { timers } = this.#network;
    this.#atMs[way] = Math.max(this.#atMs[way], timers.now() + this.#network.delayMs());
    timers.after(this.#atMs[way] - timers.now(), () => {
      if (this.#isOver || this.isDeaf) return;
      if (way === 'up') this.#heardMs = timers.now();
      run();
    });
  }
}

/** The ways between clients and relays, under a clock that only the test moves. */
export class SimNetwork {
  readonly timers: Timers;
  readonly #random: SeededRandom;
  readonly #servers = new Map<string, SimServer>();
  readonly #links = new Map<SimLink, { readonly client: string; readonly url: string }>();
  /** Between two names nothing arrives: `client url`. */
  readonly #blocked = new Set<string>();
  /** The longest that a message takes. */
  maxDelayMs: number;

  constructor(timers: Timers, random: SeededRandom, maxDelayMs = 20) {
    this.timers = timers;
    this.#random = random;
    this.maxDelayMs = maxDelayMs;
  }

  get connections(): number {
    return this.#links.size;
  }

  delayMs(): number {
    return 1 + this.#random.below(this.maxDelayMs);
  }

  /** @param url where the sockets of a relay go */
  listen(url: string, server: SimServer): void {
    this.#servers.set(url, server);
  }

  /** The relay's process is gone: its machine answers that nobody is there. */
  close(url: string): void {
    this.#servers.delete(url);
    for (const [link, ends] of [...this.#links]) if (ends.url === url) link.cut();
  }

  /** Opens a socket of a client. */
  connect(client: string, url: string, listener: LaneSocketListener): ClientSocket {
    const link = new SimLink(this, listener);
    const server = this.#servers.get(url);
    this.#links.set(link, { client, url });
    link.isDeaf = this.#blocked.has(`${client} ${url}`);
    if (server === undefined) this.timers.after(this.delayMs(), () => link.cut());
    else link.open(server);
    return link.clientSocket;
  }

  /** The connections of a client are lost, and both ends know. */
  cut(client: string, url?: string): void {
    for (const link of this.#linksOf(client, url)) link.cut();
  }

  /** The connections of a client carry nothing any more, and nobody knows; new ones neither, until `unblock`. */
  block(client: string, url: string): void {
    this.#blocked.add(`${client} ${url}`);
    for (const link of this.#linksOf(client, url)) link.isDeaf = true;
  }

  unblock(client: string, url: string): void {
    this.#blocked.delete(`${client} ${url}`);
  }

  unblockAll(): void {
    this.#blocked.clear();
  }

  forget(link: SimLink): void {
    this.#links.delete(link);
  }

  #linksOf(client: string, url?: string): SimLink[] {
    return [...this.#links].flatMap(([link, ends]) =>
      ends.client === client && (url === undefined || ends.url === url) ? [link] : [],
    );
  }
}
