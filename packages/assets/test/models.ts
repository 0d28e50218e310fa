import { Document, type Material, WebIO } from '@gltf-transform/core';
import sharp from 'sharp';

/** A grid of quads in the plane y = 0, each with vertices of its own, so that joining them saves something. */
export function addGrid(document: Document, cells: number, side = 1) {
  const positions: number[] = [];
  const normals: number[] = [];
  const uvs: number[] = [];
  for (let x = 0; x < cells; x += 1) {
    for (let z = 0; z < cells; z += 1) {
      for (const [dx, dz] of [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 0],
        [0, 1],
        [1, 1],
      ] as const) {
        positions.push(((x + dx) / cells) * side, Math.sin(x + dx) * 0.1, ((z + dz) / cells) * side);
        normals.push(0, 1, 0);
        uvs.push((x + dx) / cells, (z + dz) / cells);
      }
    }
  }
  const buffer = document.getRoot().listBuffers()[0] ?? document.createBuffer();
  const accessor = (type: 'VEC2' | 'VEC3', numbers: number[]) =>
    document.createAccessor().setType(type).setArray(new Float32Array(numbers)).setBuffer(buffer);
  return document
    .createPrimitive()
    .setAttribute('POSITION', accessor('VEC3', positions))
    .setAttribute('NORMAL', accessor('VEC3', normals))
    .setAttribute('TEXCOORD_0', accessor('VEC2', uvs));
}

export async function paint(side: number): Promise<Uint8Array> {
  const noise = { type: 'gaussian', mean: 120, sigma: 40 } as const;
  const create = { width: side, height: side, channels: 3, background: '#808080', noise } as const;
  return Uint8Array.from(await sharp({ create }).png().toBuffer());
}

/** A model that optimising makes smaller: two equal textured grids, one unused material. */
export async function wastefulModel(textureSide = 64): Promise<Uint8Array> {
  const document = new Document();
  document.createBuffer();
  const image = await paint(textureSide);
  const material = (name: string): Material =>
    document
      .createMaterial(name)
      .setBaseColorTexture(document.createTexture(name).setImage(image).setMimeType('image/png'));
  const scene = document.createScene('Scene');
  for (const name of ['One', 'Two']) {
    const mesh = document.createMesh(name).addPrimitive(addGrid(document, 12).setMaterial(material(name)));
    scene.addChild(
      document
        .createNode(name)
        .setMesh(mesh)
        .setTranslation([name === 'One' ? 0 : 3, 0, 0]),
    );
  }
  document.createMaterial('Unused');
  document.getRoot().setDefaultScene(scene);
  return new WebIO().writeBinary(document);
}
