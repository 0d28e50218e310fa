import { makeGlb, triangleBytes, triangleDocument } from '@weft/testing/gltf';
import { expect, test } from 'vitest';
import { AssetError } from '../asset-error.ts';
import { readContainer } from '../gltf/container.ts';
import { checkGlb } from '../gltf/glb.ts';
import { packGltf } from './pack-gltf.ts';
import { validateModel } from './report/validate-model.ts';

const data = (bytes: Uint8Array, type = 'application/octet-stream') =>
  `data:${type};base64,${Buffer.from(bytes).toString('base64')}`;
const PIXEL = Uint8Array.from(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
);

function text(json: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(json));
}

test('[AS62] a glTF document with everything embedded becomes the binary file that says the same', async () => {
  const document = {
    ...triangleDocument(),
    buffers: [
      { byteLength: 5, uri: data(new Uint8Array(5)) },
      { byteLength: 36, uri: data(triangleBytes()) },
    ],
    bufferViews: [{ buffer: 1, byteLength: 36, extensions: { ACME_x: { buffer: 1, byteOffset: 4, y: 7 } } }],
    images: [{ uri: data(PIXEL, 'image/png'), name: 'dot' }],
    extensionsUsed: ['ACME_x'],
    extras: { mine: [1, 2] },
  };
  const packed = packGltf(text(document), 'publish it');
  expect(checkGlb(packed)).toMatchObject({ bounds: { min: [0, 0, 3], max: [1, 2, 3] } });
  const { json } = readContainer(packed, 'read it');
  expect(json).toMatchObject({
    buffers: [{ byteLength: 8 + 36 + Math.ceil(PIXEL.length / 4) * 4 }],
    bufferViews: [
      { buffer: 0, byteOffset: 8, extensions: { ACME_x: { buffer: 0, byteOffset: 12, y: 7 } } },
      { buffer: 0, byteLength: PIXEL.length },
    ],
    images: [{ mimeType: 'image/png', bufferView: 1, name: 'dot' }],
    extras: { mine: [1, 2] },
  });
  expect((await validateModel(packed)).isValid).toBe(true);
});

const EMBEDDED = { ...triangleDocument(), buffers: [{ byteLength: 36, uri: data(triangleBytes()) }] };

test.each([
  ['external-uri', { buffers: [{ byteLength: 36, uri: 'http://169.254.169.254/x' }] }],
  ['external-uri', { buffers: [{ byteLength: 36, uri: 'chair.bin' }] }],
  ['external-uri', { images: [{ uri: '../../etc/passwd' }] }],
  ['malformed-glb', { buffers: [{ byteLength: 36 }] }],
  ['malformed-glb', { buffers: [{ byteLength: 37, uri: data(triangleBytes()) }] }],
  ['malformed-glb', { buffers: [{ byteLength: 36, uri: 'data:;base64,!' }] }],
  ['malformed-glb', { asset: { version: '1.0' } }],
])('[AS62] %s: one that needs more than itself, or says what is not there', (code, change) => {
  try {
    packGltf(text({ ...EMBEDDED, ...change }), 'publish it');
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(AssetError);
    expect(error).toMatchObject({ code });
  }
});

test('[AS62] a binary file is no text', () => {
  expect(() => packGltf(makeGlb(triangleDocument()), 'publish it')).toThrow(AssetError);
});
