import { get } from 'node:http';
import { type ImportCandidate, importer } from 'ipfs-unixfs-importer';
import { fixedSize } from 'ipfs-unixfs-importer/chunker';
import { varint } from 'multiformats';
import { CID } from 'multiformats/cid';
import { describe, expect, test } from 'vitest';
import { MAX_PATH_NAMES } from '../../src/files/file-limits.ts';
import { type FilesUnderTest, filesPerTest, pattern } from './files-under-test.ts';

const KIB = 1024;
const CHUNK_BYTES = 16 * KIB;
const relay = filesPerTest();

interface Tree {
  readonly root: CID;
  readonly blocks: ReadonlyMap<string, Uint8Array>;
  /** What stands at each path. */
  readonly cids: ReadonlyMap<string, string>;
}

/** A directory as other programs make one. */
async function treeOf(files: Readonly<Record<string, Uint8Array>>, isSharded = false): Promise<Tree> {
  const blocks = new Map<string, Uint8Array>();
  const store = {
    put(cid: CID, block: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>): CID {
      if (block instanceof Uint8Array) blocks.set(cid.toString(), block);
      return cid;
    },
  };
  const candidates: ImportCandidate[] = Object.entries(files).map(([path, content]) => ({ path, content }));
  const cids = new Map<string, string>();
  let root: CID | null = null;
  const options = {
    ...{ cidVersion: 1 as const, rawLeaves: true, wrapWithDirectory: true },
    chunker: fixedSize({ chunkSize: CHUNK_BYTES }),
    ...(isSharded ? { shardSplitThresholdBytes: 1 } : {}),
  };
  for await (const { cid, path } of importer(candidates, store, options)) {
    cids.set(path ?? '', cid.toString());
    root = cid;
  }
  if (root === null) throw new TypeError('nothing');
  return { root, blocks, cids };
}

async function put(files: FilesUnderTest, { root, blocks }: Tree): Promise<Response> {
  const token = await files.token();
  for (const [cid, block] of blocks) await files.send(token, 'PUT', `blocks/${cid}`, block);
  return files.send(token, 'PUT', `files/${root}`, { name: 'bundle', type: '' });
}

/** The CIDs of a CAR’s blocks, in order. */
async function carOf(answer: Promise<Response>): Promise<string[]> {
  const response = await answer;
  expect(response.status).toBe(200);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const cids: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const [length, size] = varint.decode(bytes.subarray(at));
    if (at > 0) cids.push(CID.decodeFirst(bytes.subarray(at + size))[0].toString());
    at += size + length;
  }
  return cids;
}

const codeOf = async (answer: Promise<Response>) => {
  const response = await answer;
  return [response.status, Object(JSON.parse(await response.text())).error?.code];
};

/** Asks for a target as it stands: what `fetch` is given it would put right first. */
function asIs(files: FilesUnderTest, path: string): Promise<readonly [number | undefined, string]> {
  return new Promise((resolve, reject) => {
    get({ port: new URL(files.url).port, path }, async (answer) => {
      const text = Buffer.concat(await answer.toArray()).toString();
      resolve([answer.statusCode, text.startsWith('{') ? Object(JSON.parse(text)).error?.code : '']);
    }).on('error', reject);
  });
}

const BUNDLE = {
  'scene.gltf': pattern(100),
  'images/wood.png': pattern(3 * CHUNK_BYTES, 7),
  'images/a b?.png': pattern(50, 9),
};

