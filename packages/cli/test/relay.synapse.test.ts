import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseUserId } from '@weft/core';
import { relayTransport } from '@weft/protocol';
import { synapse } from '@weft/testing/synapse';
import { createWorld, openWorld } from '@weft/world';
import { afterEach, describe, expect, test } from 'vitest';
import { runWeft, type Watching, watchWeft } from './run-weft.ts';

const folders: string[] = [];
const relays: Watching[] = [];

afterEach(async () => {
  for (const relay of relays.splice(0)) {
    relay.kill('SIGTERM');
    await relay.ended;
  }
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** What a relay of its own is told by its environment, except its port, which is any. */
async function environmentOf(name: string): Promise<{ userId: string; environment: Record<string, string> }> {
  const server = await synapse();
  const account = await server.account(name);
  const folder = await mkdtemp(join(tmpdir(), 'weft-relay-'));
  folders.push(folder);
  return {
    userId: account.userId,
    environment: {
      WEFT_RELAY_HOMESERVER_URL: account.homeserver,
      WEFT_RELAY_TOKEN: account.token,
      WEFT_RELAY_SERVER_PORT: '0',
      WEFT_RELAY_JOURNAL_DIRECTORY: folder,
      WEFT_RELAY_LIMITS_DRAIN_MS: '500',
    },
  };
}

async function startRelay(environment: Record<string, string>): Promise<{ relay: Watching; url: string }> {
  const relay = watchWeft(['relay', '--json'], environment);
  relays.push(relay);
  const ready = await relay.next(({ msg }) => msg === 'the relay takes people in');
  return { relay, url: String(ready.url) };
}

describe('weft relay', () => {
  test('runs a relay that people find over Matrix; edits are held by it, and others see them; drain ends it', async () => {
    const server = await synapse();
    const [owner, builder] = await Promise.all([server.account('owner'), server.account('builder')]);
    const { userId, environment } = await environmentOf('relay');
    const { relay, url } = await startRelay(environment);
    const probe = await runWeft(['probe', url, '--json'], {});
    expect(JSON.parse(probe.stdout)).toMatchObject({
      ok: true,
      about: { userId, url },
      checks: [
        { name: 'journal', ok: true },
        { name: 'homeserver', ok: true },
      ],
      problems: [],
    });

    const login = ({ homeserver, token }: typeof owner) => ({ homeserver, token });
    const world = await createWorld({
      ...{
        login: login(owner),
        title: 'With a relay',
        levels: { [builder.userId]: 25 },
        invite: [builder.userId],
      },
      relays: [relayTransport(url, parseUserId(userId))],
    });
    const other = await openWorld(world.room, { login: login(builder) });
    await expect
      .poll(() => [world.status.value.lane, other.status.value.lane], { timeout: 20_000 })
      .toEqual(['relay', 'relay']);
    const edit = world.edit('place a lamp', (draft) => draft.add({ node: { name: 'Lamp' } }));
    await edit.held;
    await expect.poll(() => other.get(edit.value)?.node?.name).toBe('Lamp');
    await edit.durable;

    const drained = await runWeft(['relay', 'drain', '--json'], environment);
    expect([drained.exit, JSON.parse(drained.stdout)]).toMatchObject([0, { drained: true, url }]);
    expect((await relay.ended).exit).toBe(0);
    await expect.poll(() => world.status.value.lane, { timeout: 20_000 }).not.toBe('relay');
    await Promise.all([world.close(), other.close()]);
  });

  test('one directory has one relay, and the second says so', async () => {
    const { environment } = await environmentOf('relay');
    await startRelay(environment);
    const second = await runWeft(['relay', '--json'], environment);
    expect(second.exit).toBe(1);
    expect(JSON.parse(second.stderr).error.code).toBe('busy');
  });

  test('says what of its configuration is wrong, and where it cannot sign in', async () => {
    const { environment } = await environmentOf('relay');
    const wrong = await runWeft(['relay', '--json'], { ...environment, WEFT_RELAY_LIMITS_HELO_MS: '1' });
    expect(wrong.exit).toBe(2);
    expect(JSON.parse(wrong.stderr).error.message).toContain('did you mean WEFT_RELAY_LIMITS_HELLO_MS?');
    const stranger = await runWeft(['relay', '--json'], { ...environment, WEFT_RELAY_TOKEN: 'none' });
    expect([stranger.exit, JSON.parse(stranger.stderr).error.code]).toEqual([1, 'unknown-token']);
    const nothing = await runWeft(['relay', 'drain', '--json'], environment);
    expect(JSON.parse(nothing.stdout)).toEqual({ drained: false });
  });
});
