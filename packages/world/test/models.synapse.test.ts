import { refuseThumbnail } from '@weft/assets';
import { makeGlb, triangleBytes, triangleDocument, triangleGlb } from '@weft/testing/gltf';
import { type Account, synapse } from '@weft/testing/synapse';
import { createWorld, meshOf, type ObjectId, openWorld, type World } from '@weft/world';
import { afterAll, beforeAll, expect, test } from 'vitest';

let owner: Account;
let world: World;
let guest: World;

beforeAll(async () => {
  const server = await synapse();
  const [ann, bob] = await Promise.all([server.account('ann'), server.account('bob')]);
  owner = ann;
  const loginOf = ({ homeserver, token }: Account) => ({ homeserver, token });
  world = await createWorld({ login: loginOf(ann), title: 'Models', invite: [bob.userId] });
  guest = await openWorld(world.room, { login: loginOf(bob) });
});
afterAll(() => Promise.all([world.close(), guest.close()]));

const HOUSE = [
  { name: 'House', children: [1, 2], translation: [1, 0, 0] },
  { name: 'Left', mesh: 0 },
  { name: 'Right', mesh: 0, translation: [3, 0, 0], extras: { mine: 1 } },
];

const modelOf = (nodes: readonly Record<string, unknown>[]) =>
  makeGlb({ ...triangleDocument(), nodes }, triangleBytes());

/** All that an object and those below it show, but ids, order and addresses. */
function shown(id: ObjectId): unknown {
  const object = world.get(id);
  return {
    name: object?.node?.name,
    transform: object?.transform,
    foreign: object?.component('gltf:node'),
    mesh: object?.mesh?.sha256,
    children: world.children(id).map(shown),
  };
}

async function request(method: string, path: string, body: BodyInit, type = 'application/json') {
  const headers = { authorization: `Bearer ${owner.token}`, 'content-type': type };
  const response = await fetch(`${owner.homeserver}${path}`, { method, headers, body });
  expect(response.status).toBe(200);
  return response.json();
}

test('[AS63] a file that is published is shown to others by its reference, optimised or not; [AS83] with its thumbnail', async () => {
  const published = await world.publish(new File([Uint8Array.from(triangleGlb())], 'sign.glb'), {
    optimise: true,
    thumbnail: true,
  });
  expect(published).toMatchObject({
    thumbnail: { src: expect.stringMatching(/^mxc:/), type: 'image/png' },
    failed: [],
    report: { isValid: true },
    savings: { beforeBytes: triangleGlb().length },
  });
  const edit = world.edit('add', (draft) => draft.add({ node: { name: 'Sign' }, mesh: meshOf(published) }));
  await edit.durable;
  await expect.poll(() => guest.get(edit.value)?.mesh?.src, { timeout: 20_000 }).toBe(published.src);
  const { src = '', sha256, bytes } = guest.get(edit.value)?.mesh ?? {};
  const loaded = await guest.assets.load({ src, ...(sha256 === undefined ? {} : { sha256 }) });
  expect(loaded.bytes).toHaveLength(bytes ?? -1);
  const { thumbnail } = guest.get(edit.value)?.mesh ?? {};
  expect(thumbnail).toMatchObject({ src: published.thumbnail?.src, sha256: published.thumbnail?.sha256 });
  const drawn = await guest.assets.load(thumbnail ?? { src: '' }, { kind: 'picture' });
  expect([drawn.bytes.length, refuseThumbnail(drawn.bytes)]).toEqual([thumbnail?.bytes, null]);
});

test('[AS71] a model becomes objects in one step, they become one model, and that the same objects', async () => {
  const exploded = await world.models.explode(modelOf(HOUSE));
  expect(exploded).toMatchObject({ objects: 3, files: 1, notes: [], cost: { events: expect.any(Number) } });
  const before = [...world.ids()].length;
  const edit = await exploded.commit();
  const [house] = edit.value;
  if (house === undefined) throw new Error('nothing was added');
  const first = shown(house);
  expect(first).toMatchObject({
    name: 'House',
    transform: { position: [1, 0, 0] },
    children: [
      { name: 'Left' },
      { name: 'Right', transform: { position: [3, 0, 0] }, foreign: { extras: { mine: 1 } } },
    ],
  });
  const { glb, objects, models, notes } = await world.models.export({ from: house });
  expect([objects, models, notes]).toEqual([3, 1, []]);
  const again = await (await world.models.explode(glb)).commit();
  expect(shown(again.value[0] ?? house)).toEqual(first);
  world.undo();
  world.undo();
  expect([...world.ids()].length).toBe(before);
});

test('[AS69] what is refused is refused before anything is stored', async () => {
  await expect(guest.models.explode(modelOf(HOUSE))).rejects.toMatchObject({ code: 'forbidden' });
  const parent = 'nowhere-in-this-world';
  await expect(world.models.explode(modelOf(HOUSE), { parent: parent as ObjectId })).rejects.toMatchObject({
    code: 'unknown-object',
  });
});

test('[AS73] the scene of a Third Room world is shown by one object, and its room is only read', async () => {
  const file = Uint8Array.from(triangleGlb());
  const path = '/_matrix/media/v3/upload?filename=scene.glb';
  const { content_uri: scene } = await request('POST', path, file, 'application/octet-stream');
  const create = async (url: unknown, more: object = {}) => {
    const state = { type: 'org.matrix.msc3815.world', state_key: '', content: { scene_url: url } };
    const creation = { type: 'org.matrix.msc3815.world' };
    const body = { creation_content: creation, name: 'Gallery', initial_state: [state], ...more };
    return (await request('POST', '/_matrix/client/v3/createRoom', JSON.stringify(body))).room_id;
  };
  const room = await create(scene);
  expect(await world.models.readThirdRoom(room)).toEqual({ room, title: 'Gallery', sceneUrl: scene });
  const { value } = await world.models.importThirdRoom(room, { position: [0, 1, 0] });
  expect(world.get(value)).toMatchObject({ node: { name: 'Gallery' }, transform: { position: [0, 1, 0] } });
  expect(world.get(value)?.mesh).toMatchObject({
    ...{ src: scene, bytes: file.length, bounds: { min: [0, 0, 3], max: [1, 2, 3] } },
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  const hostile = await create('http://169.254.169.254/latest');
  await expect(world.models.importThirdRoom(hostile)).rejects.toMatchObject({ code: 'bad-reference' });
  await expect(world.models.importThirdRoom(world.room)).rejects.toMatchObject({ code: 'bad-reference' });
  await expect(guest.models.importThirdRoom(room)).rejects.toMatchObject({ code: 'forbidden' });
  await expect(guest.models.readThirdRoom(room)).rejects.toMatchObject({ code: 'forbidden' });
});
