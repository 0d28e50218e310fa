import { extname } from 'node:path';
import type { PageFiles } from './built-pages.ts';
import type { LoopbackReply, LoopbackRequest } from './serve-loopback.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};
const ANY_BYTES = 'application/octet-stream';
const NO_BODY = new Uint8Array();
const NOTHING_HERE = {
  status: 404,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body: new Uint8Array(Buffer.from('There is no such page here. Take the link that "weft up" printed.\n')),
};
/** Vite names what is in here by what it holds. */
const NAMED_BY_CONTENT = '/assets/';

/**
 * Answers a request for one of these files and for nothing else: no path of the machine is made of what was asked.
 *
 * @param pages paths that show another file, such as `/builder` `/index.html`
 */
export function answerPage(
  request: Pick<LoopbackRequest, 'method' | 'url'>,
  files: PageFiles,
  pages: Readonly<Record<string, string>> = {},
): LoopbackReply {
  const path = request.url.split(/[?#]/)[0] ?? '';
  const file = Object.hasOwn(pages, path) ? pages[path] : path;
  const body = file === undefined ? undefined : files.get(file);
  if (file === undefined || body === undefined) return NOTHING_HERE;
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return { status: 405, headers: { allow: 'GET, HEAD' }, body: NO_BODY };
  const headers = {
    'content-type': TYPES[extname(file)] ?? ANY_BYTES,
    'content-length': String(body.byteLength),
    'cache-control': file.startsWith(NAMED_BY_CONTENT) ? 'max-age=31536000, immutable' : 'no-cache',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
  };
  return { status: 200, headers, body: request.method === 'HEAD' ? NO_BODY : body };
}
