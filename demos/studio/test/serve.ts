import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createServer } from 'vite';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CACHE = join(ROOT, '..', '..', '.weft', 'cache', 'vite-tests');

export interface ServedStudio {
  /** Without a slash at its end. */
  readonly url: string;
  close(): Promise<void>;
}

/** Studio and its pages for tests, as a developer has them, on a free port. */
export async function serveForTests(): Promise<ServedStudio> {
  const server = await createServer({
    root: ROOT,
    configFile: join(ROOT, 'vite.config.ts'),
    cacheDir: CACHE,
    logLevel: 'error',
    clearScreen: false,
    server: { host: '127.0.0.1', hmr: false, watch: null },
  });
  await server.listen();
  // Packages that are still being prepared when a page asks for them make it load twice.
  await Promise.all(
    ['/src/main.tsx', '/src/editor-bundle.ts', '/test/fixture.tsx'].map((path) => server.warmupRequest(path)),
  );
  await server.waitForRequestsIdle();
  const address = server.httpServer?.address();
  if (typeof address !== 'object' || address === null)
    throw new Error('the server of the tests has no address');
  return { url: `http://127.0.0.1:${address.port}`, close: () => server.close() };
}
