import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodePatch, type PatchJson, patchFromJson } from '@weft/core';
import { makeGlb, triangleBytes, triangleDocument, triangleGlb } from '@weft/testing/gltf';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callWeft } from '../../test/run-weft.ts';

const T = 3_588_432_986_112_000;
const by = 'actor-aaaaaa';

// Parsed, as the reader of a file would: names in it are anybody's.
const worldOf = (objects: unknown): PatchJson => JSON.parse(JSON.stringify({ weft: 1, objects }));
const named = (name: string, more: object = {}) => ({ node: { name: [name, T, by], ...more } });
const before = worldOf({
  lamp: named('Lamp'),
  table: named('Table'),
  cup: named('Cup', { parent: ['table', T, by] }),
  ghost: { node: { deleted: [true, T, by] } },
});
const after = worldOf({
  lamp: { ...named('Li\u202eght'), transform: { position: [[1, 2.5, 0], T, by] } },
  table: named('Table', { deleted: [true, T + 1, by] }),
  cup: named('Cup', { parent: ['table', T, by] }),
  vase: named('Vase'),
  ghost: { node: { deleted: [true, T, by], name: ['Boo', T, by] } },
});

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-files-'));
  await writeFile(join(folder, 'before.weft'), encodePatch(patchFromJson(before).patch));
  await writeFile(join(folder, 'after.JSON'), JSON.stringify(after));
  await writeFile(join(folder, 'damaged.weft'), 'WEFT and no more');
  await writeFile(join(folder, 'sign.weft'), triangleGlb());
  const wrong = triangleDocument();
  Object.assign(wrong.accessors[0] ?? {}, { max: [9, 2, 3] });
  await writeFile(join(folder, 'wrong.glb'), makeGlb(wrong, triangleBytes()));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const weft = (...argv: string[]) =>
  callWeft(argv, { INIT_CWD: folder, WEFT_DIRECTORY: join(folder, '.weft') });

test('diff shows what differs between two files, without a homeserver, and no character that lies', async () => {
  const { exit, stdout } = await weft('diff', 'before.weft', 'after.JSON');
  expect(exit).toBe(0);
  expect(stdout.trimEnd().split('\n')).toEqual([
    '+  vase   Vase',
    '-  cup    Cup',
    '-  table  Table',
    '~  lamp   Li\\u202eght  node.name: Lamp → Li\\u202eght',
    '~  lamp   Li\\u202eght  transform.position: (none) → [1,2.5,0]',
    '1 hidden or deleted objects differ too; see --json.',
  ]);
});

test('diff gives every value as JSON, both ways, and says when nothing differs', async () => {
  const there = JSON.parse((await weft('diff', 'before.weft', 'after.JSON', '--json')).stdout);
  expect(there).toEqual({
    equal: false,
    added: ['vase'],
    removed: ['cup', 'table'],
    changed: {
      ghost: { 'node.name': [null, 'Boo'] },
      lamp: { 'node.name': ['Lamp', 'Li\u202eght'], 'transform.position': [null, [1, 2.5, 0]] },
      table: { 'node.deleted': [null, true] },
      vase: { 'node.name': [null, 'Vase'] },
    },
  });
  const back = JSON.parse((await weft('diff', 'after.JSON', 'before.weft', '--json')).stdout);
  expect(back).toMatchObject({ added: ['cup', 'table'], removed: ['vase'] });
  const same = await weft('diff', 'after.JSON', 'after.JSON');
  expect(same).toEqual({ exit: 0, stdout: 'No difference.\n', stderr: '' });
});

test('what is no file, or no such file, is told before a homeserver is asked for', async () => {
  for (const argv of [
    ['diff', 'damaged.weft', 'before.weft'],
    ['import', 'damaged.weft'],
  ]) {
    const run = await weft(...argv, '--json');
    expect([run.exit, JSON.parse(run.stderr).error.code]).toEqual([1, 'bad-file']);
  }
  for (const argv of [
    ['diff', 'before.weft', 'nothing.weft'],
    ['diff', 'before.weft'],
    ['import', 'nothing.json'],
    ['import', 'before.weft', '--name', 'x'],
    ['import', 'before.weft', '--parent', 'lamp'],
    ['export', 'x.weft', '--format', 'obj'],
    ['export', 'x.weft', 'Kx81'],
    ['import', 'sign.glb', '--explode', '--optimise'],
    ['export'],
  ])
    expect(await weft(...argv), argv.join(' ')).toMatchObject({ exit: 2, stdout: '' });
  const asked = await weft('import', 'before.weft', '--json');
  expect(JSON.parse(asked.stderr).error.code).toBe('no-homeserver');
});

test('validate says what a file is by its bytes, and what is wrong with it, without a homeserver', async () => {
  const model = await weft('validate', 'sign.weft');
  expect([model.exit, model.stderr]).toEqual([0, '']);
  expect(model.stdout).toMatch(/^A glTF model, .*: triangles 1, draw calls 1/);
  expect(model.stdout).toContain('It can be published.');
  const wrong = await weft('validate', 'wrong.glb');
  expect(wrong.exit).toBe(3);
  expect(wrong.stdout).toContain('error: The model says that a part ends elsewhere than it does.');
  const { report } = JSON.parse((await weft('validate', 'wrong.glb', '--json')).stdout);
  expect(report).toMatchObject({
    isValid: false,
    findings: [{ code: 'ACCESSOR_MAX_MISMATCH', count: 1 }, {}],
  });
  expect((await weft('validate', 'before.weft')).stdout).toContain('A world in a file');
  const damaged = await weft('validate', 'damaged.weft', '--json');
  expect([damaged.exit, JSON.parse(damaged.stderr).error.code]).toEqual([1, 'bad-file']);
});

test('publish takes two places, and asks for a homeserver only once its command line is right', async () => {
  expect(await weft('publish', 'sign.weft', '--to', 'ftp')).toMatchObject({ exit: 2, stdout: '' });
  expect(await weft('publish', 'sign.weft', '--textures', '8193')).toMatchObject({ exit: 2, stdout: '' });
  expect(await weft('publish', 'nothing.glb')).toMatchObject({ exit: 2, stdout: '' });
  const asked = await weft('publish', 'sign.weft', '--to', 'mxc,ipfs', '--json');
  expect(JSON.parse(asked.stderr).error.code).toBe('no-homeserver');
});
