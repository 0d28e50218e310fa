import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeGlb, triangleBytes, triangleDocument, triangleGlb } from '@weft/testing/gltf';
import { synapse } from '@weft/testing/synapse';
import { createWorld } from '@weft/world';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callWeft, type Run } from './run-weft.ts';

let folder = '';
let environment: Record<string, string> = {};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-models-'));
  const { homeserver, token } = await (await synapse()).account('ann');
  const world = await createWorld({ login: { homeserver, token }, title: 'Models' });
  await world.close();
  environment = {
    ...{ WEFT_HOMESERVER: homeserver, WEFT_TOKEN: token, WEFT_WORLD: world.room },
    INIT_CWD: folder,
  };
  const nodes = [
    { name: 'House', children: [1, 2] },
    { name: 'Left', mesh: 0 },
    { name: 'Right', mesh: 0 },
  ];
  await writeFile(join(folder, 'house.glb'), makeGlb({ ...triangleDocument(), nodes }, triangleBytes()));
  await writeFile(join(folder, 'named-wrong.png'), triangleGlb());
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function json(run: Run) {
  expect(run).toMatchObject({ exit: 0, stderr: '' });
  return JSON.parse(run.stdout);
}
const weft = (...args: string[]) => callWeft([...args, '--json'], environment);

test('[AS63] the command publishes a file by its bytes, and says how to refer to it', async () => {
  expect(await json(await weft('publish', 'named-wrong.png'))).toMatchObject({
    src: expect.stringMatching(/^mxc:\/\//),
    use: 'model',
    bytes: triangleGlb().length,
    report: { isValid: true },
    bounds: { min: [0, 0, 3], max: [1, 2, 3] },
  });
});

test('[AS66] the command takes a model apart into a world, and writes a part of it as one model', async () => {
  const imported = await json(await weft('import', 'house.glb', '--explode'));
  expect(imported).toMatchObject({ objects: 3, files: 1, notes: [], stage: 'durable' });
  const exported = await json(await weft('export', 'again.glb', imported.ids[0]));
  expect(exported).toMatchObject({ format: 'glb', objects: 3, models: 1, notes: [] });
  expect((await readFile(join(folder, 'again.glb'))).length).toBe(exported.bytes);
});
