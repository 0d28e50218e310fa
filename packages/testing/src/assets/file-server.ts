import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { TLS_IDENTITY } from './tls-identity.ts';

/** What a server does with one request. */
export type Behaviour = (request: IncomingMessage, response: ServerResponse) => void;

export interface SeenRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

export interface FileServerOptions {
  /** Serves https under a certificate that no machine trusts, unless it was told to. Default `true`. */
  readonly tls?: boolean;
  /** An address of this machine. Default `127.0.0.1`. */
  readonly host?: string;
}

/** A web server on this machine that does with each path what a test says, and remembers whoever came. */
export class FileServer {
  /** Every request, in order. */
  readonly requests: SeenRequest[] = [];
  readonly port: number;
  readonly #behaviours = new Map<string, Behaviour>();
  readonly #server: ReturnType<typeof createHttpServer>;
  #otherwise: Behaviour = (_request, response) => response.writeHead(404).end('not here');
  #connections = 0;

  private constructor(server: ReturnType<typeof createHttpServer>, port: number) {
    this.#server = server;
    this.port = port;
    server.on('connection', () => {
      this.#connections += 1;
    });
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      const path = request.url ?? '';
      this.requests.push({ path, headers: request.headers });
      (this.#behaviours.get(path) ?? this.#otherwise)(request, response);
    });
  }

  static async start({ tls = true, host = '127.0.0.1' }: FileServerOptions = {}): Promise<FileServer> {
    const server = tls ? createHttpsServer(TLS_IDENTITY) : createHttpServer();
    server.listen(0, host);
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new TypeError('no port');
    return new FileServer(server, address.port);
  }

  /** How many connections were made, whether or not anything was asked on them. */
  get connections(): number {
    return this.#connections;
  }

  /** Does this with every request for a path from now on. */
  at(path: string, behaviour: Behaviour): void {
    this.#behaviours.set(path, behaviour);
  }

  /** Does this with requests for every other path. Default: 404. */
  otherwise(behaviour: Behaviour): void {
    this.#otherwise = behaviour;
  }

  async close(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }
}
