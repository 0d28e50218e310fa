import type { IncomingMessage, ServerResponse } from 'node:http';
import { Writable } from 'node:stream';
import { importFile } from '@weft/assets/blocks';
import { parseUserId } from '@weft/core';
import { MemoryPlace } from '@weft/store/memory';
import { FakeTimers, settle } from '@weft/testing';
import { expect, test } from 'vitest';
import { readConfig } from '../../src/config/read-config.ts';
import {
  CAR_STALL_MS,
  MAX_CARS,
  MAX_FILE_WORD_CHARACTERS,
  MAX_NAMED_BLOCKS,
} from '../../src/files/file-limits.ts';
import { FileShelf } from '../../src/files/file-shelf.ts';
import { Gateway } from '../../src/files/gateway.ts';
import { RateBudget } from '../../src/server/rate-budget.ts';
import { FilesUnderTest, pattern, ROOM } from './files-under-test.ts';

const KIB = 1024;

/** Somebody who asks and never reads. */
function deafReader(): ServerResponse {
  const stream = new Writable({ highWaterMark: 1, write: () => undefined });
  return Object.assign(stream, {
    setHeader: () => stream,
    writeHead: () => stream,
  }) as unknown as ServerResponse;
}

const GET = { method: 'GET', headers: {} } as IncomingMessage;

test('[AS26] readers of CARs that take nothing are bounded in number and given up in time', async () => {
  const timers = new FakeTimers();
  const { files: limits } = readConfig('the test', { homeserver: { url: 'http://localhost' } }, {});
  const store = await new MemoryPlace().open('files');
  const shelf = await FileShelf.open({ store, limits, now: timers.now });
  const { root, blocks } = await importFile(pattern(1000));
  const [block] = blocks;
  await shelf.put(ROOM, root, block?.bytes ?? new Uint8Array());
  const user = parseUserId('@alice:example.org');
  await shelf.claim({ room: ROOM, root, user, name: 'a', type: 'b' });
  const budget = new RateBudget({ perSecond: 1, burst: KIB * KIB, now: timers.now });
  const gateway = new Gateway({ shelf, budget, timers });
  const ask = (response: ServerResponse) => gateway.answer(`/ipfs/${root}`, 'format=car', GET, response);
  const readers = Array.from({ length: MAX_CARS }, deafReader);
  const answers = readers.map(ask);
  await settle();
  await expect(ask(deafReader())).rejects.toMatchObject({ status: 503, code: 'busy' });
  await timers.advance(CAR_STALL_MS - 1);
  expect(readers.some(({ destroyed }) => destroyed)).toBe(false);
  await timers.advance(1);
  await Promise.all(answers);
  expect([readers.every(({ destroyed }) => destroyed), timers.pending]).toEqual([true, 0]);
  const next = deafReader();
  const more = ask(next);
  await timers.advance(CAR_STALL_MS);
  await more;
  expect(next.destroyed).toBe(true);
  await shelf.close();
});

test('[AS27] what is said of a file is bounded, and so is what a refusal names', async () => {
  const relay = await FilesUnderTest.open();
  const token = await relay.token();
  const bytes = Uint8Array.from({ length: (MAX_NAMED_BLOCKS + 4) * 256 * 1024 }, (_, at) => at >> 14);
  const { root, blocks } = await importFile(bytes);
  await relay.send(token, 'PUT', `blocks/${root}`, blocks.at(-1)?.bytes);
  const say = (length: number) =>
    relay.send(token, 'PUT', `files/${root}`, { name: 'a'.repeat(length), type: '' });
  expect((await say(MAX_FILE_WORD_CHARACTERS + 1)).status).toBe(400);
  const refused = await say(MAX_FILE_WORD_CHARACTERS);
  expect(refused.status).toBe(409);
  expect(Object(await refused.json()).error.missing.split(' ')).toHaveLength(MAX_NAMED_BLOCKS);
  await relay.close();
});
