import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synapse } from '@weft/testing/synapse';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callWeft, type Run, runWeft, watchWeft } from './run-weft.ts';
import { triangleGlb } from './triangle-glb.ts';

let builder: Record<string, string> = {};
let visitor: Record<string, string> = {};
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-commands-'));
  await writeFile(join(folder, 'triangle.glb'), triangleGlb());
  await writeFile(join(folder, 'poem.glb'), 'Not a model at all.');
  const server = await synapse();
  const [owner, guest] = await Promise.all([server.account('owner'), server.account('guest')]);
  const login = { WEFT_HOMESERVER: owner.homeserver, WEFT_TOKEN: owner.token, INIT_CWD: folder };
  const made = await runWeft(['new', '--title', 'Test world', '--invite', guest.userId, '--json'], login);
  expect(made).toMatchObject({ exit: 0, stderr: '' });
  const { room, title, link } = JSON.parse(made.stdout);
  expect(title).toBe('Test world');
  expect(link).toMatch(/^matrix:roomid\/.+\?via=/);
  builder = { ...login, WEFT_WORLD: room };
  visitor = { ...builder, WEFT_TOKEN: guest.token };
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const weft = (...args: string[]): Promise<Run> => runWeft(args, builder);
const asVisitor = (...args: string[]): Promise<Run> => runWeft(args, visitor);
/** In this process: that a result becomes the exit code of a process is shown once for each code. */
const call = (...args: string[]): Promise<Run> => callWeft(args, builder);
const callAsVisitor = (...args: string[]): Promise<Run> => callWeft(args, visitor);

async function add(...args: string[]): Promise<string> {
  const run = await weft('add', ...args, '--json');
  expect(run).toMatchObject({ exit: 0, stderr: '' });
  const { id, stage } = JSON.parse(run.stdout);
  expect(stage).toBe('durable');
  return id;
}

async function read(id: string, as = weft) {
  const run = await as('get', id, '--json');
  expect(run).toMatchObject({ exit: 0, stderr: '' });
  return JSON.parse(run.stdout);
}

