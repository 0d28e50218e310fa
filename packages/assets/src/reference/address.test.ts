import { describe, expect, test } from 'vitest';
import { MAX_DATA_URI_CHARACTERS, readAddress } from './address.ts';

const CID = 'bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq';

describe('the address of a file', () => {
  test('[AS1] is taken apart by its scheme', () => {
    expect(readAddress('mxc://example.org:8448/abc_-1')).toMatchObject({
      scheme: 'mxc',
      server: 'example.org:8448',
      mediaId: 'abc_-1',
    });
    expect(readAddress(`ipfs://${CID}/a/b.glb`)).toMatchObject({
      scheme: 'ipfs',
      cid: CID,
      path: '/a/b.glb',
    });
    expect(readAddress(`ipfs://${CID}`)).toMatchObject({ scheme: 'ipfs', cid: CID, path: '' });
    expect(readAddress('https://example.org/a?b=c')).toMatchObject({ scheme: 'https' });
    expect(readAddress('data:text/plain,hello')).toMatchObject({ scheme: 'data' });
  });

  test.each([
    '',
    'file:///etc/passwd',
    'http://example.org/a.glb',
    '//example.org/a.glb',
    '/a.glb',
    '../a.glb',
    'blob:https://example.org/1',
    'javascript:alert(1)',
    'mxc://example.org/../admin',
    'mxc://example.org/a/b',
    'mxc://example.org/a?b',
    'mxc://user@example.org/a',
    'mxc://example.org/%2e%2e',
    `ipfs://${CID}/../x`,
    `ipfs://${CID}/a/%2E%2e/x`,
    'ipfs://short',
    'https://user:secret@example.org/a',
    'https://example.org\\@evil.example/a',
    'https:example.org',
    'https://',
  ])('[AS1] is none: %s', (text) => {
    expect(readAddress(text)).toBeNull();
  });

  test('[AS1] may hold a file up to the bound, and no larger one', () => {
    const start = 'data:,';
    const rest = MAX_DATA_URI_CHARACTERS - start.length;
    expect(readAddress(start + 'a'.repeat(rest))).not.toBeNull();
    expect(readAddress(start + 'a'.repeat(rest + 1))).toBeNull();
  });
});
