import { Room, Server } from '@colyseus/core';
import { Encoder, schema, t } from '@colyseus/schema';
import { WebSocketTransport } from '@colyseus/ws-transport';

// One player a client, in typed fields of four bytes.

const PATCH_RATE_MS = { default: 50, best: 16 };
/** The default of 8 KiB is made anew while a crowd comes. */
const BUFFER_BYTES = 1024 * 1024;

const f32 = () => t.float32();
const Player = schema({ x: f32(), y: f32(), z: f32(), qx: f32(), qy: f32(), qz: f32(), qw: f32() }, 'Player');
const World = schema({ players: t.map(Player) }, 'World');

/** @type {import('../../src/poses/pose-adapter.ts').PoseAdapter['serve']} */
export async function serve({ setting }) {
  Encoder.BUFFER_SIZE = BUFFER_BYTES;
  class WorldRoom extends Room {
    patchRate = PATCH_RATE_MS[setting];
    state = new World();

    onCreate() {
      this.onMessage('pose', ({ sessionId }, [x, y, z, qx, qy, qz, qw]) =>
        Object.assign(this.state.players.get(sessionId), { x, y, z, qx, qy, qz, qw }),
      );
    }

    onJoin({ sessionId }) {
      this.state.players.set(sessionId, new Player());
    }

    onLeave({ sessionId }) {
      this.state.players.delete(sessionId);
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

/** @type {import('../../src/poses/pose-adapter.ts').PoseAdapter['connect']} */
export async function connect({ url, told }) {
  // Then its client takes ws, which costs the process of all clients less than the one of Node.
  delete globalThis.WebSocket;
  const { Callbacks, Client } = await import('@colyseus/sdk');
  const room = await new Client(url).joinOrCreate('world', {}, World);
  const callbacks = Callbacks.get(room);
  callbacks.onAdd('players', (player, sessionId) =>
    callbacks.onChange(player, () => told(sessionId, player.x, player.z)),
  );
  await new Promise((resolve) => room.onStateChange.once(resolve));
  return {
    name: room.sessionId,
    move: ({ position, rotation }) => room.send('pose', [...position, ...rotation]),
  };
}
