import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { UncompressedSocket } from '../uncompressed-socket.mjs';
import { thousandths } from './thousandths.mjs';

// Awareness of y-protocols, which is what Yjs has for what moves: one field of each client's state.

export { serve } from '../y-websocket.mjs';

// Each of its clients listens for the end of the process.
process.setMaxListeners(0);

/** @type {import('../../src/poses/pose-adapter.ts').PoseAdapter['connect']} */
export async function connect({ url, told }) {
  const provider = new WebsocketProvider(url, 'world', new Y.Doc(), {
    WebSocketPolyfill: UncompressedSocket,
    disableBc: true,
  });
  const { awareness } = provider;
  awareness.on('update', ({ added, updated }) => {
    for (const client of [...added, ...updated]) {
      const pose = awareness.getStates().get(client)?.pose;
      if (pose !== undefined && client !== awareness.clientID) told(client, pose.p[0], pose.p[2]);
    }
  });
  await new Promise((resolve) => provider.once('sync', resolve));
  return {
    name: awareness.clientID,
    move: ({ position, rotation }) =>
      awareness.setLocalStateField('pose', { p: thousandths(position), r: thousandths(rotation) }),
  };
}
