import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synapse } from '@weft/testing/synapse';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callWeft, type Run } from './run-weft.ts';

let folder = '';
let first = '';
let owner: Record<string, string> = {};
let guest: Record<string, string> = {};
const tables: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-files-'));
  const server = await synapse();
  const [ann, bob] = await Promise.all([server.account('ann'), server.account('bob')]);
  const login = { WEFT_HOMESERVER: ann.homeserver, INIT_CWD: folder };
  owner = { ...login, WEFT_TOKEN: ann.token };
  guest = { ...login, WEFT_TOKEN: bob.token };
  first = await newWorld('First', bob.userId);
  for (const name of ['Table', 'Desk']) {
    const args = ['add', '--name', name, '--at', '1.5,0,-2.25', '--world', first];
    tables.push((await json(await callWeft([...args, '--json'], owner))).id);
  }
  await done(callWeft(['rm', tables[1] ?? '', '--world', first], owner));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function json(run: Run) {
  expect(run).toMatchObject({ exit: 0, stderr: '' });
  return JSON.parse(run.stdout);
}
const done = async (run: Promise<Run>) => void expect(await run).toMatchObject({ exit: 0, stderr: '' });
const weft = (...args: string[]) => callWeft([...args, '--json'], owner);

async function newWorld(title: string, invite?: string): Promise<string> {
  const invited = invite === undefined ? [] : ['--invite', invite];
  return (await json(await weft('new', '--title', title, ...invited))).room;
}

test('[T4] a world goes through files of both forms into new worlds, and shows the same there', async () => {
  const hashes = new Set<string>();
  for (const file of ['first.weft', 'first.json']) {
    const exported = await json(await weft('export', file, '--world', first));
    expect(exported).toMatchObject({ objects: 1, bytes: (await readFile(join(folder, file))).length });
    hashes.add(exported.hash);
    const world = await newWorld(file);
    const tried = await json(await weft('import', file, '--world', world, '--dry-run'));
    expect(tried).toMatchObject({ objects: 2, dryRun: true });
    const imported = await json(await weft('import', file, '--world', world));
    expect(imported).toMatchObject({ as: 'merge', objects: 2, problems: [], stage: 'durable' });
    hashes.add((await json(await weft('export', `again-${file}`, '--world', world))).hash);
    for (const other of [file, first])
      expect(await json(await weft('diff', other, world))).toMatchObject({ equal: true });
  }
  expect(hashes.size).toBe(1);
  expect(await weft('export', 'first.weft', '--world', first)).toMatchObject({ exit: 2 });
});

test('[T2] two worlds edited apart show the same once each took in the file of the other', async () => {
  const second = await newWorld('Second');
  await json(await weft('export', 'start.weft', '--world', first));
  await json(await weft('import', 'start.weft', '--world', second));
  const table = tables[0] ?? '';
  await json(await weft('set', table, 'node.name=Bench', '--world', first));
  await json(await weft('set', table, 'transform.position=[9,0,0]', '--world', second));
  await json(await weft('add', '--name', 'Cup', '--parent', table, '--world', second));
  await json(await weft('export', 'a.weft', '--world', first));
  await json(await weft('export', 'b.weft', '--world', second));
  await json(await weft('import', 'b.weft', '--world', first));
  await json(await weft('import', 'a.weft', '--world', second));
  expect(await json(await weft('diff', first, second))).toMatchObject({ equal: true });
  const { components } = await json(await weft('get', table, '--world', first));
  expect(components).toMatchObject({ node: { name: 'Bench' }, transform: { position: [9, 0, 0] } });
});

test('[T5] a copy is added below an object; a visitor may export but not import', async () => {
  const table = tables[0] ?? '';
  await json(await weft('export', 'copy.json', '--world', first));
  const copy = await json(await weft('import', 'copy.json', '--world', first, '--copy', '--parent', table));
  const copied = await json(await weft('get', copy.ids[table], '--world', first));
  expect(copied.parent).toBe(table);
  const seen = await callWeft(['export', 'seen.weft', '--world', first, '--json'], guest);
  expect(seen.exit).toBe(0);
  for (const how of [[], ['--copy'], ['--dry-run']]) {
    const refused = await callWeft(['import', 'copy.json', ...how, '--world', first, '--json'], guest);
    expect([refused.exit, JSON.parse(refused.stderr).error.code]).toEqual([3, 'forbidden']);
  }
});
