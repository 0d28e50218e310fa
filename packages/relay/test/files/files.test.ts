import { importFile, MAX_BLOCK_BYTES } from '@weft/assets/blocks';
import { ROLE_LEVELS } from '@weft/core';
import { CID } from 'multiformats/cid';
import { sha256 } from 'multiformats/hashes/sha2';
import { describe, expect, test } from 'vitest';
import { ALICE, BOB, CAROL, filesPerTest, pattern } from './files-under-test.ts';

const KIB = 1024;
const relay = filesPerTest();

const about = { name: 'chair.glb', type: 'model/gltf-binary' };
const codeOf = async (answer: Promise<Response>) => {
  const response = await answer;
  const text = await response.text();
  return [response.status, text === '' ? null : (Object(JSON.parse(text)).error?.code ?? 'ok')];
};

describe('a file that is published at a relay', () => {
  test('[AS26] is given to everybody, block by block and as one, under its CID', async () => {
    const files = await relay();
    const bytes = pattern(600 * KIB);
    const { root, blocks } = await files.publish(await files.token(), bytes);
    for (const { cid, bytes: block } of blocks) {
      const answer = await files.get(cid);
      expect(answer.status).toBe(200);
      expect(Buffer.from(await answer.arrayBuffer()).equals(block)).toBe(true);
    }
    const head = (await files.get(root, '?format=raw', { method: 'HEAD' })).headers;
    expect(Object.fromEntries(head)).toMatchObject({
      etag: `"${root}.raw"`,
      'cache-control': 'public, max-age=29030400, immutable',
      'content-type': 'application/vnd.ipld.raw',
      'x-content-type-options': 'nosniff',
      'x-ipfs-roots': `${root}`,
      'accept-ranges': 'none',
    });
    const again = await files.get(root, '?format=raw', { headers: { 'if-none-match': `"${root}.raw"` } });
    expect([again.status, await again.text()]).toEqual([304, '']);
    const byType = await files.get(root, '', { headers: { accept: 'application/vnd.ipld.raw' } });
    expect(byType.headers.get('content-type')).toBe('application/vnd.ipld.raw');
    await byType.body?.cancel();
  });

  test('[AS26] is a CAR of all its blocks, or of its root', async () => {
    const files = await relay();
    const { root, blocks } = await files.publish(await files.token(), pattern(600 * KIB));
    const car = Buffer.from(await (await files.get(root, '?format=car')).arrayBuffer());
    const head = await files.get(root, '?format=car', { method: 'HEAD' });
    expect(head.headers.get('content-type')).toBe('application/vnd.ipld.car; version=1; order=dfs; dups=n');
    const places = blocks.map(({ cid, bytes }) => car.indexOf(Buffer.concat([cid.bytes, bytes])));
    expect(places.every((place) => place > 0)).toBe(true);
    const rootAt = car.indexOf(Buffer.concat([root.bytes, blocks.at(-1)?.bytes ?? new Uint8Array()]));
    expect(Math.min(...places)).toBe(rootAt);
    const one = Buffer.from(await (await files.get(root, '?format=car&dag-scope=block')).arrayBuffer());
    expect(one.length).toBeLessThan(1000);
  });

  test('[AS26] what is asked for in another way is refused by name', async () => {
    const files = await relay();
    const { root } = await files.publish(await files.token(), pattern(1000));
    const { root: other } = await importFile(pattern(1000, 5));
    const sha1 = CID.createV1(0x55, {
      ...root.multihash,
      code: 0x11,
      bytes: Uint8Array.from([0x11, 32, ...root.multihash.digest]),
    });
    expect(await codeOf(files.get(other))).toEqual([404, 'not-found']);
    expect(await codeOf(files.get(root, ''))).toEqual([406, 'not-acceptable']);
    expect(await codeOf(files.get(root, '?format=tar'))).toEqual([406, 'not-acceptable']);
    expect(await codeOf(files.get(root, '?format=raw', { method: 'PUT' }))).toEqual([405, 'method']);
    expect(await codeOf(files.get(sha1))).toEqual([404, 'not-found']);
    expect(await codeOf(files.get(root, '?format=car&dag-scope=%0aa'))).toEqual([400, 'bad-request']);
    for (const text of ['none', 'b'.repeat(5_000), '%00', '..%2f..%2fetc%2fpasswd'])
      expect(await codeOf(files.get(text))).toEqual([400, 'bad-cid']);
    const empty = await files.get('bafkqaaa');
    expect([empty.status, await empty.text()]).toEqual([200, '']);
    const answer = await files.get(other);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  test('[AS27] is published by builders of its world, and by nobody else', async () => {
    const files = await relay();
    const { root, blocks } = await importFile(pattern(100));
    const [block] = blocks;
    const token = await files.token(BOB);
    expect(await codeOf(files.send(token, 'PUT', `blocks/${root}`, block?.bytes))).toEqual([
      403,
      'forbidden',
    ]);
    expect(await codeOf(files.send('none', 'PUT', `blocks/${root}`, block?.bytes))).toEqual([
      401,
      'unauthenticated',
    ]);
    expect(await codeOf(files.get(root))).toEqual([404, 'not-found']);
    const elsewhere = await fetch(`${files.url}/v1/worlds/!other:example.org/files`, {
      headers: { authorization: `Bearer ${await files.token()}` },
    });
    expect(elsewhere.status).toBe(403);
  });

  test('[AS27] is taken block by block, each the one that its CID names, up to the bound of one', async () => {
    const files = await relay({ files: { maxFileBytes: 64 * 1024 * KIB } });
    const token = await files.token();
    const { root, blocks } = await importFile(pattern(100));
    expect(await codeOf(files.send(token, 'PUT', `blocks/${root}`, pattern(99)))).toEqual([
      422,
      'wrong-block',
    ]);
    expect(await codeOf(files.send(token, 'PUT', 'blocks/bafkqaaa', new Uint8Array()))).toEqual([
      400,
      'bad-cid',
    ]);
    expect(await codeOf(files.send(token, 'POST', `blocks/${root}`, blocks[0]?.bytes))).toEqual([
      405,
      'method',
    ]);
    const largest = new Uint8Array(MAX_BLOCK_BYTES);
    const cidOf = async (bytes: Uint8Array) => CID.createV1(0x55, await sha256.digest(bytes));
    expect(await codeOf(files.send(token, 'PUT', `blocks/${await cidOf(largest)}`, largest))).toEqual([
      200,
      'ok',
    ]);
    const larger = new Uint8Array(MAX_BLOCK_BYTES + 1);
    expect(await codeOf(files.send(token, 'PUT', `blocks/${await cidOf(larger)}`, larger))).toEqual([
      413,
      'too-large',
    ]);
  });

  test('[AS27] is a file once all of it is here; what is none is not', async () => {
    const files = await relay({ files: { maxFileBytes: 300 * KIB } });
    const token = await files.token();
    const { root, blocks } = await importFile(pattern(300 * KIB));
    const [leaf, second] = blocks;
    await files.send(token, 'PUT', `blocks/${leaf?.cid}`, leaf?.bytes);
    expect(await codeOf(files.send(token, 'PUT', `files/${root}`, about))).toEqual([409, 'missing-blocks']);
    await files.send(token, 'PUT', `blocks/${root}`, blocks.at(-1)?.bytes);
    const refused = await files.send(token, 'PUT', `files/${root}`, about);
    expect(Object(await refused.json()).error.missing).toBe(`${second?.cid}`);
    await files.send(token, 'PUT', `blocks/${second?.cid}`, second?.bytes);
    expect(await codeOf(files.send(token, 'PUT', `files/${root}`, { name: 'a' }))).toEqual([
      400,
      'bad-request',
    ]);
    expect(await codeOf(files.send(token, 'PUT', `files/${root}`, about))).toEqual([200, 'ok']);
    expect(await (await files.send(token, 'GET', 'files')).json()).toMatchObject({
      files: [{ cid: `${root}`, ...about, bytes: 300 * KIB, user: ALICE }],
    });
    const { root: large, blocks: all } = await importFile(pattern(300 * KIB + 1, 3));
    for (const { cid, bytes } of all) await files.send(token, 'PUT', `blocks/${cid}`, bytes);
    expect(await codeOf(files.send(token, 'PUT', `files/${large}`, about))).toEqual([413, 'too-large']);
    const junk = Uint8Array.of(1, 2, 3);
    const node = CID.createV1(0x70, await sha256.digest(junk));
    await files.send(token, 'PUT', `blocks/${node}`, junk);
    expect(await codeOf(files.send(token, 'PUT', `files/${node}`, about))).toEqual([422, 'no-file']);
  });

  test('[AS27] stays when its world, or the relay, is full: what comes later is refused, and room is made by hand', async () => {
    const files = await relay({ files: { maxWorldBytes: 400 * KIB, maxWorldFiles: 2 } });
    const token = await files.token();
    const first = await files.publish(token, pattern(200 * KIB, 1));
    const second = await files.publish(token, pattern(200 * KIB, 3));
    const third = await importFile(pattern(1, 5));
    expect(await codeOf(files.send(token, 'PUT', `blocks/${third.root}`, third.blocks[0]?.bytes))).toEqual([
      507,
      'full',
    ]);
    expect((await files.get(first.root)).status).toBe(200);
    expect(await codeOf(files.send(token, 'DELETE', `files/${first.root}`))).toEqual([204, null]);
    expect((await files.get(first.root)).status).toBe(404);
    expect((await files.get(second.root)).status).toBe(200);
    await files.publish(token, pattern(1, 5));
    const fourth = await importFile(pattern(2, 5));
    await files.send(token, 'PUT', `blocks/${fourth.root}`, fourth.blocks[0]?.bytes);
    expect(await codeOf(files.send(token, 'PUT', `files/${fourth.root}`, about))).toEqual([507, 'full']);
  });

  test('[AS27] all worlds together have a bound too, and a disk that is full says so', async () => {
    const files = await relay({ files: { maxBytes: 100 * KIB } });
    const token = await files.token();
    await files.publish(token, pattern(100 * KIB, 1));
    const more = await importFile(pattern(1, 5));
    expect(await codeOf(files.send(token, 'PUT', `blocks/${more.root}`, more.blocks[0]?.bytes))).toEqual([
      507,
      'full',
    ]);
  });

  test('[AS27] is taken away by whoever published it and by stewards', async () => {
    const files = await relay({
      levels: [
        [ALICE, ROLE_LEVELS.builder],
        [BOB, ROLE_LEVELS.builder],
        [CAROL, ROLE_LEVELS.steward],
      ],
    });
    const { root } = await files.publish(await files.token(), pattern(100));
    expect(await codeOf(files.send(await files.token(BOB), 'DELETE', `files/${root}`))).toEqual([
      403,
      'forbidden',
    ]);
    expect(await codeOf(files.send(await files.token(CAROL), 'DELETE', `files/${root}`))).toEqual([
      204,
      null,
    ]);
    expect(await codeOf(files.send(await files.token(CAROL), 'DELETE', `files/${root}`))).toEqual([
      404,
      'not-found',
    ]);
  });

  test('[AS27] blocks that two files share stay as long as one of them does', async () => {
    const files = await relay();
    const token = await files.token();
    const start = pattern(256 * KIB);
    const first = await files.publish(token, Buffer.concat([start, pattern(10, 3)]));
    const second = await files.publish(token, Buffer.concat([start, pattern(10, 9)]));
    await files.send(token, 'DELETE', `files/${first.root}`);
    for (const { cid } of second.blocks) expect((await files.get(cid)).status).toBe(200);
    expect((await files.get(first.root)).status).toBe(404);
  });

  test('[AS27] what a user publishes has a rate; who goes beyond is told when to go on', async () => {
    const files = await relay({ files: { uploadBurstBytes: 2 * KIB * KIB } });
    const token = await files.token();
    const uploads: Response[] = [];
    for (let at = 0; at < 10; at += 1) {
      const { blocks } = await importFile(pattern(250 * KIB, 2 * at + 3));
      uploads.push(await files.send(token, 'PUT', `blocks/${blocks[0]?.cid}`, blocks[0]?.bytes));
    }
    const refused = uploads.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(1);
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe('a relay that starts again', () => {
  test('[AS28] has every file that it said to have, and nothing of those that were never finished', async () => {
    const files = await relay();
    const token = await files.token();
    const bytes = pattern(600 * KIB);
    const { root, blocks } = await files.publish(token, bytes);
    const half = await importFile(pattern(600 * KIB, 5));
    const [leaf] = half.blocks;
    await files.send(token, 'PUT', `blocks/${leaf?.cid}`, leaf?.bytes);
    expect((await files.get(leaf?.cid ?? '')).status).toBe(200);
    files.disk.crash();
    await files.close();
    const next = await relay({ disk: files.disk });
    for (const { cid } of blocks) expect((await next.get(cid)).status).toBe(200);
    expect((await next.get(leaf?.cid ?? '')).status).toBe(404);
    expect(await (await next.send(await next.token(), 'GET', 'files')).json()).toMatchObject({
      files: [{ cid: `${root}`, bytes: bytes.length, user: ALICE }],
    });
  });

  test('[AS28] blocks of no file go when their time is up', async () => {
    const files = await relay({ files: { unfinishedMs: 60_000, maxWorldBytes: 300 * KIB } });
    const token = await files.token();
    const put = async (seed: number) => {
      const { blocks } = await importFile(pattern(200 * KIB, seed));
      return (await files.send(token, 'PUT', `blocks/${blocks[0]?.cid}`, blocks[0]?.bytes)).status;
    };
    expect([await put(1), await put(3)]).toEqual([200, 507]);
    await files.lane.timers.advance(60_000);
    expect(await put(3)).toBe(200);
  });

  test('[AS28] a block that the disk did not take is not here, and its file is none', async () => {
    const files = await relay();
    const token = await files.token();
    const { root, blocks } = await importFile(pattern(100));
    files.disk.fill();
    expect((await files.send(token, 'PUT', `blocks/${root}`, blocks[0]?.bytes)).status).toBe(503);
    files.disk.free();
    expect((await files.get(root)).status).toBe(404);
    expect(await codeOf(files.send(token, 'PUT', `files/${root}`, about))).toEqual([409, 'missing-blocks']);
    await files.publish(token, pattern(100));
    expect((await files.get(root)).status).toBe(200);
  });
});
