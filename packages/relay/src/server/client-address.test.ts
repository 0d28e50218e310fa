import { describe, expect, test } from 'vitest';
import { AddressBook } from './address-book.ts';
import { ClientAddresses, isLoopback } from './client-address.ts';

const forwarded = (value: string) => ({ 'x-forwarded-for': value });

describe('ClientAddresses', () => {
  const none = new ClientAddresses([]);
  const behind = new ClientAddresses(['10.0.0.0/8', '::1', 'fd00::/8']);

  test.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:0DB8:0001:0002::', '2001:db8:1:2::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    [undefined, 'unknown'],
    ['no address', 'unknown'],
  ])('[RE2] counts %s as %s', (peer, key) => {
    expect(none.keyOf(peer)).toBe(key);
  });

  test('[RE2] believes nobody who is no trusted proxy', () => {
    expect(none.keyOf('10.1.2.3', forwarded('203.0.113.7'))).toBe('10.1.2.3');
    expect(behind.keyOf('203.0.113.9', forwarded('203.0.113.7'))).toBe('203.0.113.9');
  });

  test('[RE2] takes of what proxies noted the last that is no proxy, since what stands before it is the client’s word', () => {
    expect(behind.keyOf('10.1.2.3', forwarded('198.51.100.1, 203.0.113.7'))).toBe('203.0.113.7');
    expect(behind.keyOf('10.1.2.3', forwarded('198.51.100.1, 203.0.113.7, 10.9.9.9'))).toBe('203.0.113.7');
    expect(behind.keyOf('::ffff:10.1.2.3', forwarded('2001:db8::1'))).toBe('2001:db8:0:0::/64');
    expect(behind.keyOf('fd00::5', forwarded('203.0.113.7'))).toBe('203.0.113.7');
  });

  test('[RE2] counts a proxy itself where it noted nothing that is an address', () => {
    expect(behind.keyOf('10.1.2.3')).toBe('10.1.2.3');
    expect(behind.keyOf('10.1.2.3', forwarded('203.0.113.7, unknown'))).toBe('10.1.2.3');
    expect(behind.keyOf('10.1.2.3', forwarded('10.4.4.4'))).toBe('10.1.2.3');
  });

  test('[RE2] ignores a network that is none', () => {
    const odd = new ClientAddresses(['10.0.0.0/99', 'fd00::/200', 'abc', '']);
    expect(odd.isProxy('10.0.0.1')).toBe(false);
  });

  test('knows this machine', () => {
    expect(['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'].every(isLoopback)).toBe(true);
    expect(['10.0.0.1', '::2', undefined, '1127.0.0.1'].some(isLoopback)).toBe(false);
  });
});

describe('AddressBook', () => {
  test('[RE2] lets in as many of an address as it may have, and one more when one has left', () => {
    const book = new AddressBook(2);
    const first = book.enter('a');
    expect(book.enter('a')).not.toBeNull();
    expect(book.enter('a')).toBeNull();
    expect(book.enter('b')).not.toBeNull();
    first?.();
    first?.();
    expect(book.enter('a')).not.toBeNull();
    expect(book.enter('a')).toBeNull();
  });

  test('[RE2] forgets an address of which nobody is left', () => {
    const book = new AddressBook(2);
    for (let at = 0; at < 1000; at += 1) book.enter(`${at}`)?.();
    expect(book.size).toBe(0);
  });
});
