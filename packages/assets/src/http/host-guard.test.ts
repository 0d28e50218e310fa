import { describe, expect, test } from 'vitest';
import { HostGuard } from './host-guard.ts';

const guard = new HostGuard();
const hostOf = (url: string): string => new URL(url).hostname;

describe('what an address of a stranger may reach', () => {
  test.each(['93.184.216.34', '8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '64:ff9b::808:808'])(
    '[AS4] %s',
    (address) => expect(guard.allowsAddress(address)).toBe(true),
  );

  test.each([
    ...['127.0.0.1', '127.255.255.255', '0.0.0.0', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
    ...[
      '169.254.169.254',
      '100.64.0.1',
      '100.127.255.255',
      '224.0.0.1',
      '239.255.255.250',
      '255.255.255.255',
    ],
    ...['192.0.0.1', '192.0.2.1', '198.18.0.1', '198.51.100.1', '203.0.113.1', '240.0.0.1'],
    ...['::1', '::', 'fe80::1', 'fe80::1%eth0', 'fc00::1', 'fd12:3456::1', 'ff02::1', '2001:db8::1'],
    ...['::ffff:127.0.0.1', '::ffff:8.8.8.8', '::ffff:7f00:1', '::127.0.0.1'],
    ...['64:ff9b::7f00:1', '64:ff9b::a00:1', '64:ff9b:1::808:808', '2002:7f00:1::', '2001::1', '100::1'],
    ...['', 'example.org', '127.0.0.1.example.org', '999.1.1.1'],
  ])('[AS4] not %s', (address) => expect(guard.allowsAddress(address)).toBe(false));

  test.each([
    ...['https://localhost/', 'https://LOCALHOST/', 'https://localhost./', 'https://a.localhost/'],
    ...[
      'https://printer.local/',
      'https://metadata.google.internal/',
      'https://nas.home.arpa/',
      'https://nas/',
    ],
    ...[
      'https://127.0.0.1/',
      'https://127.1/',
      'https://2130706433/',
      'https://0x7f000001/',
      'https://0177.0.0.1/',
    ],
    ...['https://[::1]/', 'https://[::ffff:127.0.0.1]/', 'https://[fd00::1]/', 'https://169.254.169.254/'],
  ])('[AS4] a host is refused by its text: %s', (url) => expect(guard.allowsHost(hostOf(url))).toBe(false));

  test.each([
    'https://example.org/',
    'https://8.8.8.8/',
    'https://localhost.example.org/',
    'https://[2606:4700::1]/',
  ])('[AS4] a host is not refused by its text: %s', (url) =>
    expect(guard.allowsHost(hostOf(url))).toBe(true),
  );

  test('[AS4] what was allowed, by range and by name, and nothing beside it', () => {
    const home = new HostGuard(['10.1.0.0/16', 'fd00:1::/32', 'Nas.Local']);
    expect(['10.1.0.0', '10.1.255.255', 'fd00:1::9'].map((each) => home.allowsAddress(each))).toEqual([
      true,
      true,
      true,
    ]);
    expect(
      ['10.0.255.255', '10.2.0.0', 'fd00:2::9', '::ffff:10.1.0.1'].map((each) => home.allowsAddress(each)),
    ).toEqual([false, false, false, false]);
    expect(home.allowsHost('nas.local')).toBe(true);
    expect(home.allowsHost('other.local')).toBe(false);
    expect(home.trusts('nas.local')).toBe(true);
  });

  test.each(['10.0.0.0/33', '10.0.0/x', '/'])(
    'a range that is none is refused when it is given: %s',
    (text) => {
      expect(() => new HostGuard([text])).toThrow(/expected a range/);
    },
  );
});
