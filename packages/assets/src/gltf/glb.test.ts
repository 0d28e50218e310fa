import {
  makeGlb,
  packChunks,
  pngHead,
  triangleBytes,
  triangleDocument,
  triangleGlb,
} from '@weft/testing/gltf';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AssetError } from '../asset-error.ts';
import { MAX_MODEL_METRES } from './bounds.ts';
import { MAX_DECODED_BYTES, MAX_ZERO_BYTES } from './budget.ts';
import { MAX_GLB_BYTES, MAX_GLB_CHUNKS } from './container.ts';
import { checkGlb } from './glb.ts';
import { MAX_MODEL_PIXELS } from './pictures.ts';

type Document = ReturnType<typeof triangleDocument>;

function changed(change: (document: Document) => void): Uint8Array {
  const document = triangleDocument();
  change(document);
  return makeGlb(document, triangleBytes());
}

function errorOf(bytes: Uint8Array): AssetError {
  try {
    checkGlb(bytes, 'chair.glb');
  } catch (error) {
    if (error instanceof AssetError) return error;
    throw error;
  }
  throw new Error('the file was accepted');
}

describe('a good model', () => {
  test('is measured', () => {
    expect(checkGlb(triangleGlb())).toEqual({
      bounds: { min: [0, 0, 3], max: [1, 2, 3] },
      vertices: 3,
      nodes: 1,
      meshes: 1,
      extensionsRequired: [],
    });
  });

  test('is measured through its nodes: parent moved and turned, child scaled', () => {
    const half = Math.SQRT1_2;
    const bytes = changed((document) => {
      document.nodes = [
        { children: [1], translation: [10, 0, 0], rotation: [0, half, 0, half] },
        { mesh: 0, scale: [2, 2, 2] },
      ];
    });
    // A quarter turn about y takes (x, y, z) to (z, y, -x).
    const { bounds } = checkGlb(bytes);
    for (const [at, value] of [16, 0, -2].entries()) expect(bounds?.min[at]).toBeCloseTo(value, 5);
    for (const [at, value] of [16, 4, 0].entries()) expect(bounds?.max[at]).toBeCloseTo(value, 5);
  });

  test('is measured through a matrix', () => {
    const bytes = changed((document) => {
      document.nodes = [{ mesh: 0, matrix: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 5, 6, 7, 1] }];
    });
    expect(checkGlb(bytes).bounds).toEqual({ min: [5, 6, 10], max: [6, 8, 10] });
  });

  test('may draw nothing', () => {
    expect(checkGlb(makeGlb({ asset: { version: '2.0' } })).bounds).toBeNull();
  });

  test('may lack what the default scene does not use: a node outside it is not measured', () => {
    const bytes = changed((document) => {
      document.nodes.push({ mesh: 0, translation: [100, 0, 0] });
    });
    expect(checkGlb(bytes)).toMatchObject({ bounds: { max: [1, 2, 3] }, vertices: 3 });
  });

  test('may skip unknown chunks, up to the bound and not one more', () => {
    const json = new TextEncoder().encode('{"asset":{"version":"2.0"}} ');
    const chunks = (count: number) => [
      { type: 0x4e4f534a, data: json },
      ...Array.from({ length: count - 1 }, () => ({ type: 0x58585858, data: new Uint8Array(4) })),
    ];
    expect(checkGlb(packChunks(chunks(MAX_GLB_CHUNKS))).nodes).toBe(0);
    expect(errorOf(packChunks(chunks(MAX_GLB_CHUNKS + 1))).message).toContain('chunks');
  });
});

