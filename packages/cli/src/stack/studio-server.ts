import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { answerPage } from './pages/answer-page.ts';
import { builtPages } from './pages/built-pages.ts';
import { serveLoopback } from './pages/serve-loopback.ts';
import { findFreePort, isPortFree } from './ports.ts';
import { answerSession, type PageSession } from './session-route.ts';
import { StackError } from './stack-error.ts';

export interface StudioOptions {
  /** The studio's folder: `<repository>/demos/studio`. */
  readonly root: string;
  /** `<repository>/.weft`: what was built is kept in it. */
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

const INDEX = 'index.html';

/**
 * Serves the studio on the loopback address, with one page a session: the files of a build and nothing else. Resolves in
 * a moment where this studio was built before, else in some 5 s.
 * @throws StackError `bad-file` when there is no studio at `root`, `no-free-port`.
 */
export async function serveStudio(options: StudioOptions): Promise<Studio> {
  const { root, directory, sessions } = options;
  if (!existsSync(join(root, INDEX))) {
    throw new StackError('bad-file', {
      what: `There is no studio in ${root}.`,
      hint: 'Run this from a whole copy of the repository.',
    });
  }
  const files = await builtPages({ root, pages: [INDEX], cache: join(directory, 'cache', 'studio') });
  const names = Object.keys(sessions);
  const pages = Object.fromEntries(['', ...names].map((name) => [`/${name}`, `/${INDEX}`]));
  const port =
    options.port !== undefined && (await isPortFree(options.port)) ? options.port : await findFreePort();
  const { url, close } = await serveLoopback(
    port,
    (request) => answerSession(request, sessions, port) ?? answerPage(request, files, pages),
  );
  return { port, links: Object.fromEntries(names.map((name) => [name, `${url}/${name}`])), close };
}
