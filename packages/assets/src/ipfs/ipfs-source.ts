import type { Timers } from '@weft/core';
import { AssetError, type FailedAttempt } from '../asset-error.ts';
import type { HttpGet } from '../http/http-get.ts';
import type { AddressOf } from '../reference/address.ts';
import type { AssetSource, FetchedFile, FetchFileOptions } from '../source/asset-source.ts';
import { Deadline } from './deadline.ts';
import { GatewayBlocks } from './gateway-blocks.ts';
import { type IpfsAddress, readIpfsAddress } from './ipfs-address.ts';
import type { IpfsClient } from './ipfs-client.ts';
import { type BlockShelf, KeptBlocks } from './kept-blocks.ts';
import { CLIENT_DEADLINE_MS } from './limits.ts';

export interface IpfsSourceOptions {
  /** Asked first; `null` for none. */
  readonly client: IpfsClient | null;
  /** What this device published itself; asked before any gateway. `null` for none. */
  readonly shelf: BlockShelf | null;
  /** Trustless gateways, in the order in which they are asked; read anew for each file. */
  readonly gateways: (signal: AbortSignal) => readonly string[] | Promise<readonly string[]>;
  readonly get: HttpGet;
  readonly timers: Timers;
}

/** Where one more source can help no more: what it says is true of the file. */
const FINAL: ReadonlySet<AssetError['code']> = new Set(['aborted', 'too-large']);

/**
 * Files at `ipfs:` addresses: from a configured node, else from this device and from trustless gateways, with every block
 * verified against its CID.
 */
export class IpfsSource implements AssetSource<'ipfs'> {
  readonly scheme = 'ipfs';
  readonly #options: IpfsSourceOptions;

  constructor(options: IpfsSourceOptions) {
    this.#options = options;
  }

  async fetch(address: AddressOf<'ipfs'>, options: FetchFileOptions): Promise<FetchedFile> {
    const parsed = readIpfsAddress(address);
    const { client } = this.#options;
    const attempts: FailedAttempt[] = [];
    if (client !== null) {
      try {
        return { bytes: await this.#fromClient(client, parsed, options), type: null };
      } catch (error) {
        if (!(error instanceof AssetError) || FINAL.has(error.code)) throw error;
        attempts.push({ source: 'the IPFS node', error });
      }
    }
    try {
      return { bytes: await this.#fromBlocks(parsed, options), type: null };
    } catch (error) {
      if (!(error instanceof AssetError) || FINAL.has(error.code) || attempts.length === 0) throw error;
      throw withAttempts(parsed, error, attempts);
    }
  }

  async #fromClient(
    client: IpfsClient,
    { text, cid, segments }: IpfsAddress,
    { maxBytes, signal, onChunk }: FetchFileOptions,
  ): Promise<Uint8Array> {
    const deadline = new Deadline(this.#options.timers, CLIENT_DEADLINE_MS, signal);
    try {
      const bytes = await client.cat([cid.toString(), ...segments].join('/'), {
        maxBytes,
        signal: deadline.signal,
        // It found the file: from now on it has as long as the file may take.
        onStart: () => deadline.extend(),
      });
      // Not before: what it had told of half a file would be told again by a gateway.
      onChunk?.(bytes, bytes.length);
      return bytes;
    } catch (error) {
      throw deadline.errorOf(error, `read ${text} from the IPFS node`);
    } finally {
      deadline.stop();
    }
  }

  async #fromBlocks(address: IpfsAddress, options: FetchFileOptions): Promise<Uint8Array> {
    const { shelf, gateways, get, timers } = this.#options;
    const asked = new GatewayBlocks({ gateways: await gateways(options.signal), get, timers });
    // Loaded by whoever reads from IPFS at all.
    const { readUnixfs } = await import('./read-unixfs.ts');
    return readUnixfs(address, shelf === null ? asked : new KeptBlocks(shelf, asked), options);
  }
}

function withAttempts(
  { text }: IpfsAddress,
  error: AssetError,
  attempts: readonly FailedAttempt[],
): AssetError {
  const isNowhere = [error, ...attempts.map((attempt) => attempt.error)].every(
    ({ code }) => code === 'missing',
  );
  const others = error.attempts.length > 0 ? error.attempts : [{ source: 'gateways', error }];
  return new AssetError(isNowhere ? 'missing' : 'unavailable', {
    what: `read ${text}`,
    expected: 'a node or a gateway that has it',
    got: 'none',
    hint: error.hint,
    attempts: [...attempts, ...others],
    cause: error,
  });
}
