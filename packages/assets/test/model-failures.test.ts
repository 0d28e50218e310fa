import { FakeTimers } from '@weft/testing';
import { tryFailure } from '@weft/testing/assets';
import {
  dracoBombs,
  dracoGlb,
  ktx2File,
  makeGlb,
  plainGlb,
  pngHead,
  triangleBytes,
  triangleDocument,
  turnedMesh,
  withDraco,
} from '@weft/testing/gltf';
import { expect } from 'vitest';
import { DECODE_DEADLINE_MS } from '../src/decode/decode-job.ts';
import { Decoder } from '../src/decode/decoder.ts';
import { openDecoder } from '../src/decode/node.ts';
import { startThread } from '../src/decode/node-thread.ts';
import { startNodeHash } from '../src/hash/node-hash.ts';
import { explodeGlb } from '../src/import/explode-glb.ts';
import { AssetError, openModel, unpackModel } from '../src/index.ts';
import { drawModel } from '../src/publish/thumbnail/draw-model.ts';
import { THUMBNAIL_SIDE } from '../src/publish/thumbnail/limits.ts';
import { nodeImaging } from '../src/publish/thumbnail/node-imaging.ts';

const MIB = 1024 * 1024;
const VASE = turnedMesh([
  [0.1, 0],
  [0.3, 0.4],
  [0.2, 0.8],
]);

/** How models were refused, as a table: `2 × \`malformed-glb\``. */
async function codesOf(tries: readonly (() => Promise<unknown>)[], expected: string): Promise<string> {
  for (const attempt of tries) {
    const error = await attempt().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(AssetError);
    expect(error).toMatchObject({ code: expected });
  }
  return `${tries.length} × \`${expected}\``;
}

const text = (document: object) => new TextEncoder().encode(JSON.stringify(document));

tryFailure('model-addresses', async () => {
  let asked = 0;
  const load = async () => {
    asked += 1;
    return triangleBytes();
  };
  const uris = [
    ...[
      'http://169.254.169.254/latest',
      'https://example.org/a.bin',
      'file:///etc/passwd',
      'blob:x',
      '/a.bin',
    ],
    ...[
      '//example.org/a.bin',
      '../a.bin',
      'a/../../b.bin',
      '%2e%2e/a.bin',
      'a%2f..%2fb.bin',
      '\\\\host\\a.bin',
      'c:/a.bin',
    ],
  ];
  const from = 'ipfs://bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq/chair/chair.gltf';
  const tries = uris.map((uri) => () => {
    const images = [{ uri: 'mxc://example.org/oak' }, { uri }];
    const buffers = [{ byteLength: 36, uri: 'body.bin' }];
    return openModel(text({ ...triangleDocument(), buffers, images }), { load, from });
  });
  const codes = await codesOf(tries, 'external-uri');
  expect(asked).toBe(0);
  return `${codes}; ${asked} requests`;
});

tryFailure('model-counts', async () => {
  const many = 1_000_000_000;
  const start = performance.now();
  const accessor = { componentType: 5126, count: many, type: 'VEC3' };
  const replaced = {
    count: many,
    indices: { bufferView: 0, componentType: 5125 },
    values: { bufferView: 0 },
  };
  const plain =
    (over: object, view: object = {}) =>
    () =>
      openModel(
        makeGlb(
          {
            ...triangleDocument(),
            accessors: [{ ...accessor, ...over }],
            bufferViews: [{ buffer: 0, byteLength: 36, ...view }],
          },
          triangleBytes(),
        ),
      );
  const meshopt = { buffer: 0, byteLength: 36, byteStride: 4, count: many, mode: 'ATTRIBUTES' };
  const draco = { bufferView: 0, attributes: { POSITION: 0 } };
  const tries = [
    plain({}),
    plain({ bufferView: 0 }),
    plain({ count: 3, sparse: replaced }),
    plain({ bufferView: 0 }, { byteStride: 252 }),
    plain({ bufferView: 0 }, { byteLength: 4 * many, extensions: { EXT_meshopt_compression: meshopt } }),
    () =>
      openModel(
        makeGlb(
          {
            ...triangleDocument(),
            accessors: [accessor],
            meshes: [
              {
                primitives: [
                  { attributes: { POSITION: 0 }, extensions: { KHR_draco_mesh_compression: draco } },
                ],
              },
            ],
          },
          triangleBytes(),
        ),
      ),
  ];
  return `${await codesOf(tries, 'malformed-glb')}, within ${Math.ceil(performance.now() - start)} ms`;
});

