import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synapse } from '@weft/testing/synapse';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callWeft, type Run } from './run-weft.ts';

/** Each command signs in anew. */
const SLOW_MS = 180_000;

let folder = '';
let owner: Record<string, string> = {};
let guest: Record<string, string> = {};
let userId = '';
let lamp = '';
let table = '';
let then = '';

const weft = (...args: string[]): Promise<Run> => callWeft(args, owner);
async function json(run: Promise<Run>) {
  const done = await run;
  expect(done).toMatchObject({ exit: 0, stderr: '' });
  return JSON.parse(done.stdout);
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weft-history-'));
  const server = await synapse();
  const [ann, bob] = await Promise.all([server.account('ann'), server.account('bob')]);
  userId = ann.userId;
  const login = { WEFT_HOMESERVER: ann.homeserver, WEFT_TOKEN: ann.token, INIT_CWD: folder };
  const { room } = await json(callWeft(['new', '--title', 'Past', '--invite', bob.userId, '--json'], login));
  owner = { ...login, WEFT_WORLD: room };
  guest = { ...owner, WEFT_TOKEN: bob.token };
  table = (await json(weft('add', '--name', 'Table', '--json'))).id;
  lamp = (
    await json(weft('add', '--name', 'Lamp', '--parent', table, '--set', 'light.intensity=1', '--json'))
  ).id;
  then = new Date().toISOString();
  await json(weft('set', lamp, 'light.intensity=9', '--json'));
  await json(weft('rm', table, '--json'));
  await json(weft('add', '--name', 'Junk', '--json'));
}, SLOW_MS);

afterAll(() => rm(folder, { recursive: true, force: true }));

test('[Y3] the log tells who changed what on a real homeserver, page by page', async () => {
  const { entries, next, incomplete } = await json(callWeft(['log', '--json'], guest));
  const told = entries.map(
    ({ user, objects }: { user: string; objects: { kind: string; name: string }[] }) => [
      user,
      ...objects.map(({ kind, name }) => `${kind} ${name}`),
    ],
  );
  expect(told).toEqual(
    ['added Junk', 'deleted Table', 'changed Lamp', 'added Lamp', 'added Table'].map((what) => [
      userId,
      what,
    ]),
  );
  expect([next, incomplete]).toEqual([null, null]);
  const page = await json(weft('log', '--limit', '2', '--json'));
  const rest = await json(weft('log', '--before', page.next, '--json'));
  expect([...page.entries, ...rest.entries]).toEqual(entries);
  const one = await json(weft('log', '--object', lamp, '--since', '1h', '--user', userId, '--json'));
  expect(one.entries.length).toBe(2);
  const text = await weft('log', '--limit', '1');
  expect(text.stdout).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}@ann\S* {2}\+ Junk/);
  expect(text.stderr).toMatch(/--before "\$/);
});

test('[Y1] a moment is shown, asked, compared and written to a file', async () => {
  const shown = await json(callWeft(['at', then, '--json'], guest));
  expect(shown).toMatchObject({ complete: true, title: 'Past' });
  expect(shown.objects.map(({ id }: { id: string }) => id)).toEqual([table, lamp]);
  expect((await weft('at', then)).stdout).toMatch(/Table.*\n.*Lamp/);
  const { objects } = await json(weft('at', then, '--query', `#${lamp}`, '--json'));
  expect(objects[0]).toMatchObject({ components: { light: { intensity: 1 } } });
  const { diff } = await json(weft('at', then, '--diff', '--json'));
  expect(diff.removed).toEqual([table, lamp].sort());
  expect(diff.changed[lamp]).toEqual({ 'light.intensity': [1, 9] });
  const written = await json(weft('at', then, '--export', 'then.weft', '--json'));
  expect(written).toMatchObject({ objects: 2, hash: shown.hash });
  expect(await weft('at', then, '--export', 'then.weft')).toMatchObject({ exit: 2 });
  const before = await json(weft('at', '1d', '--json'));
  expect(before.objects).toEqual([]);
  expect(await weft('at', 'yesterday')).toMatchObject({ exit: 2, stdout: '' });
  expect(await weft('at', then, '--diff', '--query', 'a')).toMatchObject({ exit: 2, stdout: '' });
});

