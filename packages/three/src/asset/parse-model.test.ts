import { pngHead } from '@weft/testing/gltf';
import { Light, Mesh, PerspectiveCamera } from 'three';
import { describe, expect, it } from 'vitest';
import { makeModel, triangleJson } from '../../test/make-model.ts';
import { MAX_MODEL_DEPTH, MODEL_LIMITS } from './drawable.ts';
import { type ModelHost, parseModel } from './parse-model.ts';

const host: ModelHost = {
  decoder: () => Promise.reject(new Error('nothing is compressed')),
  textureTarget: 'rgba',
};
const parseGlb = (bytes: Uint8Array) => parseModel(bytes, host);

const chain = (length: number) => ({
  nodes: Array.from({ length }, (_, at) => (at < length - 1 ? { children: [at + 1] } : { mesh: 0 })),
});

const withImage = (image: Uint8Array) =>
  makeModel(
    triangleJson({
      images: [{ bufferView: 1, mimeType: 'image/png' }],
      bufferViews: [
        { buffer: 0, byteLength: 36 },
        { buffer: 0, byteOffset: 36, byteLength: image.length },
      ],
      buffers: [{ byteLength: 36 + image.length }],
    }),
    new Uint8Array([...new Uint8Array(36), ...image]),
  );

describe('reading a model', () => {
  it('builds the scene of a sound file', async () => {
    const scene = await parseGlb(makeModel());
    expect(scene.children[0]).toBeInstanceOf(Mesh);
  });

  it('reads a file that lies inside a larger buffer', async () => {
    const model = makeModel();
    const buffer = new Uint8Array(model.length + 64).fill(7);
    buffer.set(model, 32);
    const scene = await parseGlb(buffer.subarray(32, 32 + model.length));
    expect(scene.children).toHaveLength(1);
  });

  it('leaves out cameras and lights', async () => {
    const scene = await parseGlb(
      makeModel(
        triangleJson({
          scenes: [{ nodes: [0, 1, 2] }],
          nodes: [{ mesh: 0 }, { camera: 0 }, { extensions: { KHR_lights_punctual: { light: 0 } } }],
          cameras: [{ type: 'perspective', perspective: { yfov: 1, znear: 0.1 } }],
          extensionsUsed: ['KHR_lights_punctual'],
          extensions: { KHR_lights_punctual: { lights: [{ type: 'point' }] } },
        }),
      ),
    );
    const kinds: unknown[] = [];
    scene.traverse((node) => kinds.push(node instanceof Light || node instanceof PerspectiveCamera));
    expect(kinds).not.toContain(true);
  });
});

describe('refusing a model', () => {
  const refused: readonly (readonly [string, Uint8Array, RegExp])[] = [
    ['what is no GLB', new TextEncoder().encode('solid cube'), /binary glTF/],
    ['one that was cut off', makeModel().subarray(0, 60), /cut off/],
    [
      'one that reaches for a file',
      makeModel(triangleJson({ images: [{ uri: 'https://evil.example/a.png' }] })),
      /evil\.example/,
    ],
    [
      'one that reaches for a neighbour',
      makeModel(triangleJson({ buffers: [{ byteLength: 36, uri: 'body.bin' }] })),
      /body\.bin/,
    ],
    ['one without a scene', makeModel(triangleJson({ scene: undefined, scenes: [] })), /no scene/],
    [
      'one that needs a decoder we have not',
      makeModel(triangleJson({ extensionsRequired: ['ACME_secret_sauce'] })),
      /ACME_secret_sauce/,
    ],
    [
      'nodes in a circle',
      makeModel(triangleJson({ nodes: [{ mesh: 0 }, { children: [2] }, { children: [1] }] })),
      /nested|circle|tree/,
    ],
    ['a picture of 900 megapixels', withImage(pngHead(30_000, 30_000)), /30000 × 30000/],
    ['a picture that is none', withImage(new Uint8Array(40)), /not a PNG/],
  ];
  for (const [what, bytes, reason] of refused) {
    it(`refuses ${what}, in words`, async () => {
      await expect(parseGlb(bytes)).rejects.toThrow(reason);
    });
  }

  it('takes as many nodes as the limit and not one more', async () => {
    const nodes = (count: number) =>
      makeModel(triangleJson({ nodes: Array.from({ length: count }, () => ({})) }));
    await expect(parseGlb(nodes(MODEL_LIMITS.nodes))).resolves.toBeDefined();
    await expect(parseGlb(nodes(MODEL_LIMITS.nodes + 1))).rejects.toThrow(/4097 nodes/);
  });

  it('takes nodes as deep as the limit and not one deeper', async () => {
    await expect(parseGlb(makeModel(triangleJson(chain(MAX_MODEL_DEPTH + 1))))).resolves.toBeDefined();
    await expect(parseGlb(makeModel(triangleJson(chain(MAX_MODEL_DEPTH + 2))))).rejects.toThrow(
      /deeper than 64/,
    );
  });
});
