import { randomBytes } from 'node:crypto';
import { triangleGlb } from '@weft/testing/gltf';
import { type Account, synapse } from '@weft/testing/synapse';
import { createWorld, listWorlds, openWorld, type World } from '@weft/world';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let owner: Account;
let builder: Account;
let ann: World;
let bob: World;
const alias = `plaza-${randomBytes(4).toString('hex')}`;

const login = ({ homeserver, token }: Account) => ({ homeserver, token });

beforeAll(async () => {
  const server = await synapse();
  owner = await server.account('owner');
  builder = await server.account('builder');
  ann = await createWorld({
    login: login(owner),
    title: 'Plaza',
    alias,
    invite: [builder.userId],
    levels: { [builder.userId]: 25 },
    seed: (draft) =>
      void draft.add({ id: 'table', node: { name: 'Table' }, transform: { position: [1.5, 0, 0] } }),
  });
  bob = await openWorld(`#${alias}:${owner.userId.split(':').slice(1).join(':')}`, { login: login(builder) });
});

afterAll(() => Promise.all([ann.close(), bob.close()]));

/** Resolves at the change that makes it so, or at once. */
function until(world: World, isSo: () => boolean): Promise<void> {
  if (isSo()) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = world.on('change', () => {
      if (!isSo()) return;
      stop();
      resolve();
    });
  });
}

const table = (world: World) => world.query({ name: 'Table' }).objects[0];

describe('on a real homeserver', () => {
  test('a world opens by alias and by link, with the seed in it', async () => {
    expect([bob.room, bob.title, bob.status.value.role]).toEqual([ann.room, 'Plaza', 'builder']);
    expect(table(bob)?.transform?.position).toEqual([1.5, 0, 0]);
    const again = await openWorld(ann.link, { login: login(owner) });
    expect(again.room).toBe(ann.room);
    await again.close();
    expect(await listWorlds({ login: login(builder) })).toContainEqual({ room: ann.room, title: 'Plaza' });
  });

  test('two people change one object at once, and both changes hold', async () => {
    const id = table(ann)?.id ?? 'none';
    const moved = ann.edit('move', (draft) => draft.set(id, { transform: { position: [0, 0, 0.25] } }));
    const tagged = bob.edit('tag', (draft) => draft.set(id, { node: { tags: ['oak'] } }));
    await Promise.all([moved.durable, tagged.durable]);
    const fresh = await openWorld(ann.room, { login: login(builder) });
    // Where both wrote the same event at once, it lacks one of the changes until its author writes again.
    for (const world of [ann, bob, fresh])
      await until(
        world,
        () => table(world)?.node?.tags[0] === 'oak' && table(world)?.transform?.position[2] === 0.25,
      );
    await fresh.close();
  });

  test('undo reaches the other; deleting hides what hangs below, and undo brings it back', async () => {
    const shelf = bob.edit('build', (draft) => {
      const top = draft.add({ node: { name: 'Shelf' } });
      draft.add({ parent: top, node: { name: 'Book' } });
      return top;
    });
    await until(ann, () => ann.query({ name: 'Book' }).objects.length === 1);
    bob.edit('remove', (draft) => draft.remove(shelf.value));
    await until(ann, () => ann.query({ name: 'Book' }).objects.length === 0);
    expect(ann.get(shelf.value)).toBeUndefined();
    expect(bob.undo()).toBe(true);
    await until(ann, () => ann.query({ name: 'Book' }).objects.length === 1);
    expect(ann.get(shelf.value)?.children).toHaveLength(1);
  });

  test('a model travels: uploaded by one, fetched by the other', async () => {
    const edit = await bob.importGlb(triangleGlb(), { name: 'Sign' });
    await edit.durable;
    await until(ann, () => ann.get(edit.value) !== undefined);
    const { src = '', sha256 = '', bounds } = ann.get(edit.value)?.mesh ?? {};
    expect(bounds).toEqual({ min: [0, 0, 3], max: [1, 2, 3] });
    expect((await ann.assets.load({ src, sha256 })).bytes).toEqual(triangleGlb());
  });

  test('what is closed at once is in the room', async () => {
    const hasty = await openWorld(ann.room, { login: login(builder) });
    hasty.edit('add', (draft) => draft.add({ node: { name: 'Hasty' } }));
    expect(await hasty.close()).toEqual({ unsaved: 0 });
    await until(ann, () => ann.query({ name: 'Hasty' }).objects.length === 1);
  });
});
