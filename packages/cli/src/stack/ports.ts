import { createServer } from 'node:net';
import { StackError } from './stack-error.ts';
import { LOOPBACK } from './synapse-config.ts';

/** Whether nobody listens on this port of the loopback address right now. */
export function isPortFree(port: number): Promise<boolean> {
  return listenOnce(port).then(
    () => true,
    () => false,
  );
}

/**
 * A port that the system gives out as free.
 * @throws StackError `no-free-port`
 */
export function findFreePort(): Promise<number> {
  return listenOnce(0).catch((cause: unknown) => {
    throw new StackError('no-free-port', {
      what: `No free port could be had on ${LOOPBACK}.`,
      hint: 'Close programs that listen on many ports and try again.',
      cause,
    });
  });
}

function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: LOOPBACK, exclusive: true }, () => {
      const address = server.address();
      const chosen = typeof address === 'object' && address !== null ? address.port : port;
      server.close(() => resolve(chosen));
    });
  });
}
