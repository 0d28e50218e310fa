import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ListenerLimits {
  readonly headersMs: number;
  readonly requestMs: number;
}

const MAX_HEADER_BYTES = 8192;
const KEEP_ALIVE_MS = 5000;
/** How often requests that take too long are looked for. */
const CHECKING_MS = 500;

/**
 * An HTTP server that nobody can hold by being slow: the headers, and the whole request, have their time. Listens
 * before it answers anything, so that the port is known to whoever has to name it.
 *
 * @throws the error of `listen`, such as EADDRINUSE
 */
export async function listen(
  host: string,
  port: number,
  limits: ListenerLimits,
): Promise<{ http: Server; port: number }> {
  const http = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: limits.headersMs,
    requestTimeout: Math.max(limits.requestMs, limits.headersMs),
    keepAliveTimeout: KEEP_ALIVE_MS,
    connectionsCheckingInterval: CHECKING_MS,
    requireHostHeader: true,
    noDelay: true,
  });
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, host, () => {
      http.off('error', reject);
      resolve();
    });
  });
  return { http, port: portOf(http.address()) };
}

function portOf(address: AddressInfo | string | null): number {
  if (typeof address === 'object' && address !== null) return address.port;
  throw new TypeError('the server listens on no port');
}