describe('a directory at a relay', () => {
  test('[AS90] is kept whole, counted by its blocks, and goes whole', async () => {
    const files = await relay({ files: { maxFileBytes: 80 * KIB } });
    const tree = await treeOf(BUNDLE);
    const total = [...tree.blocks.values()].reduce((sum, { length }) => sum + length, 0);
    const token = await files.token();
    const [first = ''] = tree.blocks.keys();
    for (const [cid, block] of tree.blocks)
      if (cid !== first) await files.send(token, 'PUT', `blocks/${cid}`, block);
    expect(await codeOf(files.send(token, 'PUT', `files/${tree.root}`, { name: '', type: '' }))).toEqual([
      409,
      'missing-blocks',
    ]);
    expect(await (await put(files, tree)).json()).toMatchObject({ cid: `${tree.root}`, bytes: total });
    for (const cid of tree.blocks.keys()) expect((await files.get(cid)).status).toBe(200);
    expect((await files.send(token, 'DELETE', `files/${tree.root}`)).status).toBe(204);
    for (const cid of tree.blocks.keys()) expect((await files.get(cid)).status).toBe(404);
    expect(await codeOf(put(files, await treeOf({ ...BUNDLE, more: pattern(40 * KIB, 3) })))).toEqual([
      413,
      'too-large',
    ]);
  });

  test.each([
    ['plain', false],
    ['in shards', true],
  ])('[AS90] %s: a CAR proves the way to a file, and holds what its scope says', async (_how, isSharded) => {
    const files = await relay();
    // So many that some share a shard.
    const more = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`images/${at}`, pattern(1, at)]));
    const tree = await treeOf({ ...BUNDLE, ...more }, isSharded);
    await put(files, tree);
    const at = (path: string) => tree.cids.get(path) ?? '';
    const car = (path: string, query = '') => carOf(files.get(`${tree.root}${path}`, `?format=car${query}`));
    const wood = at('images/wood.png');
    const whole = await car('/images/wood.png');
    expect(whole[0]).toBe(`${tree.root}`);
    expect(whole.slice(-4)[0]).toBe(wood);
    // The root, its parts if any, the directory, its parts, the file, its three pieces; nothing else.
    expect(whole).not.toContain(at('scene.gltf'));
    if (!isSharded) expect(whole).toContain(at('images'));
    expect(await car('/images/wood.png', '&dag-scope=entity')).toEqual(whole);
    expect(await car('/images/wood.png', '&dag-scope=block')).toEqual(whole.slice(0, -3));
    expect((await car('/images/a%20b%3F.png')).at(-1)).toBe(at('images/a b?.png'));
    // A directory: what is needed to list it, and all below it.
    const listed = await car('/images/', '&dag-scope=entity');
    expect(listed).not.toContain(wood);
    const below = await car('/images');
    expect(below).toEqual(expect.arrayContaining([...listed, wood, at('images/a b?.png')]));
    expect(new Set(await car(''))).toEqual(new Set(tree.blocks.keys()));
    expect(listed.length).toBeGreaterThan(isSharded ? 2 : 1);
  });

  test('[AS90] its answers name the way, and are known again', async () => {
    const files = await relay();
    const tree = await treeOf(BUNDLE);
    await put(files, tree);
    const path = `${tree.root}/images/a%20b%3F.png`;
    const { headers } = await files.get(path, '?format=car', { method: 'HEAD' });
    expect(headers.get('x-ipfs-path')).toBe(`/ipfs/${path}`);
    const roots = [tree.root, tree.cids.get('images'), tree.cids.get('images/a b?.png')];
    expect(headers.get('x-ipfs-roots')).toBe(roots.join(','));
    const known = { headers: { 'if-none-match': headers.get('etag') ?? '' } };
    expect((await files.get(path, '?format=car', known)).status).toBe(304);
    expect((await files.get(path, '?format=car&dag-scope=block', known)).status).toBe(200);
  });
});

