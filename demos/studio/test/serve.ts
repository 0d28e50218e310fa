import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type PageServer, servePages } from '@weft/testing/browser';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const ENTRIES = ['/src/main.tsx', '/src/editor-bundle.ts', '/test/fixture.tsx'];

/** Studio and its pages for tests. */
export function serveForTests(): Promise<PageServer> {
  return servePages({
    root: ROOT,
    name: 'tests',
    entries: ENTRIES,
    configFile: join(ROOT, 'vite.config.ts'),
  });
}
