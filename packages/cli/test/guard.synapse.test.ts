import { type Account, synapse } from '@weft/testing/synapse';
import { expect, test } from 'vitest';
import { runWeft, watchWeft } from './run-weft.ts';

const TYPE = 'world.weft.object';

async function send(account: Account, room: string, id: string, content: object): Promise<void> {
  const path = `rooms/${encodeURIComponent(room)}/state/${TYPE}/${id}`;
  const response = await fetch(`${account.homeserver}/_matrix/client/v3/${path}`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${account.token}` },
    body: JSON.stringify(content),
  });
  expect(response.status).toBe(200);
}

test('a guard writes again what a careless program left out, though nobody else is there', async () => {
  const server = await synapse();
  const owner = await server.account('owner');
  const environment = { WEFT_HOMESERVER: owner.homeserver, WEFT_TOKEN: owner.token };
  const made = await runWeft(['new', '--title', 'Guarded', '--json'], environment);
  const { room } = JSON.parse(made.stdout);
  const world = { ...environment, WEFT_WORLD: room };
  const added = await runWeft(['add', '--name', 'Lamp', '--set', 'light.intensity=2.5', '--json'], world);
  const { id } = JSON.parse(added.stdout);

  const guard = watchWeft(['guard', '--json'], world);
  await guard.next(({ type }) => type === 'ready');
  expect(await guard.next(({ type }) => type === 'compared')).toMatchObject({ isEqual: true, lost: [] });
  await send(owner, room, id, { node: { name: 'Lantern' } });
  const repair = await guard.next(({ type }) => type === 'repair');
  expect(repair.objects).toEqual([{ id, name: 'Lantern' }]);
  await expect
    .poll(async () => JSON.parse((await runWeft(['get', id, '--json'], world)).stdout), { timeout: 30_000 })
    .toMatchObject({ components: { node: { name: 'Lantern' }, light: { intensity: 2.5 } } });
  guard.kill('SIGTERM');
  expect((await guard.ended).exit).toBe(0);
});

test('a visitor can guard nothing, and is told who can help', async () => {
  const server = await synapse();
  const [owner, guest] = await Promise.all([server.account('owner'), server.account('guest')]);
  const environment = { WEFT_HOMESERVER: owner.homeserver, WEFT_TOKEN: owner.token };
  const made = await runWeft(['new', '--title', 'Guarded', '--invite', guest.userId, '--json'], environment);
  const { room } = JSON.parse(made.stdout);
  const run = await runWeft(['guard', '--json'], {
    ...environment,
    WEFT_TOKEN: guest.token,
    WEFT_WORLD: room,
  });
  expect(run.exit).toBe(3);
  expect(run.stderr).toContain('an owner can make you a builder');
});
