import { describe, expect, test } from 'vitest';
import { MAX_BLOB_BYTES, MAX_BLOB_OBJECTS } from '../index.ts';
import { isBlobSource, readBlobPointer, schemeOf } from './blob-pointer.ts';
import { MAX_BLOB_SOURCE_CHARACTERS, MAX_BLOB_SOURCES } from './limits.ts';

const MXC = 'mxc://example.org/AbC-_9';
const IPFS = 'ipfs://bafybeigdyrzt5sfp7udm7hu76uh7y26nf3efuylqabf3oclgtqy55fbzdi';
const HTTPS = 'https://example.org:8443/worlds/plaza.weft?v=2';
const SHA256 = 'ab'.repeat(32);
const whole = { sources: [MXC, IPFS, HTTPS], sha256: SHA256, bytes: 100, objects: 3 };

describe('a source', () => {
  test('is an mxc:, ipfs: or https: address', () => {
    for (const text of [
      MXC,
      IPFS,
      `${IPFS}/dir/file.weft`,
      HTTPS,
      'https://[::1]/a',
      'https://a.org',
      'mxc://a.org:1/b',
    ])
      expect(isBlobSource(text), text).toBe(true);
    expect([MXC, IPFS, HTTPS].filter(isBlobSource).map(schemeOf)).toEqual(['mxc', 'ipfs', 'https']);
  });

  test('is nothing that reaches elsewhere, carries credentials or hides what it is', () => {
    const refused = [
      'http://example.org/a',
      'file:///etc/passwd',
      'data:,a',
      'javascript:alert(1)',
      'HTTPS://example.org/a',
      'https://ann:secret@example.org/a',
      'https://example.org\\@evil.org/',
      'https://example.org/a b',
      'https://example.org/a\nb',
      'https://exämple.org/',
      'https:///a',
      'https://',
      'mxc://example.org/../../a',
      'mxc://example.org/a/b',
      'mxc://example.org/',
      'ipfs://',
      'ipfs://../a',
      'ipfs://short',
      '',
      null,
      5,
    ];
    for (const text of refused) expect(isBlobSource(text), String(text)).toBe(false);
  });

  test('is no longer than the bound', () => {
    const of = (length: number) => HTTPS.padEnd(length, 'a');
    expect(isBlobSource(of(MAX_BLOB_SOURCE_CHARACTERS))).toBe(true);
    expect(isBlobSource(of(MAX_BLOB_SOURCE_CHARACTERS + 1))).toBe(false);
  });
});

describe('a pointer', () => {
  const read = (change: Record<string, unknown>) => readBlobPointer({ ...whole, ...change });

  test('is taken with all of its parts', () => {
    expect(read({})).toEqual({ pointer: whole, skippedSources: 0 });
  });

  test('keeps the sources that are usable, each once, and counts the others', () => {
    const sources = ['http://a.org/', MXC, MXC, 7, IPFS];
    expect(read({ sources })).toMatchObject({ pointer: { sources: [MXC, IPFS] }, skippedSources: 3 });
    const many = Array.from({ length: MAX_BLOB_SOURCES + 1 }, (_, at) => `mxc://a.org/${at}`);
    expect(read({ sources: many.slice(1) })).toMatchObject({ skippedSources: 0 });
    expect(read({ sources: many })).toMatchObject({
      pointer: { sources: many.slice(0, MAX_BLOB_SOURCES) },
      skippedSources: 1,
    });
  });

  test('is refused without a source, or with a hash or a count that is none, at the bound and one past it', () => {
    for (const sources of [[], [7], MXC, null, undefined, ['http://a.org/']])
      expect(read({ sources })).toBeTypeOf('string');
    for (const sha256 of [SHA256.toUpperCase(), SHA256.slice(1), `${SHA256}0`, 5, undefined])
      expect(read({ sha256 })).toBeTypeOf('string');
    expect(read({ bytes: MAX_BLOB_BYTES, objects: MAX_BLOB_OBJECTS })).toBeTypeOf('object');
    expect(read({ bytes: 1, objects: 0 })).toBeTypeOf('object');
    for (const bytes of [0, -1, 1.5, MAX_BLOB_BYTES + 1, '9', null])
      expect(read({ bytes })).toBeTypeOf('string');
    for (const objects of [-1, 0.5, MAX_BLOB_OBJECTS + 1, 1e8, undefined])
      expect(read({ objects })).toBeTypeOf('string');
    for (const input of [null, 'mxc://a/b', [], 5]) expect(readBlobPointer(input)).toBeTypeOf('string');
  });
});