describe('a file that is not a GLB', () => {
  test.each([
    ['empty', new Uint8Array()],
    ['text', new TextEncoder().encode('{"asset":{"version":"2.0"}}')],
    ['a PNG', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0])],
    ['eleven bytes of one', triangleGlb().subarray(0, 11)],
  ])('%s: is refused by name, with what to do', (_, bytes) => {
    const error = errorOf(bytes);
    expect(error.code).toBe('not-a-glb');
    expect(error.message).toContain('chair.glb');
    expect(error.hint).toContain('.glb');
  });

  test('a truncated one says so', () => {
    const whole = triangleGlb();
    const error = errorOf(whole.subarray(0, whole.length - 4));
    expect(error).toMatchObject({ code: 'malformed-glb' });
    expect(error.message).toContain('cut off');
  });

  test('one with bytes after its end is refused', () => {
    const whole = triangleGlb();
    const longer = new Uint8Array(whole.length + 4);
    longer.set(whole);
    expect(errorOf(longer).code).toBe('malformed-glb');
  });

  test('one past the byte limit is refused before it is read', () => {
    expect(errorOf(new Uint8Array(MAX_GLB_BYTES + 1)).code).toBe('too-large');
  });
});

describe('a malformed GLB', () => {
  const view = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset);

  test.each<[string, (bytes: Uint8Array) => void]>([
    ['version 1', (bytes) => view(bytes).setUint32(4, 1, true)],
    ['a chunk that is longer than the file', (bytes) => view(bytes).setUint32(12, 2 ** 31, true)],
    ['a chunk length that does not divide by 4', (bytes) => view(bytes).setUint32(12, 3, true)],
    ['no JSON chunk first', (bytes) => view(bytes).setUint32(16, 0x004e4942, true)],
    ['JSON that is none', (bytes) => bytes.fill(0x7b, 20, 24)],
    ['JSON that is no UTF-8', (bytes) => bytes.fill(0xff, 20, 24)],
  ])('%s', (_, spoil) => {
    const bytes = triangleGlb();
    spoil(bytes);
    expect(errorOf(bytes).code).toBe('malformed-glb');
  });

  test.each<[string, (document: Document) => void]>([
    ['glTF 1 inside', (d) => (d.asset.version = '1.0')],
    ['a buffer larger than the BIN chunk', (d) => (d.buffers = [{ byteLength: 40 }])],
    ['a second buffer without data', (d) => d.buffers.push({ byteLength: 1 })],
    ['a view past its buffer', (d) => (d.bufferViews = [{ buffer: 0, byteLength: 37 }])],
    ['a view of no buffer', (d) => (d.bufferViews = [{ buffer: 7, byteLength: 1 }])],
    ['an accessor past its view', (d) => Object.assign(d.accessors[0] ?? {}, { count: 4 })],
    ['an accessor of no view', (d) => Object.assign(d.accessors[0] ?? {}, { bufferView: 7 })],
    ['positions of two numbers', (d) => Object.assign(d.accessors[0] ?? {}, { type: 'VEC2' })],
    ['a mesh that is missing', (d) => (d.nodes = [{ mesh: 1 }])],
    ['a child that is missing', (d) => (d.nodes = [{ children: [1] }])],
    ['a node that is its own child', (d) => (d.nodes = [{ children: [0] }])],
    ['two parents', (d) => (d.nodes = [{ children: [1, 1] }, {}])],
    ['a scene that is missing', (d) => (d.scene = 1)],
    ['a scene node that is missing', (d) => (d.scenes = [{ nodes: [1] }])],
    ['a scene node twice', (d) => (d.scenes = [{ nodes: [0, 0] }])],
    ['a negative index', (d) => (d.nodes = [{ mesh: -1 }])],
    ['an unknown component type', (d) => Object.assign(d.accessors[0] ?? {}, { componentType: 5124 })],
    ['too many scenes', (d) => (d.scenes = Array.from({ length: 257 }, () => ({ nodes: [] })))],
  ])('%s', (_, spoil) => {
    const error = errorOf(changed((document) => void spoil(document)));
    expect(error.code).toBe('malformed-glb');
    expect(error.message).toMatch(/^Cannot use chair\.glb: expected .+, got .+\. .+\.$/s);
  });

  test('[AS41] decoded data is bounded even where accessors share one stretch of the file', () => {
    const shared = 8 * 1024 * 1024;
    const sharing = (accessors: number, more: object[] = []) =>
      makeGlb(
        {
          asset: { version: '2.0' },
          buffers: [{ byteLength: shared }],
          bufferViews: [{ buffer: 0, byteLength: shared }],
          accessors: [
            ...Array.from({ length: accessors }, () => ({
              ...{ bufferView: 0, componentType: 5121, count: shared, type: 'SCALAR' },
            })),
            ...more,
          ],
        },
        new Uint8Array(shared),
      );
    expect(checkGlb(sharing(MAX_DECODED_BYTES / shared)).meshes).toBe(0);
    const one = { bufferView: 0, componentType: 5121, count: 1, type: 'SCALAR' };
    expect(errorOf(sharing(MAX_DECODED_BYTES / shared, [one])).message).toContain('decoded data');
  });

  test('[AS41] what accessors without data become is bounded: a few bytes would ask for all memory', () => {
    const zeros = (count: number) =>
      makeGlb({
        asset: { version: '2.0' },
        accessors: [{ componentType: 5121, count, type: 'SCALAR' }],
      });
    expect(checkGlb(zeros(MAX_ZERO_BYTES)).meshes).toBe(0);
    expect(errorOf(zeros(MAX_ZERO_BYTES + 1)).message).toContain('data for accessors');
    expect(errorOf(zeros(1_000_000_000)).code).toBe('malformed-glb');
  });

  test('one small mesh drawn by very many nodes is bounded', () => {
    const count = 200_000;
    const bytes = changed((document) => {
      document.accessors = [{ componentType: 5126, count, type: 'VEC3' }];
      document.nodes = Array.from({ length: 101 }, () => ({ mesh: 0 }));
      document.scenes = [{ nodes: document.nodes.map((_, at) => at) }];
    });
    expect(errorOf(bytes).message).toContain('vertices');
  });
});

