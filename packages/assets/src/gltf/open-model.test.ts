import { pngHead, triangleBytes, triangleDocument, triangleGlb } from '@weft/testing/gltf';
import { describe, expect, test } from 'vitest';
import { AssetError } from '../asset-error.ts';
import { MAX_GLB_BYTES } from './container.ts';
import { bytesOfView } from './gltf-model.ts';
import { type LoadPart, openModel } from './open-model.ts';

const CID = 'bafkreibm6jg3ux5qumhcn2b3flc3tyu6dmlb4xa7u5bf44yegnrjhc4yeq';
const MODEL = `ipfs://${CID}/chair/chair.gltf`;

function gltf(over: object): Uint8Array {
  return new TextEncoder().encode(`  ${JSON.stringify({ ...triangleDocument(), ...over })}`);
}

function recorder(files: Readonly<Record<string, Uint8Array>> = {}) {
  const asked: string[] = [];
  const load: LoadPart = async (address, { maxBytes }) => {
    asked.push(address);
    const bytes = files[address];
    if (bytes === undefined || bytes.length > maxBytes) throw new Error(`no ${address} within ${maxBytes}`);
    return bytes;
  };
  return { asked, load };
}

const buffer = (uri: string, byteLength = 36) => ({ buffers: [{ uri, byteLength }] });

describe('a model of several files', () => {
  test('[AS40] is one model, wherever its parts are', async () => {
    const picture = pngHead(16, 16);
    const { asked, load } = recorder({
      [`ipfs://${CID}/chair/parts/body.bin`]: triangleBytes(),
      'mxc://example.org/oak': picture,
    });
    const text = gltf({
      ...buffer('parts/body.bin'),
      images: [{ uri: 'mxc://example.org/oak' }, { uri: 'mxc://example.org/oak' }],
    });
    const { model, info } = await openModel(text, { load, from: MODEL });
    expect(info).toMatchObject({ vertices: 3, bounds: { max: [1, 2, 3] } });
    expect(asked.sort()).toEqual([`ipfs://${CID}/chair/parts/body.bin`, 'mxc://example.org/oak']);
    const [first, second] = model.document.images ?? [];
    expect(first?.bufferView).toBe(second?.bufferView);
    expect(bytesOfView(model, first?.bufferView ?? -1)).toEqual(picture);
    expect(JSON.stringify(model.document)).not.toContain('uri');
  });

  test('[AS40] may be given together, and a GLB is taken as it is', async () => {
    const files = new Map([['body.bin', triangleBytes()]]);
    const { info } = await openModel(gltf(buffer('./body.bin')), { files });
    expect(info.vertices).toBe(3);
    expect((await openModel(triangleGlb())).info.vertices).toBe(3);
  });

  test.each([
    'http://169.254.169.254/latest',
    'https://example.org/a.bin',
    'file:///etc/passwd',
    '../a.bin',
    '%2e%2e/a.bin',
    '//example.org/a.bin',
    '/a.bin',
    'blob:x',
    '',
  ])('[AS40] one forbidden address (%s) means that nothing at all is asked for', async (uri) => {
    const { asked, load } = recorder({ 'mxc://example.org/oak': pngHead(1, 1) });
    const text = gltf({ ...buffer('body.bin'), images: [{ uri: 'mxc://example.org/oak' }, { uri }] });
    await expect(openModel(text, { load, from: MODEL, name: 'chair' })).rejects.toMatchObject({
      code: 'external-uri',
    });
    expect(asked).toEqual([]);
  });

  test('[AS40] nothing beside it is asked for where it is in no directory, or nobody may ask', async () => {
    const { asked, load } = recorder();
    await expect(openModel(gltf(buffer('a.bin')), { load })).rejects.toMatchObject({ code: 'external-uri' });
    await expect(
      openModel(gltf(buffer('a.bin')), { load, from: 'mxc://example.org/a' }),
    ).rejects.toMatchObject({
      code: 'external-uri',
    });
    await expect(openModel(gltf(buffer('mxc://example.org/a')))).rejects.toMatchObject({
      code: 'external-uri',
    });
    expect(asked).toEqual([]);
  });

  test('[AS41] is bounded as a whole: what it declares before it is asked for, what it is while it comes', async () => {
    const { asked, load } = recorder({ 'mxc://example.org/a': new Uint8Array(64) });
    const half = MAX_GLB_BYTES / 2 + 1;
    const declares = gltf({
      buffers: ['a', 'b'].map((id) => ({ uri: `mxc://example.org/${id}`, byteLength: half })),
    });
    await expect(openModel(declares, { load })).rejects.toMatchObject({ code: 'too-large' });
    expect(asked).toEqual([]);
    const large = new Uint8Array(half);
    const two = recorder({ 'mxc://example.org/a': large, 'mxc://example.org/b': large });
    const sneaks = gltf({
      buffers: ['a', 'b'].map((id) => ({ uri: `mxc://example.org/${id}`, byteLength: 1 })),
    });
    await expect(openModel(sneaks, { load: two.load })).rejects.toMatchObject({ code: 'too-large' });
  });

  test('a part that is shorter than it should be is refused, and what a source says is passed on', async () => {
    const { load } = recorder({ 'mxc://example.org/a': triangleBytes().subarray(0, 35) });
    await expect(openModel(gltf(buffer('mxc://example.org/a')), { load })).rejects.toMatchObject({
      code: 'malformed-glb',
    });
    await expect(openModel(gltf(buffer('mxc://example.org/b')), { load })).rejects.toThrow(
      'no mxc://example.org/b',
    );
  });

  test('what is neither GLB nor glTF is refused by name', async () => {
    for (const text of ['solid cube', '[1]', '{"asset":', '']) {
      const error = await openModel(new TextEncoder().encode(text)).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(AssetError);
    }
  });
});
