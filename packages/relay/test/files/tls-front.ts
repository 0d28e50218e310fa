import { once } from 'node:events';
import { request as ask } from 'node:http';
import {
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type OutgoingHttpHeaders,
} from 'node:http2';
import { TLS_IDENTITY } from '@weft/testing/assets/server';

/** Headers of one connection, which HTTP/2 has not. */
const OF_CONNECTION: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'transfer-encoding']);

/** The proxy in front of a relay: it ends TLS, speaks HTTP/2, and remembers what was asked. */
export class TlsFront {
  /** `HTTP/2.0 GET /path 200`, in the order in which they were answered. */
  readonly answered: string[] = [];
  readonly port: number;
  /** Where the relay listens. */
  target = '';
  readonly #server: Http2SecureServer;
  readonly #open = new Set<{ destroy(): void }>();

  private constructor(server: Http2SecureServer, port: number) {
    this.#server = server;
    this.port = port;
    server.on('session', (session) => {
      this.#open.add(session);
      session.once('close', () => this.#open.delete(session));
    });
    server.on('request', (request, response) => this.#pass(request, response));
  }

  static async start(): Promise<TlsFront> {
    const server = createSecureServer({ ...TLS_IDENTITY, allowHTTP1: true });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    if (address === null || typeof address === 'string') throw new TypeError('no port');
    return new TlsFront(server, address.port);
  }

  get url(): string {
    return `https://localhost:${this.port}`;
  }

  async close(): Promise<void> {
    for (const session of this.#open) session.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #pass(request: Http2ServerRequest, response: Http2ServerResponse): void {
    const { method, url } = request;
    const { accept } = request.headers;
    const headers = accept === undefined ? {} : { accept };
    const asked = ask(new URL(url, this.target), { method, headers }, (answer) => {
      const { statusCode = 502 } = answer;
      this.answered.push(`HTTP/${request.httpVersion} ${method} ${url} ${statusCode}`);
      const passed: OutgoingHttpHeaders = Object.fromEntries(
        Object.entries(answer.headers).filter(([name]) => !OF_CONNECTION.has(name)),
      );
      response.writeHead(statusCode, passed);
      answer.pipe(response);
    });
    asked.on('error', () => response.destroy());
    asked.end();
  }
}