describe('numbers of a model', () => {
  const accessor = (d: Document, over: object) => Object.assign(d.accessors[0] ?? {}, over);

  test.each<[string, (document: Document) => void]>([
    ['a box that ends before it starts', (d) => accessor(d, { min: [2, 0, 3] })],
    ['a box without end', (d) => accessor(d, { max: [1, MAX_MODEL_METRES * 1.01, 3] })],
    ['a box of 10^300 metres', (d) => accessor(d, { max: [1, 1e300, 3] })],
    ['a node that scales past all bounds', (d) => (d.nodes = [{ mesh: 0, scale: [1, 1e30, 1] }])],
    ['more replaced elements than there are', (d) => accessor(d, { sparse: sparse({ count: 4 }) })],
    ['replaced elements past their view', (d) => accessor(d, { sparse: sparse({ offset: 30 }) })],
    ['replaced elements of no view', (d) => accessor(d, { sparse: sparse({ view: 9 }) })],
    ['a stride that reaches past the view', (d) => Object.assign(d.bufferViews[0] ?? {}, { byteStride: 16 })],
    ['a stride below one element', (d) => Object.assign(d.bufferViews[0] ?? {}, { byteStride: 8 })],
  ])('[AS41] %s is refused', (_, spoil) => {
    expect(errorOf(changed((document) => void spoil(document))).code).toBe('malformed-glb');
  });

  test('[AS41] infinities in JSON and numbers that are none among the positions are refused', () => {
    const text = JSON.stringify(triangleDocument()).replace('"max":[1,2,3]', '"max":[1,1e999,3]');
    const json = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 4) * 4));
    const chunks = [
      { type: 0x4e4f534a, data: json },
      { type: 0x004e4942, data: triangleBytes() },
    ];
    expect(errorOf(packChunks(chunks)).code).toBe('malformed-glb');
    const bytes = triangleBytes();
    new DataView(bytes.buffer).setFloat32(20, Number.NaN, true);
    expect(errorOf(makeGlb(triangleDocument(), bytes)).message).toContain('positions that are numbers');
  });

  test('the box is as far as it may be, and positions in normalised integers are in metres', () => {
    const far = changed((d) => accessor(d, { max: [1, MAX_MODEL_METRES, 3] }));
    expect(checkGlb(far).bounds?.max[1]).toBe(MAX_MODEL_METRES);
    const further = changed((d) => accessor(d, { max: [1, MAX_MODEL_METRES * 1.01, 3] }));
    expect(errorOf(further).message).toMatch(/Whoever has it in a modelling program can move its parts/);
    const small = changed((d) =>
      accessor(d, { componentType: 5122, normalized: true, min: [0, 0, -32_767], max: [32_767, 0, 0] }),
    );
    expect(checkGlb(small).bounds).toEqual({ min: [0, 0, -1], max: [1, 0, 0] });
  });

  test('[AS41] instances count as what they draw', () => {
    const count = 400_000;
    const bytes = (instances: number) =>
      makeGlb({
        ...triangleDocument(),
        buffers: [],
        bufferViews: [],
        nodes: [{ mesh: 0, extensions: { EXT_mesh_gpu_instancing: { attributes: { TRANSLATION: 1 } } } }],
        accessors: [
          { componentType: 5126, count, type: 'VEC3' },
          { componentType: 5126, count: instances, type: 'VEC3' },
        ],
      });
    expect(checkGlb(bytes(50)).vertices).toBe(20_000_000);
    expect(errorOf(bytes(51)).message).toContain('vertices');
  });
});