describe('a builder', () => {
  test('adds, reads, sets, finds, moves and removes; a visitor sees each', async () => {
    const room = await add('--name', 'Hall', '--kind', 'room', '--at', '10,0,-2.5');
    const lamp = await add(
      '--name',
      'Lamp',
      '--tag',
      'bright',
      '--parent',
      room,
      '--set',
      'light.intensity=2.5',
    );

    expect(await read(lamp, asVisitor)).toMatchObject({
      parent: room,
      worldPosition: [10, 0, -2.5],
      components: { node: { name: 'Lamp', tags: ['bright'] }, light: { intensity: 2.5 } },
    });

    expect(await weft('set', lamp.slice(0, 12), 'light.intensity=3', 'acme:switch.on=true')).toMatchObject({
      exit: 0,
      stderr: '',
    });
    expect((await read(lamp, asVisitor)).components).toMatchObject({
      light: { intensity: 3 },
      'acme:switch': { on: true },
    });

    const near = await asVisitor('query', '--tag', 'bright', '--near', '10,0,0', '--radius', '3', '--json');
    expect(JSON.parse(near.stdout).objects).toEqual([expect.objectContaining({ id: lamp })]);
    const far = await asVisitor('query', '--tag', 'bright', '--near', '0,0,0', '--radius', '3', '--json');
    expect(JSON.parse(far.stdout).objects).toEqual([]);
    const filter = '{"light.intensity":{"$gt":2}}';
    const chosen = await asVisitor('query', `#${room} > .bright`, '--where', filter, '--explain', '--json');
    expect(JSON.parse(chosen.stdout)).toMatchObject({ objects: [{ id: lamp }], plan: { scanned: 1 } });
    const nearest = await asVisitor(
      'query',
      '--near',
      '10,0,0',
      '--nearest',
      '1',
      '--sort',
      'node.name',
      '--json',
    );
    expect(nearest).toMatchObject({ exit: 2, stdout: '' });
    expect(JSON.parse(nearest.stderr).error).toMatchObject({ code: 'invalid-query' });

    expect((await weft('mv', lamp, '--into', 'root')).exit).toBe(0);
    expect((await read(lamp)).parent).toBe('root');

    const tree = await asVisitor('ls');
    expect(tree.exit).toBe(0);
    expect(tree.stdout).toMatch(/[├└]─ Hall +\S{6,} /);

    expect((await weft('rm', lamp, room)).exit).toBe(0);
    expect(await weft('get', lamp)).toMatchObject({ exit: 1, stdout: '' });
    expect((await weft('set', lamp, 'node.deleted=null')).exit).toBe(0);
    expect((await read(lamp)).components.light).toEqual({ intensity: 3 });
  });

  test('imports a model, and refuses a file that is none before it is uploaded', async () => {
    const made = await call('import', 'triangle.glb', '--at', '0,1,0', '--json');
    expect(made).toMatchObject({ exit: 0, stderr: '' });
    const { id, src, bounds } = JSON.parse(made.stdout);
    expect(src).toMatch(/^mxc:\/\//);
    expect((await read(id, callAsVisitor)).components).toMatchObject({
      node: { name: 'triangle' },
      mesh: { src, bounds, bytes: triangleGlb().length, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });

    const refused = await call('import', 'poem.glb', '--json');
    expect(refused).toMatchObject({ exit: 1, stdout: '' });
    expect(JSON.parse(refused.stderr).error).toMatchObject({ code: 'not-a-glb' });
    expect(await call('import', 'nothing.glb')).toMatchObject({ exit: 2, stdout: '' });
  });

  test('tries things out without doing them', async () => {
    const before = (await call('ls', '--json')).stdout;
    expect(await call('add', '--name', 'Ghost', '--dry-run')).toMatchObject({ exit: 0 });
    expect(await call('import', 'triangle.glb', '--dry-run')).toMatchObject({ exit: 0 });
    expect((await call('ls', '--json')).stdout).toBe(before);
  });

  test('may leave before the homeserver confirms', async () => {
    const run = await weft('add', '--name', 'Hasty', '--wait', 'local', '--json');
    expect(run).toMatchObject({ exit: 0, stderr: '' });
    expect((await read(JSON.parse(run.stdout).id)).components.node.name).toBe('Hasty');
  });

  test('sees the worlds it is in', async () => {
    const { stdout } = await weft('ls', '--worlds', '--json');
    expect(JSON.parse(stdout).worlds).toEqual([
      { room: builder.WEFT_WORLD, title: 'Test world', name: null },
    ]);
  });
});

describe('refusals exit with 3, say who can help, and change nothing', () => {
  test('a visitor who edits', async () => {
    const id = await add('--name', 'Statue');
    for (const args of [
      ['set', id, 'node.name=Mine'],
      ['rm', id],
      ['mv', id, '--into', 'root'],
      ['add', '--name', 'Mine'],
      ['import', 'triangle.glb'],
      ['add', '--name', 'Mine', '--dry-run'],
    ]) {
      const run = await callAsVisitor(...args);
      expect(run, args.join(' ')).toMatchObject({ exit: 3, stdout: '' });
      expect(run.stderr).toMatch(/owner/);
      expect(run.stderr).not.toMatch(/\n\s+at /);
    }
    expect((await read(id, callAsVisitor)).components.node.name).toBe('Statue');
  });

  test('a value that its schema does not take', async () => {
    const id = await add('--name', 'Cube');
    const run = await weft('set', id, 'node.name=Cube2', 'transform.position=[1,2]', '--json');
    expect(run).toMatchObject({ exit: 3, stdout: '' });
    expect(JSON.parse(run.stderr).error).toMatchObject({ code: 'schema' });
    // All or nothing: the name did not move either.
    expect((await read(id)).components.node.name).toBe('Cube');
  });

  test('a value that is too large', async () => {
    const run = await call('add', '--set', `acme:note.text=${'x'.repeat(5000)}`, '--json');
    expect(run).toMatchObject({ exit: 3, stdout: '' });
    expect(JSON.parse(run.stderr).error.code).toBe('limit');
  });
});

describe('wrong usage exits with 2', () => {
  test.each([
    ['an id with illegal characters', ['get', 'a b']],
    ['__proto__ as an id', ['get', '__proto__']],
    ['__proto__ as a component', ['add', '--set', '__proto__.polluted=1']],
    ['__proto__ within a value', ['add', '--set', 'acme:x.y={"__proto__":1}']],
    ['a vector of two', ['add', '--at', '1,2']],
    ['half of a sphere', ['query', '--near', '0,0,0']],
    ['a world that is none', ['ls', '--world', 'no such thing']],
  ])('%s', async (_, args) => {
    const run = await call(...args);
    expect(run).toMatchObject({ exit: 2, stdout: '' });
    expect(run.stderr).not.toBe('');
    expect(run.stderr).not.toMatch(/\n\s+at /);
  });
});

describe('what may work another time exits with 1', () => {
  test.each([
    ['a wrong token', { WEFT_TOKEN: 'wrong' }, 'unknown-token'],
    ['a homeserver that is not there', { WEFT_HOMESERVER: 'http://127.0.0.1:9' }, 'unreachable'],
  ])('%s', async (_, environment, code) => {
    const run = await runWeft(['ls', '--json'], { ...builder, ...environment });
    expect(run).toMatchObject({ exit: 1, stdout: '' });
    expect(JSON.parse(run.stderr).error.code).toBe(code);
  });
});

describe('watch', () => {
  test('prints what others do as JSON lines, and ends cleanly on SIGINT', async () => {
    const watching = watchWeft(['watch'], visitor);
    expect(await watching.next(({ type }) => type === 'ready')).toMatchObject({ title: 'Test world' });
    const id = await add('--name', 'Watched');
    const isAbout = (line: Record<string, unknown>) =>
      line.type === 'change' && JSON.stringify(line).includes(id);
    expect(await watching.next(isAbout)).toMatchObject({ origin: 'matrix', added: [{ id }] });
    expect((await weft('rm', id)).exit).toBe(0);
    expect(await watching.next(isAbout)).toMatchObject({ removed: [id] });
    watching.kill('SIGINT');
    expect(await watching.ended).toMatchObject({ exit: 0, stderr: '' });
  });

  test('prints what comes into and leaves a selector', async () => {
    const watching = watchWeft(['watch', '.watched'], visitor);
    expect(await watching.next(({ type }) => type === 'result')).toMatchObject({ objects: [] });
    await watching.next(({ type }) => type === 'ready');
    const id = await add('--name', 'Watched', '--tag', 'watched');
    const isDelta = ({ type }: Record<string, unknown>) => type === 'delta';
    expect(await watching.next(isDelta)).toMatchObject({ enter: [{ id }], leave: [], changed: [] });
    expect((await weft('set', id, 'node.tags=[]')).exit).toBe(0);
    expect(await watching.next(isDelta)).toMatchObject({ enter: [], leave: [id] });
    watching.kill('SIGINT');
    expect(await watching.ended).toMatchObject({ exit: 0, stderr: '' });
  });

  test('ends cleanly when its reader has gone', async () => {
    const watching = watchWeft(['watch'], builder);
    await watching.next(({ type }) => type === 'ready');
    watching.closePipe();
    await add('--name', 'Unseen');
    expect(await watching.ended).toMatchObject({ exit: 0, stderr: '' });
  });
});
