import { triangleBytes, triangleDocument } from '@weft/testing/gltf';
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
    bufferViews: [{ buffer: 1, byteLength: 36 }],
    nodes: [{ mesh: 0, extensions: { ACME_x: { y: 7 } } }],
    images: [{ uri: data(PIXEL, 'image/png'), name: 'dot' }],
    extensionsUsed: ['ACME_x'],
    extras: { mine: [1, 2] },
  };
  const packed = await packGltf(text(document), 'it');
  expect(checkGlb(packed)).toMatchObject({ bounds: { min: [0, 0, 3], max: [1, 2, 3] } });
  const { json } = readContainer(packed, 'read it');
  expect(json).toMatchObject({
    nodes: [{ extensions: { ACME_x: { y: 7 } } }],
    buffers: [{ byteLength: expect.any(Number) }],
    images: [{ name: 'dot', bufferView: expect.any(Number) }],
    extras: { mine: [1, 2] },
  });
  expect(JSON.stringify(json)).not.toContain('data:');
  expect((await validateModel(packed)).findings.filter(({ severity }) => severity === 'error')).toEqual([]);
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
])('[AS62] %s: one that needs more than itself, or says what is not there', async (code, change) => {
  try {
    await packGltf(text({ ...EMBEDDED, ...change }), 'it');
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(AssetError);
    expect(error).toMatchObject({ code });
  }
});
