import { openWorld, parseObjectId, type World } from '@weft/world';

let world: World | null = null;

/** What the test does in this page, by name. */
Object.assign(globalThis, {
  async openWorld(homeserver: string, token: string, room: string) {
    world = await openWorld(room, { login: { homeserver, token } });
  },
  async add(id: string) {
    await world?.edit('add', (e) => e.add({ id: parseObjectId(id), node: { name: id } })).kept;
  },
  worldStatus: () => world?.status.value,
  worldNames: () => [...(world?.objects() ?? [])].map(({ node }) => node?.name).sort(),
});
