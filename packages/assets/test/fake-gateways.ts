import type { HttpAnswer } from '@weft/http';
import type { CID } from 'multiformats/cid';
import type { HttpGet } from '../src/http/http-get.ts';
import { readCid } from '../src/ipfs/cid.ts';
import type { Block } from '../src/ipfs/import-file.ts';

/** What a gateway does with the request for one block. */
export type GatewayBehaviour = (cid: CID, block: Uint8Array | null, signal: AbortSignal) => HttpAnswer;

/** Gateways by their address, and all that was asked of them. */
export class FakeGateways {
  readonly asked: string[] = [];
  readonly #blocks = new Map<string, Uint8Array>();
  readonly #gateways: Readonly<Record<string, GatewayBehaviour>>;

  constructor(blocks: readonly Block[], gateways: Readonly<Record<string, GatewayBehaviour>>) {
    for (const { cid, bytes } of blocks) this.#blocks.set(cid.toString(), bytes);
    this.#gateways = gateways;
  }

  get urls(): readonly string[] {
    return Object.keys(this.#gateways);
  }

  /** How often a gateway was asked. */
  count(gateway: string): number {
    return this.asked.filter((url) => url.startsWith(gateway)).length;
  }

  readonly get: HttpGet = async (url, { headers = {}, signal }) => {
    this.asked.push(url.href);
    const [, path = '', query] = /^\/ipfs\/([^?]*)(\?.*)?$/.exec(url.pathname + url.search) ?? [];
    const cid = readCid(path);
    if (cid === null || query !== '?format=raw' || headers.accept !== 'application/vnd.ipld.raw')
      throw new Error(`no request for a block: ${url}`);
    const behaviour = this.#gateways[url.origin];
    if (behaviour === undefined) throw new Error(`nobody is at ${url.origin}`);
    return behaviour(cid, this.#blocks.get(path) ?? null, signal);
  };
}

export function answer(
  status: number,
  pieces: AsyncIterable<Uint8Array> | readonly Uint8Array[],
): HttpAnswer {
  return {
    ...{ status, type: null, packing: null, totalBytes: null, location: null },
    async receive(take) {
      for await (const piece of pieces) take(piece);
    },
    cancel: () => undefined,
  };
}

export const honest: GatewayBehaviour = (_cid, block) =>
  block === null ? answer(404, []) : answer(200, [block]);
