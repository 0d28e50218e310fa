import { WeftError } from '@weft/core';
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;
type Range = readonly [Address, number];

/** All of IPv6 that has been given out for the public internet. */
const GLOBAL: Range = ipaddr.parseCIDR('2000::/3');
/** How a network that has only IPv6 reaches all of IPv4 (RFC 6052). */
const NAT64: Range = ipaddr.parseCIDR('64:ff9b::/96');
const NAT64_EMBEDDED_AT = 12;
/** Names that mean this machine, or one of the network that it is in, whatever they resolve to. */
const LOCAL_NAME = /\.(?:localhost|local|internal|home\.arpa|lan|intranet)$/i;

/**
 * Tells what an address that a stranger wrote may reach: everything public, and what was allowed by name or by range. Private
 * addresses, this machine, link-local, shared, multicast, reserved and documentation ranges and the ways to write one of them as
 * another are refused.
 */
export class HostGuard {
  readonly #ranges: readonly Range[];
  readonly #names: ReadonlySet<string>;

  /**
   * @param allowed ranges, such as `10.1.0.0/16` or `::1/128`, and host names, which are then believed whatever they resolve to
   * @throws WeftError `invalid-value` for what is neither
   */
  constructor(allowed: readonly string[] = []) {
    const isRange = (text: string): boolean => text.includes('/');
    this.#ranges = allowed.filter(isRange).map(parseRange);
    this.#names = new Set(allowed.filter((text) => !isRange(text)).map((name) => name.toLowerCase()));
  }

  /** Whether the name itself was allowed, so that its addresses are not looked at. */
  trusts(host: string): boolean {
    return this.#names.has(host.toLowerCase());
  }

  /**
   * Whether a host may be asked, as far as its text tells: an address is judged, a name only where it is one of this machine or its
   * network. @param host as in a `URL`, where IPv6 stands in brackets
   */
  allowsHost(host: string): boolean {
    if (this.trusts(host)) return true;
    // A dot at the end says that a name is whole.
    const bare = host.replace(/^\[|\]$|\.$/g, '');
    return ipaddr.isValid(bare) ? this.allowsAddress(bare) : bare.includes('.') && !LOCAL_NAME.test(bare);
  }

  /** Whether a connection to this address may be made. */
  allowsAddress(address: string): boolean {
    if (!ipaddr.isValid(address)) return false;
    const parsed = ipaddr.parse(address);
    return isPublic(parsed) || this.#ranges.some((range) => isWithin(parsed, range));
  }
}

function isPublic(address: Address): boolean {
  if (isWithin(address, NAT64)) {
    return isPublic(new ipaddr.IPv4(address.toByteArray().slice(NAT64_EMBEDDED_AT)));
  }
  return address.range() === 'unicast' && (address instanceof ipaddr.IPv4 || isWithin(address, GLOBAL));
}

function isWithin(address: Address, [start, bits]: Range): boolean {
  if (address instanceof ipaddr.IPv4) return start instanceof ipaddr.IPv4 && address.match(start, bits);
  return start instanceof ipaddr.IPv6 && address.match(start, bits);
}

function parseRange(text: string): Range {
  try {
    return ipaddr.parseCIDR(text);
  } catch (error) {
    throw new WeftError('invalid-value', {
      what: 'allow private addresses',
      expected: 'a range such as 10.1.0.0/16, or a host name',
      got: JSON.stringify(text),
      hint: 'Write the first address of the range, a slash, and how many bits of it count.',
      cause: error,
    });
  }
}
