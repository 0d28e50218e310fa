import type { IncomingHttpHeaders } from 'node:http';
import { BlockList, isIP } from 'node:net';

const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;
/** Groups of an IPv6 address that one subscriber is usually given. */
const NETWORK_GROUPS = 4;

/** Finds out who a connection comes from, behind the proxies that are believed. */
export class ClientAddresses {
  readonly #proxies = new BlockList();

  /** @param trustedProxies addresses, or networks such as `10.0.0.0/8`; what is neither is ignored */
  constructor(trustedProxies: readonly string[]) {
    for (const entry of trustedProxies) this.#trust(entry);
  }

  isProxy(peer: string | undefined): boolean {
    const address = plainAddress(peer);
    return address !== null && this.#proxies.check(address, familyOf(address));
  }

  /**
   * The key by which a client counts: its address, of IPv6 the network. Of the addresses that proxies noted the last
   * that is no proxy itself counts: those before it are the client's own words.
   */
  keyOf(peer: string | undefined, headers: IncomingHttpHeaders = {}): string {
    if (!this.isProxy(peer)) return keyOf(plainAddress(peer));
    const noted = String(headers['x-forwarded-for'] ?? '').split(',');
    for (const each of noted.toReversed()) {
      const address = plainAddress(each.trim());
      if (address === null) break;
      if (!this.isProxy(address)) return keyOf(address);
    }
    return keyOf(plainAddress(peer));
  }

  #trust(entry: string): void {
    const [network = '', prefix] = entry.split('/');
    const address = plainAddress(network);
    if (address === null) return;
    const most = isIP(address) === 6 ? 128 : 32;
    if (prefix === undefined) this.#proxies.addAddress(address, familyOf(address));
    else if (Number(prefix) <= most) this.#proxies.addSubnet(address, Number(prefix), familyOf(address));
  }
}

/** Whether a connection comes from this very machine. */
export function isLoopback(peer: string | undefined): boolean {
  const address = plainAddress(peer);
  return address !== null && (address === '::1' || address.startsWith('127.'));
}

function plainAddress(text: string | undefined): string | null {
  const bare = (text ?? '').replace(/%.*$/, '');
  const address = MAPPED.exec(bare)?.[1] ?? bare;
  return isIP(address) === 0 ? null : address;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

function keyOf(address: string | null): string {
  if (address === null) return 'unknown';
  return isIP(address) === 6 ? `${groupsOf(address).slice(0, NETWORK_GROUPS).join(':')}::/64` : address;
}

function groupsOf(address: string): string[] {
  const [before = '', after] = address.split('::');
  const head = before === '' ? [] : before.split(':');
  const tail = after === undefined || after === '' ? [] : after.split(':');
  const gap = after === undefined ? 0 : Math.max(0, 8 - head.length - tail.length);
  return [...head, ...Array.from({ length: gap }, () => '0'), ...tail].map((group) =>
    Number.parseInt(group, 16).toString(16),
  );
}
