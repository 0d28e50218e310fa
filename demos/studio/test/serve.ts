import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type PageServer, serveBuiltPages, servePages } from '@weft/testing/browser';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PAGES = ['index.html', 'test/index.html'];
const ENTRIES = ['/src/main.tsx', '/src/editor-bundle.ts', '/test/fixture.tsx'];

/** Studio and its pages for tests, as people have them. */
export function serveForTests(): Promise<PageServer> {
  return serveBuiltPages({ root: ROOT, pages: PAGES });
}

/** The same from its sources, for tests that ask which of them the page loads. */
export function serveSources(): Promise<PageServer> {
  return servePages({
    root: ROOT,
    name: 'tests',
    entries: ENTRIES,
    configFile: join(ROOT, 'vite.config.ts'),
  });
}