function sparse({ count = 1, offset = 0, view = 0 }) {
  return {
    count,
    indices: { bufferView: view, byteOffset: offset, componentType: 5123 },
    values: { bufferView: 0, byteOffset: offset },
  };
}

describe('pictures of a model', () => {
  const withPictures = (...heads: Uint8Array[]) =>
    changed((d) =>
      Object.assign(d, {
        images: heads.map((head) => ({ uri: `data:;base64,${Buffer.from(head).toString('base64')}` })),
      }),
    );

  test('[AS42] one that is larger than any may be is refused by its head', () => {
    expect(errorOf(withPictures(pngHead(65_535, 65_535))).message).toContain('65535 × 65535');
    expect(errorOf(withPictures(new Uint8Array(40))).message).toContain('not a PNG');
  });

  test('[AS42] all of a model together are bounded', () => {
    const [large, tiny] = [pngHead(4_096, 4_096), pngHead(1, 1)];
    const most = Array.from({ length: MAX_MODEL_PIXELS / (4_096 * 4_096) }, () => large);
    expect(checkGlb(withPictures(...most)).meshes).toBe(1);
    // The same picture twice is one picture.
    expect(
      errorOf(withPictures(...most.map((_, at) => pngHead(4_096, 4_096 - at)), large, tiny)).message,
    ).toContain('all pictures together');
  });
});

describe('references outside the file', () => {
  test.each([
    'http://169.254.169.254/latest',
    'https://example.org/a.bin',
    'file:///etc/passwd',
    '../a.bin',
    'mxc://a/b',
    'blob:x',
    '',
  ])('%s is refused as buffer and as image', (uri) => {
    expect(errorOf(changed((d) => (d.buffers = [{ byteLength: 36, uri }]))).code).toBe('external-uri');
    expect(errorOf(changed((d) => Object.assign(d, { images: [{ uri }] }))).code).toBe('external-uri');
  });

  test('data: is accepted', () => {
    const uri = `data:image/png;base64,${Buffer.from(pngHead(8, 8)).toString('base64')}`;
    expect(checkGlb(changed((document) => Object.assign(document, { images: [{ uri }] }))).meshes).toBe(1);
  });
});

test('whatever the bytes are, the answer is a report or a named error', () => {
  const flips = fc.array(fc.tuple(fc.nat(triangleGlb().length - 1), fc.nat(255)), { maxLength: 8 });
  let accepted = 0;
  let refused = 0;
  fc.assert(
    fc.property(flips, (changes) => {
      const bytes = triangleGlb();
      for (const [at, byte] of changes) bytes[at] = byte;
      try {
        checkGlb(bytes);
        accepted += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(AssetError);
        refused += 1;
      }
    }),
    { numRuns: 1_000 },
  );
  expect(accepted).toBeGreaterThan(0);
  expect(refused).toBeGreaterThan(0);
});
