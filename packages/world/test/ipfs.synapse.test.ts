import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Relay, startRelay } from '@weft/relay';
import { readConfig } from '@weft/relay/config';
import { until } from '@weft/testing';
import { plainGlb, turnedMesh } from '@weft/testing/gltf';
import { synapse } from '@weft/testing/synapse';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld, openWorld, type World } from '../src/index.ts';

/** Of half a megabyte: three blocks and the node above them. */
function vase(): Uint8Array {
  const profile = Array.from({ length: 120 }, (_, at) => [1 + (at % 7) / 10, at / 100] as const);
  return plainGlb(turnedMesh(profile, 64));
}

let directory: string;
let relay: Relay;
let owner: World;
let guest: World;

beforeAll(async () => {
  const server = await synapse();
  const [relayUser, ownerUser, guestUser] = await Promise.all(
    ['ipfs-relay', 'ipfs-owner', 'ipfs-guest'].map((name) => server.account(name)),
  );
  if (relayUser === undefined || ownerUser === undefined || guestUser === undefined)
    throw new TypeError('nobody');
  directory = await mkdtemp(join(tmpdir(), 'weft-ipfs-'));
  relay = await startRelay({
    config: readConfig(
      'the test',
      {
        homeserver: { url: relayUser.homeserver },
        ...{ server: { port: 0 }, journal: { directory }, log: { level: 'silent' } },
      },
      {},
    ),
    secrets: { token: relayUser.token, password: null, appservice: null, metricsToken: null },
    writeLog: () => undefined,
  });
  const { homeserver, token } = ownerUser;
  owner = await createWorld({
    login: { homeserver, token },
    title: 'Files',
    access: 'public',
    relays: [{ type: 'world.weft.relay', url: relay.url, user_id: relay.userId }],
  });
  guest = await openWorld(owner.room, {
    login: { homeserver: guestUser.homeserver, token: guestUser.token },
    assets: { cache: 'none' },
  });
  for (const world of [owner, guest]) await until(() => world.status.value.lane === 'relay');
});

afterAll(async () => {
  await Promise.all([guest?.close(), owner?.close()]);
  await relay?.close();
  await rm(directory, { recursive: true, force: true });
});

test('[AS29] a model that somebody publishes to IPFS is read by everybody in the world from its relay, also where its other address is gone', async () => {
  const bytes = vase();
  const published = await owner.publish(bytes, { to: ['mxc', 'ipfs'], name: 'chair.glb' });
  const [cid] = published.alt ?? [];
  expect(cid).toMatch(/^ipfs:\/\/baf/);
  const { sha256 } = published;
  const given = await guest.assets.load({ src: cid ?? '', sha256 });
  expect([given.from, Buffer.from(given.bytes).equals(bytes)]).toEqual([cid, true]);

  // The first address is gone; the file comes by the next.
  const withdrawn = 'mxc://localhost/never-was';
  const other = await guest.assets.load({ src: withdrawn, alt: [cid ?? ''], sha256, bytes: bytes.length });
  expect(other.from).toBe(cid);

  // Anybody else finds it there too.
  const path = `${(cid ?? '').replace('://', '/')}?format=car`;
  const car = await fetch(`${relay.url.replace(/^ws/, 'http')}/${path}`);
  expect((await car.arrayBuffer()).byteLength).toBeGreaterThan(bytes.length);
});

test('[AS29] a visitor publishes nothing there, and is told why', async () => {
  await expect(guest.publish(vase(), { to: ['ipfs'] })).rejects.toThrow(/builder/);
});
