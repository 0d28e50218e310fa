import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const ROOT = fileURLToPath(new URL('page', import.meta.url));
const CACHE = fileURLToPath(new URL('../../../.weft/cache/vite-assets', import.meta.url));

export interface PageServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the pages of these tests. @param entry the script that is asked for first, such as `/page.ts` */
export async function servePages(entry: string): Promise<PageServer> {
  const server = await createServer({
    root: ROOT,
    cacheDir: CACHE,
    configFile: false,
    logLevel: 'error',
    server: { host: '127.0.0.1', hmr: false, watch: null },
  });
  await server.listen();
  const address = server.httpServer?.address();
  // Packages that are still being prepared when a page asks for them make it load twice.
  await server.warmupRequest(entry);
  await server.waitForRequestsIdle();
  return {
    url: typeof address === 'object' && address !== null ? `http://127.0.0.1:${address.port}` : '',
    close: () => server.close(),
  };
}
