import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { inlineBlock, isAllowedCid } from '@weft/assets/blocks';
import type { Timers } from '@weft/core';
import type { CID } from 'multiformats/cid';
import { HttpError } from '../server/http-reply.ts';
import type { RateBudget } from '../server/rate-budget.ts';
import { sendCar } from './car.ts';
import { ANSWER_BYTES, MAX_CARS } from './file-limits.ts';
import type { FileShelf } from './file-shelf.ts';
import { type Format, type GatewayRequest, readGatewayRequest } from './gateway-request.ts';
import { takeTurn } from './take-turn.ts';
import { type WalkedPath, walkPath } from './walk-path.ts';

export interface GatewayOptions {
  /** `null` where this relay keeps no files: what a CID holds itself is given all the same. */
  readonly shelf: FileShelf | null;
  /** What all who read may take together. */
  readonly budget: RateBudget;
  readonly timers: Timers;
}

const TYPES: Readonly<Record<Format, string>> = {
  raw: 'application/vnd.ipld.raw',
  car: 'application/vnd.ipld.car; version=1; order=dfs; dups=n',
};
/** A name may stay for so long with whoever asked: what it names never changes. About eleven months, as other gateways say. */
const CACHING = 'public, max-age=29030400, immutable';

/**
 * A trustless gateway (specs.ipfs.tech): blocks by their CID, and whole files, also by a path, as CAR, for everybody. It gives
 * what was published in the worlds of this relay, and searches nowhere.
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
    const asked = readGatewayRequest(path, search, request.headers.accept);
    const { root, names, format } = asked;
    if (request.method !== 'GET' && request.method !== 'HEAD')
      throw new HttpError(405, 'method', 'GET or HEAD.', { allow: 'GET, HEAD' });
    const size = this.#sizeOf(root);
    if (size === null) throw notHere();
    const { budget, timers } = this.#options;
    const walked = await walkPath((cid) => this.#readInTurn(cid), root, names);
    const headers = headersOf(asked, walked);
    const isKept = isKnown(headers.etag, request.headers['if-none-match']);
    const isBlock = format === 'raw' && request.method === 'GET' && !isKept;
    await takeTurn(budget, timers, ANSWER_BYTES + (isBlock ? size : 0));
    if (isKept) response.writeHead(304, headers).end();
    else if (request.method === 'HEAD')
      response.writeHead(200, format === 'raw' ? { ...headers, 'content-length': size } : headers).end();
    else if (format === 'car') await this.#sendCar(asked, walked, headers, response);
    else {
      const block = await this.#read(root);
      if (block === null) throw notHere();
      response.writeHead(200, { ...headers, 'content-length': block.length }).end(block);
    }
  }

  async #sendCar(
    { root, scope, bytes }: GatewayRequest,
    walked: WalkedPath,
    headers: OutgoingHttpHeaders,
    response: ServerResponse,
  ): Promise<void> {
    if (this.#cars >= MAX_CARS)
      throw new HttpError(503, 'busy', 'Too many are read at once; try again in a moment.', {
        'retry-after': '1',
      });
    const { timers, budget } = this.#options;
    this.#cars += 1;
    try {
      await sendCar(response, root, {
        ...{ headers, timers, budget },
        content: { ...walked, scope, bytes },
        read: (cid) => this.#read(cid),
      });
    } finally {
      this.#cars -= 1;
    }
  }

  /** A block that is looked into, and costs as if it were given. */
  async #readInTurn(cid: CID): Promise<Uint8Array | null> {
    const { budget, timers } = this.#options;
    await takeTurn(budget, timers, this.#sizeOf(cid) ?? 0);
    return this.#read(cid);
  }

  #sizeOf(cid: CID): number | null {
    const inline = allowedInline(cid);
    if (inline !== null) return inline.length;
    const held = this.#options.shelf?.find(cid) ?? null;
    return held === null ? null : (this.#options.shelf?.sizeOf(held) ?? null);
  }

  #read(cid: CID): Promise<Uint8Array | null> {
    const inline = allowedInline(cid);
    if (inline !== null) return Promise.resolve(inline);
    const held = this.#options.shelf?.find(cid) ?? null;
    return held === null ? Promise.resolve(null) : (this.#options.shelf?.read(held) ?? Promise.resolve(null));
  }
}

/** The block that a CID holds itself, where it may. */
function allowedInline(cid: CID): Uint8Array | null {
  return isAllowedCid(cid) ? inlineBlock(cid) : null;
}

function headersOf({ root, names, format, scope, bytes }: GatewayRequest, { end, roots }: WalkedPath) {
  const range = bytes === null ? '' : `.${bytes.from}-${bytes.to ?? 'end'}`;
  return {
    etag: format === 'raw' ? `"${root}.raw"` : `W/"${root}.${end}.car.${scope}${range}"`,
    'cache-control': CACHING,
    'content-type': TYPES[format],
    'content-disposition': `attachment; filename="${end}.${format === 'raw' ? 'bin' : 'car'}"`,
    'accept-ranges': 'none',
    'x-ipfs-path': ['/ipfs', root, ...names.map(encodeURIComponent)].join('/'),
    'x-ipfs-roots': roots.join(','),
  } as const;
}

function notHere(): HttpError {
  return new HttpError(404, 'not-found', 'This relay has no such block.', { 'cache-control': 'no-store' });
}

function isKnown(etag: string, header = ''): boolean {
  const known = header.split(',').map((each) => each.trim().replace(/^W\//, ''));
  return known.includes('*') || known.includes(etag.replace(/^W\//, ''));
}
