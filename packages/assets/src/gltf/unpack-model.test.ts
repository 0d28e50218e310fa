import {
  dracoBombs,
  dracoBytes,
  dracoGlb,
  ktx2File,
  makeGlb,
  meshoptGlb,
  plainGlb,
  turnedMesh,
  withDraco,
} from '@weft/testing/gltf';
import { afterAll, describe, expect, test } from 'vitest';
import { openDecoder } from '../decode/node.ts';
import { checkModel } from './check-model.ts';
import { bytesOfView, type GltfModel } from './gltf-model.ts';
import { openModel } from './open-model.ts';
import { unpackModel } from './unpack-model.ts';

const VASE = turnedMesh([
  [0.1, 0],
  [0.3, 0.2],
  [0.15, 0.6],
  [0.2, 0.7],
]);

const decoder = openDecoder();
afterAll(() => decoder.stop());

async function unpacked(glb: Uint8Array): Promise<GltfModel> {
  const { model } = await openModel(glb);
  return unpackModel(model, decoder.forModel('use the vase'));
}

function numbersOf(model: GltfModel, at: number): number[] {
  const accessor = model.document.accessors?.[at];
  const bytes = bytesOfView(model, accessor?.bufferView ?? -1)?.slice() ?? expect.fail('no data');
  return [
    ...(accessor?.componentType === 5126 ? new Float32Array(bytes.buffer) : new Uint32Array(bytes.buffer)),
  ];
}

describe('a compressed model', () => {
  test.each([
    ['Draco', dracoGlb],
    ['meshopt', meshoptGlb],
  ])('[AS45] of %s becomes the plain one', async (_, make) => {
    const [plain, model] = [await unpacked(plainGlb(VASE)), await unpacked(await make(VASE))];
    for (const at of [0, 1, 2]) {
      const [expected, found] = [numbersOf(plain, at), numbersOf(model, at)];
      expect(found).toHaveLength(expected.length);
      for (const [index, value] of expected.entries()) expect(found[index]).toBeCloseTo(value, 2);
    }
    expect(numbersOf(model, 3)).toHaveLength(VASE.indices.length);
    expect(checkModel(model, 'use it').vertices).toBe(VASE.positions.length / 3);
    expect(model.document.extensionsRequired).toEqual([]);
    expect(JSON.stringify(model.document)).not.toMatch(/draco|EXT_meshopt_compression":{"buffer/);
  });

  test('[AS45] of Draco that holds more or fewer vertices than were counted is refused', async () => {
    const glb = await dracoGlb(VASE);
    const counted = `"count":${VASE.positions.length / 3},`;
    const lies = rewritten(glb, (json) => json.replaceAll(counted, counted.replace(/\d+/, '7')));
    await expect(unpacked(lies)).rejects.toMatchObject({ code: 'undecodable' });
  });

  test('[AS44] a few bytes that ask for gigabytes are refused in time and memory, and the next model decodes', async () => {
    const before = process.memoryUsage().rss;
    for (const bomb of dracoBombs()) {
      const start = performance.now();
      await expect(unpacked(withDraco(bomb, VASE))).rejects.toMatchObject({ code: 'undecodable' });
      expect(performance.now() - start).toBeLessThan(4_000);
    }
    expect(process.memoryUsage().rss - before).toBeLessThan(256 * 1024 * 1024);
    await expect(unpacked(await dracoGlb(VASE))).resolves.toBeDefined();
  });

  test('[AS44] bytes flipped in a compressed mesh give a model or a named refusal', async () => {
    const bytes = await dracoBytes(VASE);
    const codes = new Set<unknown>();
    for (let at = 11; at < 71; at += 1) {
      const spoilt = bytes.slice();
      spoilt[at] = (spoilt[at] ?? 0) ^ 0x5a;
      await unpacked(withDraco(spoilt, VASE)).then(
        () => codes.add('taken'),
        (error: unknown) => codes.add(error instanceof Error && 'code' in error ? error.code : error),
      );
    }
    expect([...codes].filter((code) => code !== 'taken' && code !== 'undecodable')).toEqual([]);
  });

  test('[AS45] a texture of Basis Universal becomes what the GPU takes', async () => {
    const decode = decoder.forModel('use the texture');
    for (const [target, size] of [
      ['rgba', 8 * 8 * 4],
      ['bc7', 4 * 16],
      ['etc2', 4 * 16],
    ] as const) {
      const texture = await decode({ kind: 'ktx2', bytes: ktx2File(8, 8, [200, 100, 50, 128]), target });
      expect(texture).toMatchObject({ target, hasAlpha: true, levels: [{ width: 8, height: 8 }] });
      expect(texture.levels[0]?.data).toHaveLength(size);
      if (target === 'rgba')
        expect([...(texture.levels[0]?.data.subarray(0, 4) ?? [])]).toEqual([200, 100, 50, 128]);
    }
  });

  test('[AS44] a texture that lies past its header is refused, and the next one decodes', async () => {
    const decode = decoder.forModel('use the texture');
    const lie = ktx2File(8, 8, [1, 2, 3, 255]);
    new DataView(lie.buffer).setUint32(20, 65_536, true);
    new DataView(lie.buffer).setUint32(24, 65_536, true);
    await expect(decode({ kind: 'ktx2', bytes: lie, target: 'rgba' })).rejects.toMatchObject({
      code: 'undecodable',
    });
    const honest = decode({ kind: 'ktx2', bytes: ktx2File(8, 8, [1, 2, 3, 255]), target: 'rgba' });
    await expect(honest).resolves.toBeDefined();
  });
});

describe('what a compressed model declares', () => {
  const changed = async (make: typeof dracoGlb, from: RegExp | string, to: string) =>
    openModel(rewritten(await make(VASE), (json) => json.replace(from, to)));

  test.each([
    [dracoGlb, /"bufferView":0,"attributes"/, '"bufferView":9,"attributes"'],
    [dracoGlb, '"material":0', '"material":0,"mode":5'],
    [dracoGlb, /"count":\d+/, '"count":1000000000'],
    [dracoGlb, /"count":\d+/, '"count":5'],
    [meshoptGlb, /"count":\d+,"byteStride":12/, '"count":1000000000,"byteStride":12'],
    [meshoptGlb, /("count":\d+),"byteStride":12/, '$1,"byteStride":10'],
    [meshoptGlb, /"mode":"ATTRIBUTES"/, '"mode":"TRIANGLES"'],
    [meshoptGlb, /"byteOffset":0,"byteLength":\d+,"count"/, '"byteOffset":0,"byteLength":99999999,"count"'],
    [meshoptGlb, '"fallback":true', '"fallback":false'],
  ])('[AS41] is held to its bytes before it is decoded: %o, %s to %s', async (make, from, to) => {
    await expect(changed(make, from, to)).rejects.toMatchObject({ code: 'malformed-glb' });
  });
});

/** The same GLB with its JSON changed. */
function rewritten(glb: Uint8Array, change: (json: string) => string): Uint8Array {
  const view = new DataView(glb.buffer, glb.byteOffset);
  const length = view.getUint32(12, true);
  const json = new TextDecoder().decode(glb.subarray(20, 20 + length));
  const after = change(json);
  expect(after).not.toBe(json);
  return makeGlb(JSON.parse(after), glb.subarray(28 + length));
}
