import { Room, Server } from '@colyseus/core';
import { Encoder, schema, t } from '@colyseus/schema';
import { Callbacks, Client } from '@colyseus/sdk';
import { WebSocketTransport } from '@colyseus/ws-transport';

// Typed fields, as its guide wants them; what not every object has is in one JSON text.

const PATCH_RATE_MS = { default: 50, best: 16 };
/** The default of 4 KiB cuts off a state of some hundred objects. */
const BUFFER_BYTES = 64 * 1024 * 1024;

const Thing = schema(
  {
    ...{ x: t.number(), y: t.number(), z: t.number() },
    ...{ name: t.string(), kind: t.string(), parent: t.string(), order: t.string(), rest: t.string() },
  },
  'Thing',
);
const World = schema({ things: t.map(Thing) }, 'World');

function thingOf({ values }) {
  const { 'transform.position': position = [0, 0, 0], ...others } = values;
  const {
    'node.name': name,
    'node.kind': kind,
    'node.parent': parent,
    'node.order': order,
    ...rest
  } = others;
  const [x, y, z] = position;
  const texts = { name: name ?? '', kind: kind ?? '', parent: parent ?? '', order: order ?? '' };
  return Object.assign(new Thing(), { x, y, z, ...texts, rest: JSON.stringify(rest) });
}

/** @type {import('../src/peers/adapter.ts').Adapter['serve']} */
export async function serve({ records, setting }) {
  Encoder.BUFFER_SIZE = BUFFER_BYTES;
  class WorldRoom extends Room {
    patchRate = PATCH_RATE_MS[setting];
    state = new World();

    onCreate() {
      for (const record of records) this.state.things.set(record.id, thingOf(record));
      this.onMessage('move', (_client, { id, x, y, z }) =>
        Object.assign(this.state.things.get(id), { x, y, z }),
      );
    }
  }
  const transport = new WebSocketTransport({ perMessageDeflate: false });
  const server = new Server({ transport, greet: false, gracefullyShutdown: false });
  server.define('world', WorldRoom);
  await server.listen(0, '127.0.0.1');
  return {
    url: `http://127.0.0.1:${transport.server.address().port}`,
    close: () => server.gracefullyShutdown(false),
  };
}

/** @type {import('../src/peers/adapter.ts').Adapter['connect']} */
export async function connect({ url, moved }) {
  const room = await new Client(url).joinOrCreate('world', {}, World);
  const callbacks = Callbacks.get(room);
  const isReady = Promise.withResolvers();
  let isFirst = true;
  callbacks.onAdd('things', (thing) => callbacks.listen(thing, 'x', (x) => !isFirst && moved(x), false));
  room.onStateChange.once(() => isReady.resolve());
  await isReady.promise;
  isFirst = false;
  return {
    objects: () => room.state.things.size,
    move: (id, [x, y, z]) => room.send('move', { id, x, y, z }),
    close: async () => void (await room.leave()),
  };
}
