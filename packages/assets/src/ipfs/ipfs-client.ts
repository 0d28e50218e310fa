import { joinBytes } from '@weft/core';
import { AssetError } from '../asset-error.ts';
import { abortedError } from './deadline.ts';

export interface CatOptions {
  /** More bytes than these are refused before they are held. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
  /** Told when the first bytes come. */
  readonly onStart?: () => void;
}

/** A node of IPFS that this program may use: it fetches and verifies by itself, and keeps what is added. */
export interface IpfsClient {
  /**
   * The file at a path.
   *
   * @param path a CID, or a CID with a path below it
   * @throws AssetError `missing`, `unreadable`, `too-large`, `unreachable`, `aborted`
   */
  cat(path: string, options: CatOptions): Promise<Uint8Array>;
  /**
   * Adds and pins a file.
   *
   * @returns its CID, version 1 with raw leaves
   * @throws AssetError `unreachable`, `aborted`
   */
  add(bytes: Uint8Array, options: { readonly signal: AbortSignal }): Promise<string>;
}

/** What `kubo-rpc-client` and `ipfs-http-client` have in common, as far as it is used: an object of either can be given. */
export interface IpfsRpc {
  cat(path: string, options: { readonly signal: AbortSignal }): AsyncIterable<Uint8Array>;
  add(
    content: Uint8Array,
    options: {
      readonly signal: AbortSignal;
      readonly cidVersion: 1;
      readonly rawLeaves: true;
      readonly pin: true;
    },
  ): Promise<{ readonly cid: { toString(): string } }>;
}

/** Uses the client of another library. It is trusted: the node behind it verifies what it gives. */
export function ipfsClientOf(rpc: IpfsRpc): IpfsClient {
  return {
    async cat(path, { maxBytes, signal, onStart }) {
      const what = `read ${path} from the IPFS node`;
      const ended = new AbortController();
      const stop = (): void => ended.abort(signal.reason);
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop();
      try {
        const chunks: Uint8Array[] = [];
        let length = 0;
        for await (const chunk of rpc.cat(path, { signal: ended.signal })) {
          if (chunks.length === 0) onStart?.();
          length += chunk.length;
          if (length > maxBytes) throw tooLarge(what, maxBytes);
          chunks.push(chunk);
        }
        // What was broken off may look like an end.
        if (signal.aborted) throw abortedError(signal, what);
        return joinBytes(chunks);
      } catch (error) {
        throw signal.aborted ? abortedError(signal, what) : clientError(error, what);
      } finally {
        signal.removeEventListener('abort', stop);
        ended.abort();
      }
    },
    async add(bytes, { signal }) {
      const what = 'add a file to the IPFS node';
      try {
        const { cid } = await rpc.add(bytes, { signal, cidVersion: 1, rawLeaves: true, pin: true });
        return cid.toString();
      } catch (error) {
        throw signal.aborted ? abortedError(signal, what) : clientError(error, what);
      }
    },
  };
}

/** What Kubo says in the text of its errors, which have no codes. */
const MISSING = /not found|could not find|no link named/i;
const NO_FILE = /is a directory|not a file|wrong kind|unixfs|invalid path|invalid cid/i;

function clientError(error: unknown, what: string): AssetError {
  if (error instanceof AssetError) return error;
  const got = error instanceof Error ? error.message : String(error);
  if (MISSING.test(got))
    return new AssetError('missing', {
      what,
      expected: 'a file that it has or finds',
      got,
      hint: 'Nobody may keep it any more: publish the file again.',
      cause: error,
    });
  if (NO_FILE.test(got))
    return new AssetError('unreadable', {
      what,
      expected: 'a file of UnixFS',
      got,
      hint: 'Publish the file again, as a file and not as a folder.',
      cause: error,
    });
  return new AssetError('unreachable', {
    what,
    expected: 'an answer',
    got,
    hint: 'Look whether the node runs, and whether it lets this program in.',
    cause: error,
  });
}

function tooLarge(what: string, maxBytes: number): AssetError {
  return new AssetError('too-large', {
    what,
    expected: `at most ${maxBytes} bytes`,
    got: 'more',
    hint: 'Publish a smaller file.',
  });
}
