import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, connect as dial, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { until } from '@weft/testing';
import { type Account, synapse } from '@weft/testing/synapse';
import { createWorld, openWorld, type World } from '@weft/world';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const CLIENT = fileURLToPath(new URL('keeping-client.ts', import.meta.url));
const MAX_TEST_MS = 120_000;

/** A line to the homeserver that the test can cut. */
class Line {
  readonly #target: URL;
  readonly #sockets = new Set<Socket>();
  #server: Server | null = null;
  #port = 0;

  constructor(target: string) {
    this.#target = new URL(target);
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  async open(): Promise<void> {
    this.#server = createServer((socket) => {
      const onward = dial(Number(this.#target.port), this.#target.hostname);
      for (const end of [socket, onward]) {
        this.#sockets.add(end);
        end.on('error', () => undefined);
      }
      socket.pipe(onward).pipe(socket);
    });
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    if (typeof address === 'object' && address !== null) this.#port = address.port;
  }

  async cut(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    const closed = server === null ? Promise.resolve() : once(server, 'close');
    server?.close();
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
    await closed;
  }
}

let line: Line;
let account: Account;
let directory: string;
let world: World;

beforeAll(async () => {
  const shared = await synapse();
  account = await shared.account('keeping');
  line = new Line(account.homeserver);
  await line.open();
  directory = await mkdtemp(join(tmpdir(), 'weft-keep-'));
  world = await createWorld({
    title: 'Kept',
    login: { homeserver: account.homeserver, token: account.token },
    store: 'none',
  });
});

afterAll(async () => {
  await world.close();
  await line.cut();
  await rm(directory, { recursive: true });
});

describe('a process that keeps a world', () => {
  it('[I18] loses no kept edit when it is killed, online and offline, and repeats none', {
    timeout: MAX_TEST_MS,
  }, async () => {
    const first = await runUntilKilled('a', 12);
    expect(first).toMatchObject({ lane: 'matrix', seen: [] });
    await line.cut();
    const second = await runUntilKilled('b', 7);
    expect(second.lane).toBe('offline');
    expect(second.seen).toEqual(expect.arrayContaining([...first.kept]));
    const third = await runUntilKilled('c', 3);
    expect(third.seen).toEqual(expect.arrayContaining([...first.kept, ...second.kept]));
    await line.open();
    const login = { homeserver: line.url, token: account.token };
    const last = await openWorld(world.room, { login, store: directory });
    const kept = [...first.kept, ...second.kept, ...third.kept];
    expect([...last.ids()]).toEqual(expect.arrayContaining(kept));
    await until(() => last.status.value.unsaved === 0);
    expect(last.status.value).toMatchObject({ lane: 'matrix', notKept: null });
    await until(() => kept.every((id) => [...world.ids()].some((known) => known === id)));
    for (const object of world.objects()) expect(object.node?.name).toBe(object.id);
    expect(last.hash()).toBe(world.hash());
    await last.close();
  });
});

interface Run {
  readonly lane: string;
  readonly seen: readonly string[];
  readonly kept: readonly string[];
}

/** Kills the process as soon as it has said so many times that an edit is kept. */
async function runUntilKilled(label: string, edits: number): Promise<Run> {
  const args = [line.url, account.token, world.room, directory, label];
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', CLIENT, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  const kept: string[] = [];
  let start = { lane: '', seen: [] as string[] };
  for await (const text of createInterface({ input: child.stdout })) {
    const said = JSON.parse(text);
    if (said.kept === undefined) start = said;
    else kept.push(said.kept);
    if (kept.length === edits) child.kill('SIGKILL');
  }
  await ended;
  expect(kept.length).toBeGreaterThanOrEqual(edits);
  return { ...start, kept };
}
