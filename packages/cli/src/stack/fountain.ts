import { Document, WebIO } from '@gltf-transform/core';
import { lathe, type ProfilePoint } from './lathe.ts';

interface Part {
  readonly name: string;
  /** Linear RGBA, 0 to 1. */
  readonly color: [number, number, number, number];
  readonly roughness: number;
  readonly metallic: number;
  readonly profile: readonly ProfilePoint[];
}

const PARTS: readonly Part[] = [
  {
    name: 'Stone',
    color: [0.62, 0.58, 0.52, 1],
    roughness: 0.9,
    metallic: 0,
    profile: [
      [1.7, 0],
      [1.6, 0.12],
      [1.6, 0.45],
      [1.35, 0.45],
      [1.35, 0.2],
      [0.3, 0.2],
      [0.22, 0.4],
      [0.18, 1.05],
      [0.75, 1.35],
      [0.75, 1.43],
      [0.67, 1.43],
      [0.1, 1.25],
    ],
  },
  {
    name: 'Water',
    color: [0.1, 0.42, 0.55, 1],
    roughness: 0.08,
    metallic: 0,
    profile: [
      [1.35, 0.36],
      [0.2, 0.36],
    ],
  },
  {
    name: 'Water in the bowl',
    color: [0.1, 0.42, 0.55, 1],
    roughness: 0.08,
    metallic: 0,
    profile: [
      [0.66, 1.4],
      [0, 1.4],
    ],
  },
  {
    name: 'Bronze',
    color: [0.55, 0.36, 0.15, 1],
    roughness: 0.35,
    metallic: 1,
    profile: [
      [0.11, 1.3],
      [0.06, 1.68],
      [0.15, 1.8],
      [0.11, 1.95],
      [0, 2.08],
    ],
  },
];

/** The demo world's fountain as a binary glTF 2.0 file of some 30 KB: 3.4 m wide, 2.08 m high, standing on y = 0. */
export async function fountainGlb(): Promise<Uint8Array<ArrayBuffer>> {
  const document = new Document();
  const buffer = document.createBuffer();
  const mesh = document.createMesh('Fountain');
  for (const part of PARTS) {
    const geometry = lathe(part.profile);
    const material = document
      .createMaterial(part.name)
      .setBaseColorFactor(part.color)
      .setRoughnessFactor(part.roughness)
      .setMetallicFactor(part.metallic);
    const accessor = (type: 'SCALAR' | 'VEC3', array: Float32Array<ArrayBuffer> | Uint16Array<ArrayBuffer>) =>
      document.createAccessor().setType(type).setArray(array).setBuffer(buffer);
    mesh.addPrimitive(
      document
        .createPrimitive()
        .setAttribute('POSITION', accessor('VEC3', geometry.positions))
        .setAttribute('NORMAL', accessor('VEC3', geometry.normals))
        .setIndices(accessor('SCALAR', geometry.indices))
        .setMaterial(material),
    );
  }
  const node = document.createNode('Fountain').setMesh(mesh);
  document.getRoot().setDefaultScene(document.createScene('Fountain').addChild(node));
  const bytes = await new WebIO().writeBinary(document);
  return Uint8Array.from(bytes);
}
