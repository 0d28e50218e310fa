import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseCid } from '@weft/assets/blocks';
import type { Timers } from '@weft/core';
import type { CID } from 'multiformats/cid';
import { HttpError } from '../server/http-reply.ts';
import type { RateBudget } from '../server/rate-budget.ts';
import { ANSWER_BYTES, NO_PROVIDER_MAX_AGE_S, PROVIDER_MAX_AGE_S } from './file-limits.ts';
import type { FileShelf } from './file-shelf.ts';
import { providerAddresses } from './provider-addresses.ts';
import { filteredRecord, type ProviderRecord } from './provider-filters.ts';
import { takeTurn } from './take-turn.ts';

export interface ProviderRoutingOptions {
  /** `null` where this relay keeps no files. */
  readonly shelf: FileShelf | null;
  /** The relay’s own public address. */
  readonly url: string;
  /** What all who ask may cost together. */
  readonly budget: RateBudget;
  readonly timers: Timers;
}

/** How IPFS calls a trustless gateway that blocks are asked of. */
const PROTOCOL = 'transport-ipfs-gateway-http';
const LINES_TYPE = 'application/x-ndjson';
const ROUTE = /^\/routing\/v1\/providers\/([^/]+)$/;

/**
 * Says who gives a block (specs.ipfs.tech, Delegated Routing V1): this relay, for those of files that were published here; it
 * knows of nobody else. By it an IPFS node finds the gateway of a relay that its user named to it.
 */
export class ProviderRouting {
  readonly #options: ProviderRoutingOptions;
  readonly #addresses: readonly string[];

  constructor(options: ProviderRoutingOptions) {
    this.#options = options;
    this.#addresses = providerAddresses(options.url);
  }

  /** @throws HttpError 422 for what is no CID, 429, 501 for all else that a router may be asked */
  async answer(
    path: string,
    search: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const [, text] = ROUTE.exec(path) ?? [];
    const isHead = request.method === 'HEAD';
    if (text === undefined || (request.method !== 'GET' && !isHead)) throw notRouted();
    const cid = parseCid(text);
    if (cid === null) throw new HttpError(422, 'bad-cid', 'Expected a CID, such as bafkrei….');
    const { budget, timers } = this.#options;
    await takeTurn(budget, timers, ANSWER_BYTES);
    const record = this.#recordOf(cid);
    const found = record === null ? null : filteredRecord(record, new URLSearchParams(search));
    const providers = found === null ? [] : [found];
    const isByLine = request.headers.accept?.includes(LINES_TYPE) === true;
    const body = isByLine
      ? providers.map((each) => `${JSON.stringify(each)}\n`).join('')
      : `${JSON.stringify({ Providers: providers })}\n`;
    response.appendHeader('vary', 'Accept');
    response.writeHead(200, {
      'content-type': isByLine ? LINES_TYPE : 'application/json',
      'content-length': Buffer.byteLength(body),
      'cache-control': `public, max-age=${providers.length === 0 ? NO_PROVIDER_MAX_AGE_S : PROVIDER_MAX_AGE_S}`,
      'last-modified': new Date(timers.now()).toUTCString(),
    });
    response.end(isHead ? undefined : body);
  }

  #recordOf(cid: CID): ProviderRecord | null {
    const { shelf } = this.#options;
    if (shelf?.isPartOfFile(cid) !== true || this.#addresses.length === 0) return null;
    return { Schema: 'peer', ID: shelf.peerId, Addrs: this.#addresses, Protocols: [PROTOCOL] };
  }
}

function notRouted(): HttpError {
  return new HttpError(
    501,
    'not-routed',
    'This relay says who gives a block, at GET /routing/v1/providers/{cid}, and routes nothing else.',
  );
}
