import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseUserId, toBase64Url } from '@weft/core';
import { connectHomeserver, createWorldRoom, type Homeserver } from '@weft/matrix';
import { relayTransport } from '@weft/protocol';
import { newRegistration } from '@weft/relay/config';
import { startTestStack, type TestStack } from '@weft/testing/synapse';
import { createWorld, openWorld } from '@weft/world';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runWeft, type Watching, watchWeft } from './run-weft.ts';

const PATIENCE = { timeout: 30_000, interval: 50 };
/** More than a stock Synapse takes at once of a user, who has 10, and then one in five seconds. */
const WRITES = 40;
const WRITES_MS = 20_000;

let folder: string;
let registration: string;
let server: TestStack;
let relay: Watching | null = null;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-appservice-'));
  registration = join(folder, 'weft-relay.yaml');
  const made = await runWeft(['relay', 'registration', '--json'], {});
  expect(made.exit).toBe(0);
  await writeFile(registration, made.stdout);
  server = await startTestStack({
    ...{ rateLimits: 'stock', appservices: [registration], logName: 'appservice' },
  });
});

afterAll(async () => {
  relay?.kill('SIGTERM');
  await relay?.ended;
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

async function asService(device: string): Promise<Homeserver> {
  const { as_token: token, id: user } = JSON.parse(await readFile(registration, 'utf8'));
  return connectHomeserver({ url: server.stack.homeserverUrl, appservice: { token, user, device } });
}

/** How many of many writes one after the other are refused for their number. */
async function refusedOf(homeserver: Homeserver): Promise<number> {
  const room = await createWorldRoom(homeserver, { title: 'Writes', access: 'public' });
  let refused = 0;
  for (let at = 0; at < WRITES && refused === 0; at += 1)
    await homeserver
      .sendState(room, {
        type: 'world.weft.object',
        stateKey: `object-${at}`,
        content: { node: { name: `${at}` } },
      })
      .catch((error: { code?: unknown }) => {
        expect(error.code).toBe('rate-limited');
        refused += 1;
      });
  return refused;
}

test('[RT14] a registration names one user, whom nobody else can be, and new secrets each time', () => {
  const make = () =>
    newRegistration('weft.relay', (length) => crypto.getRandomValues(new Uint8Array(length)));
  const [one, other] = [make(), make()];
  const [{ regex, exclusive }] = one.namespaces.users;
  expect([exclusive, one.rate_limited, one.url]).toEqual([true, false, null]);
  const names = ['@weft.relay:a', '@weftxrelay:a', '@weft.relay2:a', '@aweft.relay:a'];
  expect(names.filter((name) => new RegExp(regex).test(name))).toEqual(['@weft.relay:a']);
  const secrets = [one, other].flatMap(({ as_token, hs_token }) => [as_token, hs_token]);
  expect(new Set(secrets).size).toBe(4);
  for (const secret of secrets) expect(secret).toHaveLength(toBase64Url(new Uint8Array(32)).length);
});

describe('a relay that is an application service of a stock Synapse', () => {
  test('[RT14] signs in as one device however often, and writes without limit', async () => {
    const [first, again] = [await asService('SAME'), await asService('SAME')];
    expect([again.userId, again.deviceId]).toEqual([first.userId, 'SAME']);
    const { token, homeserver: url } = await server.stack.account('person');
    const person = await connectHomeserver({ url, token });
    expect(await refusedOf(person)).toBe(1);
    const startedMs = performance.now();
    expect(await refusedOf(again)).toBe(0);
    expect(performance.now() - startedMs).toBeLessThan(WRITES_MS);
    for (const homeserver of [first, again, person]) homeserver.stop();
  });

  test('[RT14] goes where it is invited, lets people in, and brings to the room what a visitor moves', async () => {
    const journal = join(folder, 'journal');
    await mkdir(journal);
    relay = watchWeft(['relay', '--json'], {
      WEFT_RELAY_HOMESERVER_URL: server.stack.homeserverUrl,
      WEFT_RELAY_HOMESERVER_REGISTRATION_FILE: registration,
      WEFT_RELAY_SERVER_PORT: '0',
      WEFT_RELAY_JOURNAL_DIRECTORY: journal,
      WEFT_RELAY_LIMITS_DRAIN_MS: '500',
    });
    const ready = await relay.next(({ msg }) => msg === 'the relay takes people in');
    const [owner, visitor] = [await server.stack.account('owner'), await server.stack.account('visitor')];
    const login = ({ homeserver, token }: typeof owner) => ({ homeserver, token });
    const [, serverName] = owner.userId.split(/:(.*)/);
    const user = parseUserId(`@weft-relay:${serverName}`);
    const world = await createWorld({
      ...{ login: login(owner), title: 'With a service', invite: [visitor.userId] },
      relays: [relayTransport(String(ready.url), user)],
    });
    const chair = world.edit('add', (draft) => draft.add({ interact: { grabbable: true } }));
    await chair.durable;
    const guest = await openWorld(world.room, { login: login(visitor) });
    await expect
      .poll(() => [world, guest].map(({ status }) => status.value.lane), PATIENCE)
      .toEqual(['relay', 'relay']);
    const moved = guest.edit('grab', (draft) =>
      draft.set(chair.value, { transform: { position: [1, 0, 0] } }),
    );
    await moved.durable;
    const event = await asService('READER').then((reader) =>
      reader.readCurrent(world.room, 'world.weft.object', chair.value),
    );
    expect(event?.sender).toBe(user);
    await Promise.all([world.close(), guest.close()]);
  });
});