test('[AS90] a CAR of some bytes of a file holds the pieces that they are in', async () => {
  const files = await relay();
  const tree = await treeOf({ film: pattern(5 * CHUNK_BYTES, 11) });
  await put(files, tree);
  const film = tree.cids.get('film') ?? '';
  const all = await carOf(files.get(film, '?format=car'));
  const [size, last] = [5 * CHUNK_BYTES, 5 * CHUNK_BYTES - 1];
  const table: readonly (readonly [string, readonly number[]])[] = [
    ['0:*', [0, 1, 2, 3, 4]],
    ['0:0', [0]],
    [`${CHUNK_BYTES - 1}:${CHUNK_BYTES}`, [0, 1]],
    [`${CHUNK_BYTES}:${2 * CHUNK_BYTES - 1}`, [1]],
    [`${last}:${last}`, [4]],
    ['-1:*', [4]],
    [`-${size + 5}:${-4 * CHUNK_BYTES - 1}`, [0]],
    [`${last}:999999999`, [4]],
    [`${size}:*`, []],
    ['9:3', []],
  ];
  for (const [range, pieces] of table)
    expect(await carOf(files.get(film, `?format=car&entity-bytes=${range}`)), range).toEqual([
      film,
      ...pieces.map((at) => all[at + 1]),
    ]);
  const path = `${tree.root}/film`;
  expect(await carOf(files.get(path, '?format=car&entity-bytes=0:1'))).toEqual([
    `${tree.root}`,
    film,
    all[1],
  ]);
  for (const range of ['', 'a:b', '1', '1:2:3', '*:1', '1e3:*', '0x1:2', `${'9'.repeat(16)}:*`])
    expect(await codeOf(files.get(film, `?format=car&entity-bytes=${range}`)), range).toEqual([
      400,
      'bad-request',
    ]);
});

describe('a path that somebody made up', () => {
  test('[AS91] is refused by name, and leads nowhere but down', async () => {
    const files = await relay();
    const tree = await treeOf({ ...BUNDLE, [`${'d/'.repeat(MAX_PATH_NAMES - 1)}deep`]: pattern(5) });
    await put(files, tree);
    const car = (path: string, query = '?format=car') => asIs(files, `/ipfs/${tree.root}/${path}${query}`);
    const malformed = [
      'images/%2e%2e/scene.gltf',
      'images/../scene.gltf',
      '../../etc/passwd',
      'images/%2E/wood.png',
      'images//wood.png',
      '%2fetc%2fpasswd',
      'images%2fwood.png',
      'a%00b',
      '%',
      '%zz',
      '%c3%28',
      'd/'.repeat(MAX_PATH_NAMES + 1),
      'x/'.repeat(3000),
    ];
    for (const path of malformed) expect([path, await car(path)]).toEqual([path, [400, 'bad-request']]);
    for (const path of ['nothing', 'scene.gltf/below', 'images/wood.png/x', '__proto__', 'Images', 'd/deep'])
      expect([path, await car(path)]).toEqual([path, [404, 'not-found']]);
    expect(await car('images/wood.png', '?format=raw')).toEqual([400, 'bad-request']);
    const deep = `${tree.root}/${'d/'.repeat(MAX_PATH_NAMES - 1)}deep`;
    expect((await files.get(deep, '?format=car')).status).toBe(200);
    expect(await codeOf(files.get(`${tree.cids.get('scene.gltf')}/a`, '?format=car'))).toEqual([
      404,
      'not-found',
    ]);
  });

  test('[AS91] costs what is looked into for it, and ways of making a CAR that are not ours are not made up for', async () => {
    const files = await relay({ files: { servedBurstBytes: 2 * KIB * KIB, servedBytesPerSecond: KIB } });
    const many = Object.fromEntries(
      Array.from({ length: 2200 }, (_, at) => [`${at}`.padStart(60), pattern(1, at)]),
    );
    const tree = await treeOf(many);
    await put(files, tree);
    const statuses = [];
    for (let at = 0; at < 16; at += 1)
      statuses.push((await files.get(`${tree.root}/none`, '?format=car')).status);
    expect(new Set(statuses)).toEqual(new Set([404, 429]));
    for (const query of ['car-version=2', 'car-dups=y', 'car-order=bfs'])
      expect(await codeOf(files.get(tree.root, `?format=car&${query}`)), query).toEqual([
        406,
        'not-acceptable',
      ]);
    expect(await codeOf(files.get(tree.root, '?format=car&dag-scope=some'))).toEqual([400, 'bad-request']);
  });
});
