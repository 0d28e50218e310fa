import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { connectHomeserver, createWorldRoom, type Homeserver, inviteRelay, systemTimers } from '@weft/matrix';
import { relayTransport } from '@weft/protocol';
import { synapse } from '@weft/testing/synapse';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../../src/config/read-config.ts';
import type { Relay } from '../../src/open-relay.ts';
import { startRelay } from '../../src/start-relay.ts';

const CLIENT = fileURLToPath(new URL('../../../../demos/service-python', import.meta.url));

/** What a service does with the client, in one go. */
const PROGRAM = `
import json, sys
sys.path.insert(0, sys.argv.pop(1))
from weft_service import World
world = World(*sys.argv[1:4])
changes = world.live({"tag": "lamp"})
before = next(changes)
made = world.post("edit", {"changes": [{"add": {"id": "lamp", "node": {"name": "Lamp", "tags": ["lamp"]}}}]})
after = next(changes)
world.post("say", {"text": "Let there be light."})
found = world.post("query", {"tag": "lamp", "fields": ["node.name"]})
print(json.dumps({"before": before, "made": made, "after": after, "found": found}))
`;

let owner: Homeserver;
let login: { readonly homeserver: string; readonly token: string };
let relay: Relay;
let directory: string;

beforeAll(async () => {
  const { homeserver: url, token } = await (await synapse()).account('service-relay');
  directory = await mkdtemp(join(tmpdir(), 'weft-service-'));
  relay = await startRelay({
    config: readConfig(
      'the test',
      { homeserver: { url }, server: { port: 0 }, journal: { directory }, log: { level: 'silent' } },
      {},
    ),
    secrets: { token, password: null, appservice: null, metricsToken: null },
    writeLog: () => undefined,
  });
  login = await (await synapse()).account('service-owner');
  owner = await connectHomeserver({ url: login.homeserver, token: login.token });
});

afterAll(async () => {
  await relay.close();
  owner.stop();
  await rm(directory, { recursive: true });
});

it('[HS8] a client in plain Python finds the relay over Matrix, asks, edits, follows and speaks', async () => {
  const room = await createWorldRoom(owner, { title: 'Services', access: 'private' });
  await inviteRelay(owner, room, relayTransport(relay.url, relay.userId));
  const deadlineMs = systemTimers.now() + 20_000;
  while (relay.worlds === 0 && systemTimers.now() < deadlineMs) await delay(20);
  const { stdout } = await promisify(execFile)('python3', [
    '-c',
    PROGRAM,
    CLIENT,
    login.homeserver,
    login.token,
    room,
  ]);
  expect(JSON.parse(stdout)).toEqual({
    before: { objects: [] },
    made: { ids: ['lamp'], changed: 1, seq: 1 },
    after: { leave: [], enter: [expect.objectContaining({ id: 'lamp', parent: 'root' })], change: [] },
    found: { count: 1, next: null, rows: [{ id: 'lamp', node: { name: 'Lamp' } }] },
  });
  const said = async () => {
    const { events } = await owner.readTimeline(room, { from: null, direction: 'backward', limit: 20 });
    return events.find(({ type }) => type === 'm.room.message');
  };
  while ((await said()) === undefined && systemTimers.now() < deadlineMs) await delay(100);
  expect(await said()).toMatchObject({
    sender: relay.userId,
    content: { body: `${owner.userId}: Let there be light.` },
  });
}, 60_000);
