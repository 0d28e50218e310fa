import { isIPv4 } from 'node:net';

const HTTPS_PORT = '443';
const HTTP_PORT = '80';
/** Plain http is asked of this machine only, and by its addresses. */
const LOOPBACK = ['/ip4/127.0.0.1', '/ip6/::1'] as const;

/**
 * Where a relay gives blocks, as multiaddrs of HTTP. None where its address has a path: those say a host and a port, and
 * whoever follows them asks at the top of it.
 */
export function providerAddresses(relayUrl: string): readonly string[] {
  const { protocol, hostname, port, pathname } = new URL(relayUrl);
  if (pathname !== '/') return [];
  const end = protocol === 'wss:' ? `/tcp/${port || HTTPS_PORT}/tls/http` : `/tcp/${port || HTTP_PORT}/http`;
  const isOwnMachine = protocol !== 'wss:' && hostname === 'localhost';
  return (isOwnMachine ? LOOPBACK : [hostOf(hostname)]).map((host) => host + end);
}

function hostOf(hostname: string): string {
  if (isIPv4(hostname)) return `/ip4/${hostname}`;
  return hostname.startsWith('[') ? `/ip6/${hostname.slice(1, -1)}` : `/dns/${hostname}`;
}
