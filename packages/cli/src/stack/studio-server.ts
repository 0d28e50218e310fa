import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { join } from 'node:path';
import type { Connect, ViteDevServer } from 'vite';
import { findFreePort, isPortFree } from './ports.ts';
import { answerSession, type PageSession } from './session-route.ts';
import { StackError } from './stack-error.ts';
import { LOOPBACK } from './synapse-config.ts';

export interface StudioOptions {
  /** The studio's folder: `<repository>/demos/studio`. */
  readonly root: string;
  /** `<repository>/.weft`: prepared code is cached in it; what it keeps of instances and servers is never served. */
  readonly directory: string;
  /** Tried first; another free one is taken when it is not free. */
  readonly port?: number | undefined;
  /** By page: `builder` is served at `/builder`. */
  readonly sessions: Readonly<Record<string, PageSession>>;
}

export interface Studio {
  readonly port: number;
  /** By page, ready to open. */
  readonly links: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Vite's own list, which a list of ours replaces. */
const DENIED_BY_VITE = ['.env', '.env.*', '*.{crt,pem}', '**/.git/**'] as const;
/** Folders that hold tokens and databases. */
const PRIVATE_FOLDERS = ['instances', 'servers'] as const;

/**
 * Serves the studio on the loopback address, with one page a session. Resolves when the first page loads without
 * waiting; about 1 s, some seconds the first time.
 * @throws StackError `bad-file` when there is no studio at `root`, `no-free-port`.
 */
export async function serveStudio(options: StudioOptions): Promise<Studio> {
  const index = join(options.root, 'index.html');
  if (!existsSync(index)) {
    throw new StackError('bad-file', {
      what: `There is no studio in ${options.root}.`,
      hint: 'Run this from a whole copy of the repository.',
    });
  }
  const directory = literalGlob(await realpath(options.directory));
  // Loaded only here: the other commands start faster without it.
  const { createServer } = await import('vite');
  const port =
    options.port !== undefined && (await isPortFree(options.port)) ? options.port : await findFreePort();
  const http = createHttpServer();
  const vite = await createServer({
    root: options.root,
    cacheDir: join(options.directory, 'cache', 'vite'),
    logLevel: 'error',
    clearScreen: false,
    server: {
      // Its own server would end this process at SIGTERM, and when stdin ends, before the homeserver is stopped.
      middlewareMode: { server: http },
      cors: false,
      // A page must not change under two people because somebody saved a file.
      hmr: false,
      watch: null,
      fs: { deny: [...DENIED_BY_VITE, ...PRIVATE_FOLDERS.map((folder) => `${directory}/${folder}/**`)] },
    },
    plugins: [
      {
        name: 'weft-sessions',
        configureServer: ({ middlewares }) => {
          middlewares.use(sessionMiddleware(options.sessions, port));
        },
      },
    ],
  });
  http.on('request', vite.middlewares);
  http.listen(port, LOOPBACK);
  await once(http, 'listening');
  await warmUp(vite, index);
  const link = (name: string) => [name, `http://${LOOPBACK}:${port}/${name}`] as const;
  return {
    port,
    links: Object.fromEntries(Object.keys(options.sessions).map(link)),
    async close() {
      await vite.close();
      http.close();
      http.closeAllConnections();
    },
  };
}

function literalGlob(path: string): string {
  return path.replace(/[\\*?[\]{}()!+@|]/g, '\\$&');
}

function sessionMiddleware(
  sessions: Readonly<Record<string, PageSession>>,
  port: number,
): Connect.NextHandleFunction {
  return (request, response, next) => {
    const { method = 'GET', url = '/', headers } = request;
    const reply = answerSession({ method, url, headers }, sessions, port);
    if (reply === null) {
      next();
      return;
    }
    response.writeHead(reply.status, reply.headers).end(reply.body);
  };
}

/** Prepares the entry and everything it imports, so that the first page does not meet half-prepared packages. */
async function warmUp(server: ViteDevServer, index: string): Promise<void> {
  const page = await readFile(index, 'utf8');
  const entries = [...page.matchAll(/<script[^>]*\bsrc="([^"]+)"/g)].map((match) => match[1] ?? '');
  await Promise.all(entries.map((entry) => server.warmupRequest(entry)));
  await server.waitForRequestsIdle();
}
