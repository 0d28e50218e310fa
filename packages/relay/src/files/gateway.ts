import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { IDENTITY, isAllowedCid, parseCid } from '@weft/assets/blocks';
import type { Timers } from '@weft/core';
import type { CID } from 'multiformats/cid';
import { HttpError } from '../server/http-reply.ts';
import type { RateBudget } from '../server/rate-budget.ts';
import { sendCar } from './car.ts';
import { ANSWER_BYTES, MAX_CARS } from './file-limits.ts';
import { badCid } from './file-refusal.ts';
import type { FileShelf } from './file-shelf.ts';
import { takeTurn } from './take-turn.ts';

export interface GatewayOptions {
  /** `null` where this relay keeps no files: what a CID holds itself is given all the same. */
  readonly shelf: FileShelf | null;
  /** What all who read may take together. */
  readonly budget: RateBudget;
  readonly timers: Timers;
}

type Format = 'raw' | 'car';
type Scope = 'block' | 'entity' | 'all';

const TYPES: Readonly<Record<Format, string>> = {
  raw: 'application/vnd.ipld.raw',
  car: 'application/vnd.ipld.car; version=1; order=dfs; dups=n',
};
/** A name may stay for so long with whoever asked: what it names never changes. About eleven months, as other gateways say. */
const CACHING = 'public, max-age=29030400, immutable';
const ROUTE = /^\/ipfs\/([^/]+)(\/.*)?$/;

/**
 * A trustless gateway (specs.ipfs.tech): blocks, and whole files as CAR, by their CID, for everybody. It gives what was
 * published in the worlds of this relay, and searches nowhere.
 */
export class Gateway {
  readonly #options: GatewayOptions;
  #cars = 0;

  constructor(options: GatewayOptions) {
    this.#options = options;
  }

  /** @throws HttpError: the request is malformed, or what it asks for is not here */
  async answer(
    path: string,
    search: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const [, text = '', rest = ''] = ROUTE.exec(path) ?? [];
    const cid = parseCid(text);
    if (cid === null) throw badCid();
    const query = new URLSearchParams(search);
    const format = formatOf(query, request.headers.accept);
    const scope = scopeOf(query);
    if (rest !== '' && rest !== '/') throw withoutPaths(format);
    if (request.method !== 'GET' && request.method !== 'HEAD')
      throw new HttpError(405, 'method', 'GET or HEAD.', { allow: 'GET, HEAD' });
    const size = this.#sizeOf(cid);
    if (size === null) throw notHere();
    const { budget, timers } = this.#options;
    const isBlock = format === 'raw' && request.method === 'GET';
    const etag = format === 'raw' ? `"${cid}.raw"` : `W/"${cid}.car.${scope}"`;
    const headers = {
      etag,
      'cache-control': CACHING,
      'content-type': TYPES[format],
      'content-disposition': `attachment; filename="${cid}.${format === 'raw' ? 'bin' : 'car'}"`,
      'accept-ranges': 'none',
      'x-ipfs-path': `/ipfs/${cid}`,
      'x-ipfs-roots': `${cid}`,
    };
    const isKept = isKnown(etag, request.headers['if-none-match']);
    await takeTurn(budget, timers, ANSWER_BYTES + (isBlock && !isKept ? size : 0));
    if (isKept) response.writeHead(304, headers).end();
    else if (request.method === 'HEAD')
      response.writeHead(200, format === 'raw' ? { ...headers, 'content-length': size } : headers).end();
    else if (format === 'car') await this.#sendCar(cid, scope, headers, response);
    else {
      const block = await this.#read(cid);
      if (block === null) throw notHere();
      response.writeHead(200, { ...headers, 'content-length': block.length }).end(block);
    }
  }

  async #sendCar(
    cid: CID,
    scope: Scope,
    headers: OutgoingHttpHeaders,
    response: ServerResponse,
  ): Promise<void> {
    if (this.#cars >= MAX_CARS)
      throw new HttpError(503, 'busy', 'Too many are read at once; try again in a moment.', {
        'retry-after': '1',
      });
    this.#cars += 1;
    try {
      await sendCar(response, cid, {
        headers,
        isWhole: scope !== 'block',
        read: (each) => this.#read(each),
        timers: this.#options.timers,
        budget: this.#options.budget,
      });
    } finally {
      this.#cars -= 1;
    }
  }

  #sizeOf(cid: CID): number | null {
    if (isInline(cid)) return cid.multihash.digest.length;
    const held = this.#options.shelf?.find(cid) ?? null;
    return held === null ? null : (this.#options.shelf?.sizeOf(held) ?? null);
  }

  #read(cid: CID): Promise<Uint8Array | null> {
    if (isInline(cid)) return Promise.resolve(cid.multihash.digest);
    const held = this.#options.shelf?.find(cid) ?? null;
    return held === null ? Promise.resolve(null) : (this.#options.shelf?.read(held) ?? Promise.resolve(null));
  }
}

/** Whether a CID holds its block itself. */
function isInline(cid: CID): boolean {
  return isAllowedCid(cid) && cid.multihash.code === IDENTITY;
}

/** `?format=` wins over `Accept`. @throws HttpError 406 for what is no verifiable answer */
function formatOf(query: URLSearchParams, accept = ''): Format {
  const asked = query.get('format');
  if (asked === 'raw' || asked === 'car') return asked;
  if (asked === null && accept.includes('application/vnd.ipld.raw')) return 'raw';
  if (asked === null && accept.includes('application/vnd.ipld.car')) return 'car';
  throw new HttpError(
    406,
    'not-acceptable',
    'This gateway gives what can be verified: ask with ?format=raw or ?format=car.',
  );
}

/** @throws HttpError 400 for what is no scope: it would stand in a header */
function scopeOf(query: URLSearchParams): Scope {
  const scope = query.get('dag-scope') ?? 'all';
  if (scope === 'block' || scope === 'entity' || scope === 'all') return scope;
  throw new HttpError(400, 'bad-request', 'Expected dag-scope to be block, entity or all.');
}

function withoutPaths(format: Format): HttpError {
  if (format === 'raw') return new HttpError(400, 'bad-request', 'A block has no path below it.');
  return new HttpError(501, 'no-paths', 'This gateway finds no paths: ask for the CID of the file.');
}

function notHere(): HttpError {
  return new HttpError(404, 'not-found', 'This relay has no such block.', { 'cache-control': 'no-store' });
}

function isKnown(etag: string, header = ''): boolean {
  const known = header.split(',').map((each) => each.trim().replace(/^W\//, ''));
  return known.includes('*') || known.includes(etag.replace(/^W\//, ''));
}
