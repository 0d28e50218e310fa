import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Stack } from '@weft/cli/stack';

const LOOPBACK = '127.0.0.1';

/** Lets test files, which run in processes of their own, share the stack that this process owns. */
export interface FixtureServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves `/stack`, `/account/NAME`, `/administrator/NAME` and `/restart` on a free loopback port. */
export async function serveFixtures(stack: Stack): Promise<FixtureServer> {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [, verb = '', argument = ''] = (request.url ?? '').split('/');
    const reply = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    try {
      if (verb === 'stack') reply(200, { homeserverUrl: stack.homeserverUrl });
      else if (verb === 'account') reply(200, await stack.account(decodeURIComponent(argument)));
      else if (verb === 'administrator')
        reply(200, await stack.account(decodeURIComponent(argument), 'administrator'));
      else if (verb === 'restart') reply(200, await stack.restart().then(() => ({})));
      else reply(404, { error: `no fixture "${verb}"` });
    } catch (error) {
      reply(500, { error: error instanceof Error ? error.message : String(error) });
    }
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, LOOPBACK, resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('no port');
  return {
    url: `http://${LOOPBACK}:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
