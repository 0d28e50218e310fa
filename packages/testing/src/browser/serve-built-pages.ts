import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { answerPage, builtPages, type PagesToBuild } from '@weft/cli/stack';
import { WEFT_DIRECTORY } from '../weft-directory.ts';
import type { PageServer } from './serve-pages.ts';

/** Serves pages for tests as they are built for the web, on a free port: they open in a fraction of the time of sources. */
export async function serveBuiltPages(pages: Omit<PagesToBuild, 'cache'>): Promise<PageServer> {
  const files = await builtPages({ ...pages, cache: join(WEFT_DIRECTORY, 'cache', 'pages') });
  const server = createServer(({ method = 'GET', url = '/' }, response) => {
    const reply = answerPage({ method, url }, files, { '/': '/index.html' });
    response.writeHead(reply.status, reply.headers).end(reply.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null)
    throw new Error('the server of the tests has no address');
  return {
    url: `http://127.0.0.1:${address.port}`,
    async close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
