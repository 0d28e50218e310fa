import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { LOOPBACK } from '../synapse-config.ts';

export interface LoopbackRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

export interface LoopbackReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

export interface LoopbackServer {
  /** Without a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves what is answered to each request, on a port of the loopback address that is free. */
export async function serveLoopback(
  port: number,
  answer: (request: LoopbackRequest) => LoopbackReply,
): Promise<LoopbackServer> {
  const server = createServer(({ method = 'GET', url = '/', headers }, response) => {
    const reply = answer({ method, url, headers });
    response.writeHead(reply.status, reply.headers).end(reply.body);
  });
  server.listen(port, LOOPBACK);
  await once(server, 'listening');
  return {
    url: `http://${LOOPBACK}:${port}`,
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
