import { type ImportedFile, importFile } from '@weft/assets/blocks';
import { ROLE_LEVELS, toBase64Url, type UserId } from '@weft/core';
import { TwinDisk } from '@weft/testing/store';
import { afterEach } from 'vitest';
import { readConfig } from '../../src/config/read-config.ts';
import { fileRoutes } from '../../src/files/file-routes.ts';
import { FileShelf } from '../../src/files/file-shelf.ts';
import { ALICE, EdgeUnderTest, ROOM } from '../edge/edge-under-test.ts';
import { CAROL, LaneUnderTest } from '../lane/lane-under-test.ts';

export { ALICE, BOB } from '../edge/edge-under-test.ts';
export { CAROL } from '../lane/lane-under-test.ts';
export { ROOM };

export interface FilesSetting {
  /** Default: Alice is a builder, Carol a steward, everybody else a visitor. */
  readonly levels?: Iterable<readonly [UserId, number]>;
  readonly files?: object;
  /** Where others reach it. Default: where it listens. */
  readonly publicUrl?: string;
  readonly disk?: TwinDisk;
}

/** What relays keep of published files and give out, on a real port over a disk in memory. */
export class FilesUnderTest {
  readonly disk: TwinDisk;
  readonly edge: EdgeUnderTest;
  readonly lane: LaneUnderTest;
  readonly shelf: FileShelf;
  #nonces = 0;

  private constructor(disk: TwinDisk, shelf: FileShelf, edge: EdgeUnderTest, lane: LaneUnderTest) {
    this.disk = disk;
    this.shelf = shelf;
    this.edge = edge;
    this.lane = lane;
  }

  static async open({
    levels,
    files = {},
    publicUrl = '',
    disk = new TwinDisk(),
  }: FilesSetting = {}): Promise<FilesUnderTest> {
    const lane = await LaneUnderTest.open({
      levels: levels ?? [
        [ALICE, ROLE_LEVELS.builder],
        [CAROL, ROLE_LEVELS.steward],
      ],
    });
    const config = readConfig('the test', { homeserver: { url: 'http://localhost' }, files }, {});
    const { now } = lane.timers;
    const shelf = await FileShelf.open({ store: await disk.open('files'), limits: config.files, now });
    const { requestBytes } = config.limits;
    const edge = await EdgeUnderTest.open({
      settings: { files, server: { publicUrl } },
      shelf,
      services: fileRoutes({
        find: (room) => (room === ROOM ? { room: lane.room, world: lane.world } : null),
        ...{ shelf, limits: { ...config.files, requestBytes }, now },
      }),
    });
    edge.members.add(CAROL);
    return new FilesUnderTest(disk, shelf, edge, lane);
  }

  get url(): string {
    return this.edge.httpUrl;
  }

  async token(user = ALICE): Promise<string> {
    this.#nonces += 1;
    const ticket = this.edge.ticketFor(null, user, toBase64Url(this.lane.random.bytes(18)));
    const response = await fetch(`${this.url}/v1/session`, {
      method: 'POST',
      body: JSON.stringify({ ticket }),
    });
    return Object(await response.json()).token;
  }

  send(token: string, method: string, path: string, body?: Uint8Array | object): Promise<Response> {
    return fetch(`${this.url}/v1/worlds/${encodeURIComponent(ROOM)}/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      ...(body === undefined
        ? {}
        : { body: body instanceof Uint8Array ? new Uint8Array(body) : JSON.stringify(body) }),
    });
  }

  /** Puts all blocks of a file, and says that they are one. */
  async publish(token: string, bytes: Uint8Array, name = 'chair.glb'): Promise<ImportedFile> {
    const file = await importFile(bytes);
    for (const { cid, bytes: block } of file.blocks)
      await expectOk(this.send(token, 'PUT', `blocks/${cid}`, block));
    await expectOk(this.send(token, 'PUT', `files/${file.root}`, { name, type: 'model/gltf-binary' }));
    return file;
  }

  /** What a stranger gets. */
  get(cid: { toString(): string }, query = '?format=raw', init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.url}/ipfs/${cid}${query}`, init);
  }

  async close(): Promise<void> {
    await this.edge.close();
    await this.lane.close();
  }
}

/** Opens relays for the tests of a file, one at a time, and closes each after its test. */
export function filesPerTest(usual: FilesSetting = {}): (setting?: FilesSetting) => Promise<FilesUnderTest> {
  let open: FilesUnderTest | null = null;
  afterEach(async () => {
    await open?.close();
    open = null;
  });
  return async (setting = usual) => {
    open = await FilesUnderTest.open(setting);
    return open;
  };
}

async function expectOk(answer: Promise<Response>): Promise<void> {
  const response = await answer;
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
}

/** Bytes that no two files share. */
export function pattern(length: number, seed = 31): Uint8Array {
  return Uint8Array.from({ length }, (_, at) => (at * seed + (at >> 8) * 7 + (at >> 16)) & 0xff);
}