tryFailure('model-numbers', async () => {
  const spoilt = triangleBytes();
  new DataView(spoilt.buffer).setFloat32(0, Number.NaN, true);
  const bounds = (max: string) => () =>
    openModel(
      new TextEncoder().encode(
        JSON.stringify({ ...triangleDocument(), buffers: [{ byteLength: 36, uri: 'a' }] }).replace(
          '[1,2,3]',
          max,
        ),
      ),
      { files: new Map([['a', triangleBytes()]]) },
    );
  const circle = [{ mesh: 0, children: [1] }, { children: [2] }, { children: [1] }];
  return codesOf(
    [
      bounds('[1,1e999,3]'),
      bounds('[1,1e300,3]'),
      () => openModel(makeGlb(triangleDocument(), spoilt)),
      () => openModel(makeGlb({ ...triangleDocument(), nodes: circle }, triangleBytes())),
    ],
    'malformed-glb',
  );
});

tryFailure('model-pictures', async () => {
  const [jpeg, webp] = [new Uint8Array(24), new Uint8Array(30)];
  jpeg.set([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 17, 8, 0xff, 0xff, 0xff, 0xff, 3]);
  webp.set(new TextEncoder().encode('RIFF'), 0);
  webp.set(new TextEncoder().encode('WEBPVP8X'), 8);
  webp.set([0xfe, 0xff, 0, 0xfe, 0xff, 0], 24);
  const ktx2 = (at: number, value: number) => {
    const bytes = ktx2File(64, 64, [1, 2, 3, 255]);
    new DataView(bytes.buffer).setUint32(at, value, true);
    return bytes;
  };
  const pictures = [
    ...[pngHead(65_535, 65_535), jpeg, webp, ktx2(20, 65_535)],
    ...[
      ktx2(24, 4_096),
      ktx2(40, 7),
      ktx2(80, 99_999_999),
      ktx2(88, 99_999_999),
      ktx2(96, 99_999_999),
      ktx2(64, 99_999_999),
    ],
  ];
  const tries = pictures.map(
    (bytes) => () => openModel(plainGlb(VASE, { picture: { bytes, type: 'image/png' } })),
  );
  return codesOf(tries, 'malformed-glb');
});

tryFailure('model-draco', async () => {
  const decoder = openDecoder();
  const decode = async (glb: Uint8Array) =>
    unpackModel((await openModel(glb)).model, decoder.forModel('use the model'));
  try {
    // The code of the decoder is there before the clock starts.
    await decode(await dracoGlb(VASE));
    const before = process.memoryUsage().rss;
    const start = performance.now();
    const codes = await codesOf(
      dracoBombs().map((bytes) => () => decode(withDraco(bytes, VASE))),
      'undecodable',
    );
    const took = performance.now() - start;
    const grown = process.memoryUsage().rss - before;
    expect(grown).toBeLessThan(256 * MIB);
    await decode(await dracoGlb(VASE));
    return `${codes}, within ${Math.ceil(took)} ms together; memory grew by ${Math.max(0, Math.round(grown / MIB))} MiB; the next model decodes`;
  } finally {
    decoder.stop();
  }
});

