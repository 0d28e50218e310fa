import type { IncomingMessage, ServerResponse } from 'node:http';
import { IDENTITY, readCid } from '@weft/assets/blocks';
import type { Timers } from '@weft/core';
import type { CID } from 'multiformats/cid';
import { HttpError } from '../server/http-reply.ts';
import { RateBudget } from '../server/rate-budget.ts';
import { pay } from '../service/pay.ts';
import { sendCar } from './car.ts';
import { type FileLimits, MAX_CARS } from './file-limits.ts';
import { badCid } from './file-refusal.ts';
import type { FileShelf } from './file-shelf.ts';

export interface GatewayOptions {
  /** `null` where this relay keeps no files: what a CID holds itself is given all the same. */
  readonly shelf: FileShelf | null;
  readonly limits: FileLimits;
  readonly timers: Timers;
}

type Format = 'raw' | 'car';

const TYPES: Readonly<Record<Format, string>> = {
  raw: 'application/vnd.ipld.raw',
  car: 'application/vnd.ipld.car; version=1; order=dfs; dups=n',
};
/** A name may stay for so long with whoever asked: what it names never changes. About eleven months, as other gateways say. */
const CACHING = 'public, max-age=29030400, immutable';
const ROUTE = /^\/ipfs\/([^/]+)(\/.*)?$/;
/** What an answer costs beside its bytes. */
const ANSWER_BYTES = 1024;

/**
 * A trustless gateway (specs.ipfs.tech): blocks, and whole files as CAR, by their CID, for everybody. It gives what was
 * published in the worlds of this relay, and searches nowhere.
 */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #budget: RateBudget;
  #cars = 0;

  constructor(options: GatewayOptions) {
    this.#options = options;
    const { servedBytesPerSecond: perSecond, servedBurstBytes: burst } = options.limits;
    this.#budget = new RateBudget({ perSecond, burst, now: options.timers.now });
  }

  /** @throws HttpError: the request is malformed, or what it asks for is not here */
  async answer(
    path: string,
    search: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const [, text = '', rest = ''] = ROUTE.exec(path) ?? [];
    const cid = readCid(text);
    if (cid === null) throw badCid();
    const query = new URLSearchParams(search);
    const format = formatOf(query, request.headers.accept);
    if (rest !== '' && rest !== '/') throw withoutPaths(format);
    if (request.method !== 'GET' && request.method !== 'HEAD')
      throw new HttpError(405, 'method', 'GET or HEAD.', { allow: 'GET, HEAD' });
    const size = cid.multihash.code === IDENTITY ? cid.multihash.digest.length : this.#sizeOf(cid);
    if (size === null) throw notHere();
    pay(this.#budget, ANSWER_BYTES);
    const scope = query.get('dag-scope') ?? 'all';
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
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
    if (isKnown(etag, request.headers['if-none-match'])) {
      response.writeHead(304).end();
      return;
    }
    if (format === 'raw') await this.#sendBlock(cid, size, request.method === 'HEAD', response);
    else await this.#sendCar(cid, scope, request.method === 'HEAD', response);
  }

  async #sendBlock(cid: CID, size: number, isHead: boolean, response: ServerResponse): Promise<void> {
    if (isHead) {
      response.writeHead(200, { 'content-length': size }).end();
      return;
    }
    pay(this.#budget, size);
    const block = await this.#read(cid);
    if (block === null) throw notHere();
    response.writeHead(200, { 'content-length': block.length }).end(block);
  }

  async #sendCar(cid: CID, scope: string, isHead: boolean, response: ServerResponse): Promise<void> {
    if (isHead) {
      response.writeHead(200).end();
      return;
    }
    if (this.#cars >= MAX_CARS)
      throw new HttpError(503, 'busy', 'Too many are read at once; try again in a moment.', {
        'retry-after': '1',
      });
    this.#cars += 1;
    try {
      await sendCar(response, cid, {
        isWhole: scope !== 'block',
        read: (each) => this.#read(each),
        timers: this.#options.timers,
        budget: this.#budget,
      });
    } finally {
      this.#cars -= 1;
    }
  }

  #sizeOf(cid: CID): number | null {
    return this.#options.shelf?.sizeOf(cid) ?? null;
  }

  #read(cid: CID): Promise<Uint8Array | null> {
    if (cid.multihash.code === IDENTITY) return Promise.resolve(cid.multihash.digest);
    return this.#options.shelf?.read(cid) ?? Promise.resolve(null);
  }
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
