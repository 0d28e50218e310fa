import { describe, expect, test } from 'vitest';
import { besideInIpfs, MAX_PART_PATH_CHARACTERS, readPartUri } from './part-address.ts';

const CID = 'bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq';

describe('an address within a model', () => {
  test.each([
    ['data:,a', { at: 'data', text: 'data:,a' }],
    ['mxc://example.org/abc', { at: 'address', text: 'mxc://example.org/abc' }],
    [`ipfs://${CID}/a.bin`, { at: 'address', text: `ipfs://${CID}/a.bin` }],
    ['a.bin', { at: 'file', path: 'a.bin' }],
    ['./textures/oak%20wood.png', { at: 'file', path: 'textures/oak wood.png' }],
    ['größe.bin', { at: 'file', path: 'größe.bin' }],
  ])('[AS40] %s is read', (uri, expected) => {
    expect(readPartUri(uri)).toEqual(expected);
  });

  test.each([
    '',
    '.',
    '..',
    './',
    '../a.bin',
    'a/../b.bin',
    'a/./b.bin',
    'a//b.bin',
    'a/',
    '%2e%2e/a.bin',
    'a/%2E./b.bin',
    'a%2fb.bin',
    'a%5c..%5cb.bin',
    'a\\b.bin',
    '\\\\host\\a.bin',
    '/a.bin',
    '//host/a.bin',
    'a.bin?x',
    'a.bin#x',
    'a%00.bin',
    'a\u0000.bin',
    'a%zz.bin',
    'a%ff.bin',
    'c:\\a.bin',
    'c:/a.bin',
    'http://169.254.169.254/latest',
    'https://example.org/a.bin',
    'file:///etc/passwd',
    'blob:https://example.org/1',
    'javascript:alert(1)',
    'mxc://example.org/../a',
    `ipfs://${CID}/../a`,
  ])('[AS40] %s is none', (uri) => {
    expect(readPartUri(uri)).toBeNull();
  });

  test('[AS40] is bounded', () => {
    expect(readPartUri('a'.repeat(MAX_PART_PATH_CHARACTERS))).not.toBeNull();
    expect(readPartUri('a'.repeat(MAX_PART_PATH_CHARACTERS + 1))).toBeNull();
  });

  test('[AS40] a file beside a model in IPFS stays in its directory', () => {
    expect(besideInIpfs(`ipfs://${CID}/chair/chair.gltf`, 'oak wood.png')).toBe(
      `ipfs://${CID}/chair/oak%20wood.png`,
    );
    expect(besideInIpfs(`ipfs://${CID}/chair.gltf`, 'a.bin')).toBe(`ipfs://${CID}/a.bin`);
    expect(besideInIpfs(`ipfs://${CID}`, 'a.bin')).toBeNull();
    expect(besideInIpfs('mxc://example.org/chair', 'a.bin')).toBeNull();
    expect(besideInIpfs('https://example.org/chair.gltf', 'a.bin')).toBeNull();
  });
});
