import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { nodeAsk } from '@weft/http/node';
import { Agent, buildConnector } from 'undici';
import { AssetError } from '../asset-error.ts';
import { forbiddenHost } from './forbidden-host.ts';
import { HostGuard } from './host-guard.ts';
import type { HttpGet } from './http-get.ts';

export interface NodeGetOptions {
  /** Private ranges and names that may be asked; see `HostGuard`. */
  readonly allowed?: readonly string[];
  /** Finds the addresses of a name; the system's by default. */
  readonly lookup?: LookupFunction;
}

/** No server needs longer to take a connection. */
const CONNECT_DEADLINE_MS = 10_000;
const MAX_HEADER_BYTES = 16 * 1024;

/**
 * Requests of Node, each on a connection to an address that was judged when the connection was made: a name that resolves to
 * something else later, or differently each time, gains nothing.
 */
export function nodeGet({ allowed = [], lookup = systemLookup }: NodeGetOptions = {}): HttpGet {
  const guard = new HostGuard(allowed);
  const connect = buildConnector({ timeout: CONNECT_DEADLINE_MS, lookup: guardedLookup(guard, lookup) });
  const agent = new Agent({
    maxHeaderSize: MAX_HEADER_BYTES,
    // Deadlines are the loader's, which sees how much comes.
    headersTimeout: 0,
    bodyTimeout: 0,
    connect(options, callback) {
      // An address needs no lookup, and a local name none to be refused.
      if (guard.allowsHost(options.hostname)) connect(options, callback);
      else callback(new ForbiddenAddress(options.hostname), null);
    },
  });
  return async (url, options) => {
    try {
      const answer = await nodeAsk(agent, url, options);
      if (answer.packing === null) return answer;
      answer.cancel();
      throw packed(url, answer.packing);
    } catch (error) {
      if (error instanceof ForbiddenAddress) throw forbiddenHost(url, error.message);
      throw error;
    }
  };
}

class ForbiddenAddress extends Error {
  constructor(address: string) {
    super(`${address}, which is this machine or a private network`);
  }
}

/** Leaves of a name's addresses those that may be asked. */
function guardedLookup(guard: HostGuard, lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, '');
      const all: readonly LookupAddress[] =
        typeof found === 'string' ? [{ address: found, family: isIP(found) }] : found;
      const usable = guard.trusts(hostname)
        ? [...all]
        : all.filter(({ address }) => guard.allowsAddress(address));
      const [first] = usable;
      if (first === undefined)
        return callback(new ForbiddenAddress(all.map((each) => each.address).join(', ')), '');
      if (options.all === true) callback(null, usable);
      else callback(null, first.address, first.family);
    });
  };
}

function packed(url: URL, encoding: string): AssetError {
  return new AssetError('unreadable', {
    what: `fetch from ${url.host}`,
    expected: 'the file as it is',
    got: `one packed with ${encoding}, which was not asked for`,
    hint: 'Have the server send it unpacked, as the request says.',
  });
}
