import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const CACHES = fileURLToPath(new URL('../../../../.weft/cache/', import.meta.url));

export interface PageServerOptions {
  /** The folder of the pages. */
  readonly root: string;
  /** Prepared packages are kept under this name, and shared with nobody who serves other pages. */
  readonly name: string;
  /** The scripts that pages ask for first, such as `/page.ts`. */
  readonly entries: readonly string[];
  /** A configuration of Vite; none by default. */
  readonly configFile?: string;
  /** Whether pages of other origins may read what it serves; default no. */
  readonly cors?: boolean;
}

export interface PageServer {
  /** Without a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

/** Serves pages for tests, as a developer has them, on a free port. */
export async function servePages(options: PageServerOptions): Promise<PageServer> {
  const { root, name, entries, configFile = false, cors } = options;
  const server = await createServer({
    root,
    configFile,
    cacheDir: `${CACHES}vite-${name}`,
    logLevel: 'error',
    clearScreen: false,
    server: { host: '127.0.0.1', hmr: false, watch: null, ...(cors === undefined ? {} : { cors }) },
  });
  await server.listen();
  // Packages that are still being prepared when a page asks for them make it load twice.
  await Promise.all(entries.map((path) => server.warmupRequest(path)));
  await server.waitForRequestsIdle();
  const address = server.httpServer?.address();
  if (typeof address !== 'object' || address === null)
    throw new Error('the server of the tests has no address');
  return { url: `http://127.0.0.1:${address.port}`, close: () => server.close() };
}
