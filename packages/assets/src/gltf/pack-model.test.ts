import { meshoptGlb, pngHead, triangleBytes, triangleDocument, turnedMesh } from '@weft/testing/gltf';
import { expect, test } from 'vitest';
import { checkGlb } from './glb.ts';
import { bytesOfView } from './gltf-model.ts';
import { openModel } from './open-model.ts';
import { packModel } from './pack-model.ts';

test('[AS40] a model and its files become one GLB that holds the same', async () => {
  const document = {
    ...triangleDocument(),
    buffers: [{ byteLength: 36, uri: 'body.bin' }],
    images: [{ uri: 'oak.png' }],
    asset: { version: '2.0', extras: { kept: true } },
  };
  const files = new Map([
    ['body.bin', new Uint8Array([...triangleBytes(), 1, 2, 3])],
    ['oak.png', pngHead(8, 8)],
  ]);
  const { model } = await openModel(new TextEncoder().encode(JSON.stringify(document)), { files });
  const glb = packModel(model);
  expect(checkGlb(glb)).toMatchObject({ vertices: 3, bounds: { max: [1, 2, 3] } });
  const again = await openModel(glb);
  expect(bytesOfView(again.model, 0)).toEqual(triangleBytes());
  expect(bytesOfView(again.model, 1)).toEqual(pngHead(8, 8));
  expect(again.model.document.asset).toEqual(document.asset);
});

test('what is compressed stays so', async () => {
  const mesh = turnedMesh([
    [0.1, 0],
    [0.2, 0.5],
  ]);
  const glb = await meshoptGlb(mesh);
  const { model } = await openModel(glb);
  const again = packModel(model);
  expect(checkGlb(again)).toEqual(checkGlb(glb));
  expect(again.length).toBeLessThan(
    mesh.positions.byteLength + mesh.normals.byteLength + mesh.texcoords.byteLength + 8_192,
  );
});
