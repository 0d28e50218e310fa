import { triangleGlb } from '@weft/testing/gltf';
import { expect, test } from 'vitest';
import { fileKindOf } from './file-kind.ts';

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));

test.each([
  ['model/gltf-binary', triangleGlb()],
  ['model/gltf+json', bytes('\n{ "scene": 0, "asset": { "version": "2.0" } }')],
  ['image/png', bytes('\x89PNG\r\n\x1a\n0000')],
  ['image/jpeg', bytes('\xff\xd8\xff\xe0\x00\x10JFIF')],
  ['image/webp', bytes('RIFF\x00\x00\x00\x00WEBPVP8 ')],
  ['audio/wav', bytes('RIFF\x00\x00\x00\x00WAVEfmt ')],
  ['audio/ogg', bytes('OggS\x00\x02')],
  ['audio/flac', bytes('fLaC\x00')],
  ['audio/mpeg', bytes('ID3\x04')],
  ['audio/mpeg', bytes('\xff\xfb\x90\x64')],
  ['audio/mp4', bytes('\x00\x00\x00\x20ftypM4A \x00')],
  ['video/mp4', bytes('\x00\x00\x00\x20ftypisom\x00')],
  ['video/webm', bytes('\x1a\x45\xdf\xa3\x9f\x42\x82\x84webm')],
])('[AS60] %s is told by its bytes', (type, file) => {
  expect(fileKindOf(file)?.type).toBe(type);
});

test.each([
  ['nothing', ''],
  ['text', 'hello'],
  ['other JSON', '{ "weft": 1 }'],
  ['a GIF', 'GIF89a'],
  ['an AVIF', '\x00\x00\x00\x20ftypavif'],
  ['Matroska', '\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska'],
  ['a page', '<!doctype html><script>'],
  ['half a JPEG head', '\xff\xd8'],
])('[AS60] %s is none', (_, text) => {
  expect(fileKindOf(bytes(text))).toBeNull();
});
