import { fileURLToPath } from 'node:url';
import { type PageServer, servePages } from '@weft/testing/browser';

const ROOT = fileURLToPath(new URL('page', import.meta.url));

/** Serves the pages of these tests. @param entry the script that is asked for first, such as `/page.ts` */
export function serveAssetPages(entry: string): Promise<PageServer> {
  return servePages({ root: ROOT, name: 'assets', entries: [entry] });
}
