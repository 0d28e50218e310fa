import { render } from 'preact';
import { App } from '../src/app.tsx';
import '../src/theme/index.css';
import { renderOptions } from '../src/viewport/options.ts';
import { TRAVELS } from './memory-people.ts';
import { memoryWorld } from './memory-world.ts';
import { seedPlaza } from './plaza.ts';
import { seedThumbnails, thumbnailMedia } from './thumbnails.ts';

/**
 * Studio on a world in memory: `?case=full|shared|crowd|slow|empty|thumbnails|visitor|encrypted|unreachable|unknown-token|not-a-world|many`,
 * `&lane=none|relay|killed|connecting|offline`, `&others=N` people beside oneself.
 */
const asked = new URLSearchParams(location.search);
const count = Number(asked.get('count') ?? 2_000);
const which = asked.get('case') ?? 'full';
const lane = Object.keys(TRAVELS).find((name): name is keyof typeof TRAVELS => name === asked.get('lane'));
const surroundings = { travel: TRAVELS[lane ?? 'none'], others: Number(asked.get('others') ?? 2) };

function failure(code: string, message: string, hint: string): Error {
  return Object.assign(new Error(`${message} ${hint}`), { name: 'HomeserverError', code, hint });
}

const cases: Record<string, () => Promise<ReturnType<typeof memoryWorld>>> = {
  full: async () => memoryWorld({ ...surroundings, seed: seedPlaza }),
  shared: async () => {
    const world = memoryWorld({ ...surroundings, seed: seedPlaza, durableAfterMs: null });
    const named = (...names: string[]) =>
      [...world.objects()].filter(({ node }) => names.includes(node?.name ?? '')).map(({ id }) => id);
    const [bob, mira, teodor] = world.people.value.slice(1).map(({ user }) => user);
    if (bob !== undefined) world.presence.select(bob, named('Bench', 'Ground'));
    if (mira !== undefined) world.presence.select(mira, named('Fountain', 'Lamp 1'));
    if (teodor !== undefined) world.presence.select(teodor, named('Fountain'));
    world.edit('one', (e) => e.set(named('Bench')[0] ?? '', { node: { tags: ['wood'] } }));
    world.edit('two', (e) => e.set(named('Welcome sign')[0] ?? '', { text: { size: 0.5 } }));
    for (const id of named('Bench')) world.hold(id);
    return world;
  },
  slow: async () => memoryWorld({ ...surroundings, seed: seedPlaza, durableAfterMs: null }),
  empty: async () => memoryWorld({ ...surroundings, title: 'New world' }),
  thumbnails: async () =>
    memoryWorld({ title: 'Thumbnails', media: await thumbnailMedia(), seed: seedThumbnails }),
  visitor: async () =>
    memoryWorld({
      seed: seedPlaza,
      role: 'visitor',
      readOnly: 'Visitors may not build here. Ask a steward to make you a builder.',
    }),
  crowd: async () =>
    memoryWorld({ ...surroundings, seed: seedPlaza, walkers: Number(asked.get('walkers') ?? 100) }),
  encrypted: async () =>
    memoryWorld({
      seed: seedPlaza,
      role: 'owner',
      readOnly: 'This room is encrypted, and worlds are kept in clear. Make a new world to build in.',
    }),
  many: async () =>
    memoryWorld({
      title: `${count} things`,
      seed: (e) => {
        for (let at = 0; at < count; at += 1) {
          const [x, z] = [(at % 50) - 25, Math.floor(at / 50) - 20];
          e.add({
            node: { name: `Stone ${at}` },
            transform: { position: [x, 0.25, z] },
            primitive: { size: [0.5, 0.5, 0.5] },
          });
        }
      },
    }),
  opening: () => new Promise(() => {}),
  unreachable: async () => {
    throw failure(
      'unreachable',
      'Cannot reach http://127.0.0.1:8008: the connection was refused.',
      'Check the address and your network.',
    );
  },
  'unknown-token': async () => {
    throw failure(
      'unknown-token',
      'Cannot sign in: expected an access token that http://127.0.0.1:8008 knows, got one it does not.',
      'Sign in again.',
    );
  },
  'not-a-world': async () => {
    throw failure(
      'not-a-world',
      'Cannot open #chat:example.org: expected a room of type world.weft, got an ordinary room.',
      'Check the name of the world.',
    );
  },
};

const store = new Map<string, string>();
const page = {
  path: which === 'sign-in' ? '/' : '/builder',
  fragment: '',
  store: {
    getItem: (key: string) => store.get(key) ?? null,
    setItem: (key: string, value: string) => void store.set(key, value),
    removeItem: (key: string) => void store.delete(key),
  },
  fetchJson: async () => ({
    homeserver: 'http://127.0.0.1:8008',
    token: 'secret',
    world: '#plaza:example.org',
  }),
  stripFragment() {},
};

const place = document.getElementById('app');
if (place !== null) {
  render(
    <App
      page={page}
      options={renderOptions(location.search)}
      openWorld={async () => (cases[which] ?? cases.full)?.() ?? memoryWorld()}
    />,
    place,
  );
}