test(
  '[Y4] an object, or all of it, goes back to what it was',
  async () => {
    const dry = await json(weft('restore', '--all', '--at', then, '--dry-run', '--json'));
    expect(dry.ids.length).toBe(3);
    const one = await json(weft('restore', lamp.slice(0, 12), '--at', then, '--json'));
    expect(one).toMatchObject({ ids: [lamp], hidden: [lamp], stage: 'durable' });
    const visitor = await callWeft(['restore', '--all', '--at', then], guest);
    expect(visitor).toMatchObject({ exit: 3, stdout: '' });
    const all = await json(weft('restore', '--all', '--at', then, '--json'));
    expect(all).toMatchObject({ complete: true, stage: 'durable', purged: [] });
    const { equal } = (await json(weft('at', then, '--diff', '--json'))).diff;
    // What was added since is deleted, which its own values still tell.
    expect(equal).toBe(false);
    expect((await weft('restore', '--all', '--at', then)).stdout).toMatch(/^0 objects back/);
    const wrong = await Promise.all([
      weft('restore', '--at', then),
      weft('restore', lamp),
      weft('restore', 'never', '--at', then),
    ]);
    expect(wrong.map(({ exit }) => exit)).toEqual([2, 2, 1]);
  },
  SLOW_MS,
);

test(
  '[Y6] a world moves to a new room, which its old address leads to, and [Y7] is cloned',
  async () => {
    const before = await json(weft('export', 'before.weft', '--json'));
    const moved = await callWeft(['upgrade', '--json'], owner);
    expect(moved).toMatchObject({ exit: 0 });
    const { room, from } = JSON.parse(moved.stdout);
    expect(from).toBe(owner.WEFT_WORLD);
    const after = await json(callWeft(['export', 'after.weft', '--json'], guest));
    expect(after.hash).toBe(before.hash);
    expect((await json(callWeft(['ls', '--json'], guest))).room).toBe(room);
    expect(await callWeft(['upgrade'], guest)).toMatchObject({ exit: 3, stdout: '' });
    const copy = await json(callWeft(['clone', room, '--title', 'Mine', '--json'], guest));
    const cloned = await json(
      callWeft(['export', 'clone.weft', '--json'], { ...guest, WEFT_WORLD: copy.room }),
    );
    expect(cloned.hash).toBe(before.hash);
  },
  SLOW_MS,
);

test(
  '[Y8] a backup becomes a world again, under the same rules, and is gone on with',
  async () => {
    const { room } = await json(callWeft(['new', '--title', 'Ruled', '--json'], owner));
    const ruled = { ...owner, WEFT_WORLD: room };
    const { id } = await json(
      callWeft(['add', '--name', 'Spot', '--set', 'light.intensity=1', '--json'], ruled),
    );
    await sendRule(room, { kind: 'range', property: 'light.intensity', max: 5 });
    const written = await json(callWeft(['export', 'ruled.weft', '--json'], ruled));
    const made = await json(callWeft(['new', '--from', 'ruled.weft', '--json'], owner));
    expect(made).toMatchObject({
      title: 'Ruled',
      hash: written.hash,
      objects: 1,
      continued: false,
      problems: [],
    });
    expect(made.room).not.toBe(room);
    const again = await callWeft(['new', '--from', 'ruled.weft'], owner);
    expect(again).toMatchObject({ exit: 0, stderr: expect.stringMatching(/Went on/) });
    expect(again.stdout).toContain(made.room);
    const restored = { ...owner, WEFT_WORLD: made.room };
    const refused = await callWeft(['set', id, 'light.intensity=6'], restored);
    expect(refused).toMatchObject({ exit: 3, stdout: '' });
    expect(refused.stderr).toMatch(/rule dim/);
    await json(callWeft(['set', id, 'light.intensity=4', '--json'], restored));
    const plain = await json(callWeft(['import', 'ruled.weft', '--json'], restored));
    expect(plain).toMatchObject({ objects: 0, unusedPolicy: 1 });
    const named = ['new', 'ruled-again', '--from', 'ruled.weft', '--title', 'Mine', '--json'];
    expect(await json(callWeft(named, owner))).toMatchObject({ title: 'Mine', hash: written.hash });
    expect(await callWeft(['new', '--from', 'none.weft'], owner)).toMatchObject({ exit: 2, stdout: '' });
  },
  SLOW_MS,
);

async function sendRule(room: string, content: object): Promise<void> {
  const path = `/_matrix/client/v3/rooms/${encodeURIComponent(room)}/state/world.weft.rule/dim`;
  const { ok } = await fetch(new URL(path, owner.WEFT_HOMESERVER), {
    method: 'PUT',
    headers: { authorization: `Bearer ${owner.WEFT_TOKEN}` },
    body: JSON.stringify(content),
  });
  expect(ok).toBe(true);
}
