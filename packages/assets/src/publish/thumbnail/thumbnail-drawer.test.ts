import { dracoGlb, ktx2File, meshoptGlb, plainGlb, turnedMesh, withDraco } from '@weft/testing/gltf';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { AssetError } from '../../asset-error.ts';
import { openWorkshop } from '../../workshop/node.ts';
import type { FileKind } from '../file-kind.ts';
import type { ModelToDraw } from './draw-model.ts';
import { THUMBNAIL_SIDE } from './limits.ts';
import { drawerOf } from './node.ts';

const BALL = turnedMesh(
  Array.from({ length: 17 }, (_, at) => {
    const angle = (at / 16) * Math.PI;
    return [Math.sin(angle), -Math.cos(angle)] as const;
  }),
);
const GREEN = [0.02, 0.5, 0.05, 1] as const;
const MODEL: FileKind = { use: 'model', type: 'model/gltf-binary', label: 'binary glTF model' };
const never = new AbortController().signal;

describe('thumbnails', () => {
  test('[AS77] of compressed models and textures are those of what they were made of, drawn in a thread', async () => {
    const draw = drawerOf(openWorkshop());
    const middle = async (glb: Uint8Array) => {
      const drawn = await draw(glb, MODEL, { side: THUMBNAIL_SIDE, signal: never });
      if (drawn === null || 'why' in drawn) throw new Error(drawn?.why);
      expect(drawn.type).toBe('image/png');
      const { data, info } = await sharp(drawn.bytes).raw().toBuffer({ resolveWithObject: true });
      expect([info.width, info.height, info.channels]).toEqual([THUMBNAIL_SIDE, THUMBNAIL_SIDE, 4]);
      const at = (THUMBNAIL_SIDE * (THUMBNAIL_SIDE / 2) + THUMBNAIL_SIDE / 2) * 4;
      return [...data.subarray(at, at + 4)];
    };
    const plain = await middle(plainGlb(BALL, { colour: GREEN }));
    expect(plain[1]).toBeGreaterThan((plain[0] ?? 0) * 2);
    expect(plain[3]).toBe(255);
    expect(await middle(await meshoptGlb(BALL, { colour: GREEN }))).toEqual(plain);
    // Draco keeps positions to a part in thousands.
    for (const [at, value] of (await middle(await dracoGlb(BALL, { colour: GREEN }))).entries())
      expect(Math.abs(value - (plain[at] ?? 0))).toBeLessThan(8);
    const picture = { bytes: ktx2File(16, 16, [10, 200, 30, 255]), type: 'image/ktx2' };
    const [red = 0, green = 0, blue = 0, alpha = 0] = await middle(plainGlb(BALL, { picture }));
    expect([green > red * 2, green > blue * 2, alpha]).toEqual([true, true, 255]);
  });

  test('[AS75] end when they are given up, and a part that breaks its decoder is named', async () => {
    const cancel = new AbortController();
    const draw = drawerOf(openWorkshop());
    const drawing = draw(plainGlb(BALL), MODEL, { side: THUMBNAIL_SIDE, signal: cancel.signal });
    cancel.abort();
    await expect(drawing).rejects.toMatchObject({ code: 'aborted' });
    const broken = withDraco(new Uint8Array(61).fill(7), BALL);
    const failed = draw(broken, MODEL, { side: THUMBNAIL_SIDE, signal: never });
    await expect(failed).rejects.toThrow(AssetError);
    await expect(failed).rejects.toMatchObject({ code: 'undecodable' });
  });

  test('[AS77] of models that are not compressed start no decoder', async () => {
    const glb = plainGlb(BALL);
    const given: ModelToDraw[] = [];
    const draw = drawerOf({
      async draw(model) {
        given.push(model);
        return { why: 'it is a test.' };
      },
    });
    expect(await draw(glb, MODEL, { side: 16, signal: never })).toEqual({ why: 'it is a test.' });
    expect(given).toEqual([{ glb, decoded: new Map(), side: 16 }]);
  });
});
