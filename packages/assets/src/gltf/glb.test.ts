import { makeGlb, packChunks, triangleBytes, triangleDocument, triangleGlb } from '@weft/testing/gltf';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AssetError } from '../asset-error.ts';
import { MAX_DECODED_BYTES } from './budget.ts';
import { MAX_GLB_BYTES, MAX_GLB_CHUNKS } from './container.ts';
import { checkGlb } from './glb.ts';

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

  test('decoded data is bounded even where accessors share one stretch of the file', () => {
    const accessors = (bytes: number) => [{ componentType: 5121, count: bytes, type: 'SCALAR' }];
    const bytes = (size: number) =>
      changed((document) => void Object.assign(document, { accessors: accessors(size) }));
    // At the bound it is the missing positions that are refused, past it the size.
    expect(errorOf(bytes(MAX_DECODED_BYTES)).message).toContain('positions');
    expect(errorOf(bytes(MAX_DECODED_BYTES + 1)).message).toContain('decoded data');
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
    const uri = 'data:image/png;base64,iVBORw0KGgo=';
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