tryFailure('model-slow', async () => {
  // The thread is real, the clock is not: the two seconds are over while it works.
  const timers = new FakeTimers();
  const { promise: begun, resolve } = Promise.withResolvers<void>();
  let threads = 0;
  const decoder = new Decoder({
    timers,
    start(listener) {
      threads += 1;
      return startThread({
        ...listener,
        ended: (why) => listener.ended(why),
        answered(answer) {
          listener.answered(answer);
          if (answer.state === 'begun') resolve();
        },
      });
    },
  });
  try {
    const decode = decoder.forModel('use the model');
    const slow = decode({ kind: 'ktx2', bytes: ktx2File(2_048, 2_048, [1, 2, 3, 255]), target: 'rgba' });
    const refused = codesOf([() => slow], 'too-slow');
    await begun;
    await timers.advance(DECODE_DEADLINE_MS);
    const codes = await refused;
    await decode({ kind: 'ktx2', bytes: ktx2File(8, 8, [1, 2, 3, 255]), target: 'rgba' });
    expect(threads).toBe(2);
    return `${codes} after ${DECODE_DEADLINE_MS} ms; the next model decodes, in another thread`;
  } finally {
    decoder.stop();
  }
});

tryFailure('model-apart', async () => {
  const decoder = openDecoder();
  const start = performance.now();
  try {
    const codes = await codesOf(
      dracoBombs().map(
        (bomb) => () => explodeGlb(withDraco(bomb, VASE), { decoder, startHash: startNodeHash }),
      ),
      'undecodable',
    );
    return `${codes}, within ${Math.ceil(performance.now() - start)} ms together; nothing was stored`;
  } finally {
    decoder.stop();
  }
});

tryFailure('model-thumbnail', async () => {
  const draw = async (document: object, bytes: Uint8Array) => {
    const glb = makeGlb(document, bytes);
    return drawModel({ glb, decoded: new Map(), side: THUMBNAIL_SIDE }, nodeImaging);
  };
  const start = performance.now();
  const why: string[] = [];
  const corners = 1_200;
  const indices = { bufferView: 1, componentType: 5123, count: corners, type: 'SCALAR' };
  const withIndices = (nodes: number) => ({
    ...triangleDocument(),
    scenes: [{ nodes: Array.from({ length: nodes }, (_, at) => at) }],
    nodes: Array.from({ length: nodes }, () => ({ mesh: 0 })),
    meshes: [{ primitives: [{ attributes: { POSITION: 0 }, indices: 1 }] }],
    accessors: [...triangleDocument().accessors, indices],
    bufferViews: [
      { buffer: 0, byteLength: 36 },
      { buffer: 0, byteOffset: 36, byteLength: corners * 2 },
    ],
    buffers: [{ byteLength: 36 + corners * 2 }],
  });
  const many = new Uint8Array(36 + corners * 2);
  many.set(triangleBytes());
  for (const [document, bytes] of [
    [{ ...triangleDocument(), nodes: [{}] }, triangleBytes()],
    [withIndices(50_001), many],
  ] as const) {
    const drawn = await draw(document, bytes);
    why.push('why' in drawn ? drawn.why : expect.fail('drawn'));
  }
  const broken = many.slice();
  new DataView(broken.buffer).setFloat32(0, Number.NaN, true);
  new DataView(broken.buffer).setUint16(36, 60_000, true);
  const parts = { ...withIndices(1), scenes: [{ nodes: [0, 1] }], nodes: [{ mesh: 0 }, { mesh: 1 }] };
  const sound = { primitives: [{ attributes: { POSITION: 2 } }] };
  const drawn = await draw(
    {
      ...parts,
      meshes: [...parts.meshes, sound],
      accessors: [...parts.accessors, { bufferView: 2, componentType: 5126, count: 3, type: 'VEC3' }],
      bufferViews: [...parts.bufferViews, { buffer: 0, byteOffset: broken.length, byteLength: 36 }],
      buffers: [{ byteLength: broken.length + 36 }],
    },
    new Uint8Array([...broken, ...triangleBytes()]),
  );
  expect('png' in drawn).toBe(true);
  return `${why.map((reason) => `“${reason}”`).join(', ')} and the sound part, within ${Math.ceil(performance.now() - start)} ms together`;
});
