import type { Timers } from '@weft/core';
import { type HttpAnswer, receiveFile } from '@weft/http';
import type { CID } from 'multiformats/cid';
import { AssetError, type FailedAttempt } from '../asset-error.ts';
import type { HttpGet } from '../http/http-get.ts';
import type { BlockSource } from './block-source.ts';
import { Deadline } from './deadline.ts';
import {
  BLOCK_DEADLINE_MS,
  BUSY_WAIT_MS,
  MAX_BLOCK_BYTES,
  MAX_BUSY_ANSWERS,
  MAX_GATEWAYS,
} from './limits.ts';
import { isBlock } from './verify-block.ts';

export interface GatewayBlocksOptions {
  /** Addresses of trustless gateways, without `/ipfs`; the first 8 are asked, in order. */
  readonly gateways: readonly string[];
  readonly get: HttpGet;
  readonly timers: Timers;
}

const BLOCK_TYPE = 'application/vnd.ipld.raw';
/** A gateway with another answer may have this one; with any other failure it is not asked again for this file. */
const PASSING: ReadonlySet<AssetError['code']> = new Set(['missing']);

/**
 * The blocks of one file from trustless gateways. Each block is verified, whoever gives it; where one gateway has not got it,
 * gives other bytes, gives too many or is too slow, the next is asked. The one that gave the last block is asked first.
 */
export class GatewayBlocks implements BlockSource {
  readonly #options: GatewayBlocksOptions;
  #gateways: readonly string[];
  readonly #failures = new Map<string, AssetError>();

  constructor(options: GatewayBlocksOptions) {
    this.#options = options;
    this.#gateways = options.gateways.slice(0, MAX_GATEWAYS);
  }

  /** What each gateway that was given up met last. */
  get attempts(): readonly FailedAttempt[] {
    return [...this.#failures].map(([source, error]) => ({ source, error }));
  }

  /** @throws AssetError where no gateway gave it, with the attempts: `missing` where all said that they have not got it, else `unavailable`; `aborted` */
  async get(cid: CID, signal: AbortSignal): Promise<Uint8Array> {
    for (const gateway of this.#gateways) {
      // Another block of the same file may have found out what it is worth meanwhile.
      if (!this.#gateways.includes(gateway)) continue;
      try {
        const block = await this.#ask(gateway, cid, signal);
        if (this.#gateways[0] !== gateway && this.#gateways.includes(gateway))
          this.#gateways = [gateway, ...this.#gateways.filter((other) => other !== gateway)];
        return block;
      } catch (error) {
        if (!(error instanceof AssetError) || error.code === 'aborted') throw error;
        this.#failures.set(gateway, error);
        if (!PASSING.has(error.code)) this.#gateways = this.#gateways.filter((other) => other !== gateway);
      }
    }
    const { attempts } = this;
    const isNowhere = attempts.every(({ error }) => error.code === 'missing');
    throw new AssetError(isNowhere ? 'missing' : 'unavailable', {
      what: `fetch the block ${cid}`,
      expected: 'a gateway that has it',
      got: this.#options.gateways.length === 0 ? 'no gateway to ask' : 'none',
      hint: 'Ask whoever published it to keep it, or add a gateway that has it.',
      attempts,
    });
  }

  async #ask(gateway: string, cid: CID, signal: AbortSignal): Promise<Uint8Array> {
    const what = `fetch the block ${cid}`;
    const deadline = new Deadline(this.#options.timers, BLOCK_DEADLINE_MS, signal);
    try {
      const answer = await this.#request(gateway, cid, deadline);
      try {
        if (answer.status !== 200) throw refusal(what, answer.status);
        const block = await deadline.orEnd(receiveFile(answer, MAX_BLOCK_BYTES));
        if (block === null) throw wrongBytes(what, `more than ${MAX_BLOCK_BYTES} bytes`);
        if (await isBlock(cid, block)) return block;
        throw wrongBytes(what, `${block.length} other bytes`);
      } finally {
        answer.cancel();
      }
    } catch (error) {
      throw deadline.errorOf(error, what);
    } finally {
      deadline.stop();
    }
  }

  /** The answer of a gateway that is not busy, or not for long. */
  async #request(gateway: string, cid: CID, deadline: Deadline): Promise<HttpAnswer> {
    const url = new URL(`${gateway.replace(/\/+$/, '')}/ipfs/${cid}?format=raw`);
    const options = { headers: { accept: BLOCK_TYPE }, signal: deadline.signal };
    for (let count = 1; ; count += 1) {
      const answer = await deadline.orEnd(this.#options.get(url, options));
      if ((answer.status !== 429 && answer.status !== 503) || count > MAX_BUSY_ANSWERS) return answer;
      answer.cancel();
      await deadline.wait(BUSY_WAIT_MS);
    }
  }
}

function refusal(what: string, status: number): AssetError {
  const isAway = status === 404 || status === 410;
  const isDenied = status === 401 || status === 403 || status === 451;
  const code = isAway ? 'missing' : isDenied ? 'denied' : 'unreachable';
  return new AssetError(code, {
    what,
    expected: 'a gateway that has it',
    got: `HTTP ${status}`,
    hint: isAway ? 'Nobody may keep it any more: publish the file again.' : 'Another gateway may have it.',
  });
}

function wrongBytes(what: string, got: string): AssetError {
  return new AssetError('wrong-hash', {
    what,
    expected: 'the block that the CID names',
    got,
    hint: 'The gateway is broken or dishonest: take it out of the list.',
  });
}
