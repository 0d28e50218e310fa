import { gzipSync } from 'node:zlib';
import type { Behaviour } from './file-server.ts';

const PIECE = new Uint8Array(64 * 1024).fill(0x61);
const PACKED_BYTES = 64 * 1024 * 1024;

/** What web servers do to those who ask for a file, by what it is called. */
export const BEHAVIOURS = {
  /** Gives the file. */
  gives:
    (bytes: Uint8Array, type = 'model/gltf-binary'): Behaviour =>
    (_request, response) =>
      response.writeHead(200, { 'content-type': type, 'content-length': bytes.length }).end(bytes),
  /** Gives the file without saying how long it is. */
  streams:
    (bytes: Uint8Array): Behaviour =>
    (_request, response) =>
      response.writeHead(200).end(bytes),
  /** Another status than 200. */
  answers:
    (status: number): Behaviour =>
    (_request, response) =>
      response.writeHead(status, { 'content-type': 'text/plain' }).end('no'),
  redirects:
    (location: string, status = 302): Behaviour =>
    (_request, response) =>
      response.writeHead(status, { location }).end(),
  /** Announces the whole file and hangs up in the middle. */
  truncates:
    (bytes: Uint8Array): Behaviour =>
    (_request, response) => {
      response.writeHead(200, { 'content-length': bytes.length });
      response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy());
    },
  /** Sends for ever, as fast as it is read. */
  endless: (): Behaviour => (_request, response) => {
    const more = (): void => {
      if (response.destroyed) return;
      if (response.write(PIECE)) setImmediate(more);
      else response.once('drain', more);
    };
    response.writeHead(200);
    more();
  },
  /** A byte every so often, for ever. */
  drips:
    (everyMs: number): Behaviour =>
    (_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('a'), everyMs);
      response.on('close', () => clearInterval(timer));
    },
  /** Takes the request and never says anything. */
  silent: (): Behaviour => () => undefined,
  /** A small answer that unpacks to 64 MiB. */
  packs: (): Behaviour => {
    const packed = gzipSync(new Uint8Array(PACKED_BYTES));
    return (_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(packed);
  },
} as const;
