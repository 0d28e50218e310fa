import {
  ktx2File,
  makeGlb,
  meshoptGlb,
  plainGlb,
  triangleBytes,
  triangleDocument,
  turnedMesh,
} from '@weft/testing/gltf';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { THUMBNAIL_SIDE } from '../src/publish/thumbnail/limits.ts';
import { drawerOf } from '../src/publish/thumbnail/node.ts';
import { openWorkshop } from '../src/workshop/node.ts';
import { wastefulModel } from './models.ts';
import { PAGE_START_MS, type ServedPage, servePage } from './serve-page.ts';

let served: ServedPage;

beforeAll(async () => {
  served = await servePage();
}, PAGE_START_MS);

afterAll(() => served.close());

const BALL = turnedMesh(
  Array.from({ length: 17 }, (_, at) => {
    const angle = (at / 16) * Math.PI;
    return [Math.sin(angle), -Math.cos(angle)] as const;
  }),
);
const MODEL = { use: 'model', type: 'model/gltf-binary', label: 'binary glTF model' } as const;
const pixels = (png: Uint8Array) => sharp(png).ensureAlpha().raw().toBuffer();

test('[AS74] a page draws the same thumbnail as Node, textures and [AS77] compressed models too', async () => {
  const page = await (await served.browser.newContext()).newPage();
  const call = await served.callsOf(page);
  const inNode = drawerOf(openWorkshop());
  const picture = { bytes: ktx2File(16, 16, [10, 200, 30, 255]), type: 'image/ktx2' };
  for (const glb of [
    plainGlb(BALL, { colour: [0.7, 0.1, 0.02, 1] }),
    await meshoptGlb(BALL, { picture }),
    await wastefulModel(64),
  ]) {
    const drawn = await inNode(glb, MODEL, { side: THUMBNAIL_SIDE, signal: new AbortController().signal });
    const here = await pixels(drawn !== null && 'bytes' in drawn ? drawn.bytes : expect.fail('not drawn'));
    const there = await pixels(
      Buffer.from(String(await call('draw', Buffer.from(glb).toString('base64'))), 'base64'),
    );
    expect(there).toHaveLength(here.length);
    // A canvas keeps colours times their alpha: at edges a little is rounded away.
    let differences = 0;
    for (let at = 0; at < here.length; at += 1)
      if (Math.abs((here[at] ?? 0) - (there[at] ?? 0)) > 8) differences += 1;
    expect(differences).toBeLessThan(here.length / 200);
  }
  const empty = { ...triangleDocument(), nodes: [{}] };
  const nothing = makeGlb(empty, triangleBytes());
  expect(await call('draw', Buffer.from(nothing).toString('base64'))).toBe(
    'it has no surface that could be seen.',
  );
});
