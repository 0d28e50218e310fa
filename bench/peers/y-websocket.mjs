import { createServer } from 'node:http';
import { getYDoc, setupWSConnection } from '@y/websocket-server/utils';
import { WebSocketServer } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';
import { UncompressedSocket } from './uncompressed-socket.mjs';
import { fill, sceneOf } from './yjs-scene.mjs';

// Each of its clients listens for the end of the process.
process.setMaxListeners(0);

/** @type {import('../src/peers/adapter.ts').Adapter['serve']} */
export async function serve({ records }) {
  fill(getYDoc('world'), records);
  const http = createServer();
  const server = new WebSocketServer({ server: http, perMessageDeflate: false });
  server.on('connection', (socket, request) => setupWSConnection(socket, request));
  await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));
  return { url: `ws://127.0.0.1:${http.address().port}`, close: async () => http.close() };
}

/** @type {import('../src/peers/adapter.ts').Adapter['connect']} */
export async function connect({ url, moved }) {
  const doc = new Y.Doc();
  const scene = sceneOf(doc, moved);
  const provider = new WebsocketProvider(url, 'world', doc, {
    WebSocketPolyfill: UncompressedSocket,
    disableBc: true,
  });
  await new Promise((resolve) => provider.once('sync', resolve));
  scene.follow();
  return { ...scene, close: async () => provider.destroy() };
}
