import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import { Server } from '@hocuspocus/server';
import * as Y from 'yjs';
import { UncompressedSocket } from './uncompressed-socket.mjs';
import { fill, sceneOf } from './yjs-scene.mjs';

/** @type {import('../src/peers/adapter.ts').Adapter['serve']} */
export async function serve({ records }) {
  const server = new Server({
    port: 0,
    address: '127.0.0.1',
    quiet: true,
    stopOnSignals: false,
    onLoadDocument: async ({ document }) => fill(document, records),
  });
  await server.listen();
  return { url: `ws://127.0.0.1:${server.address.port}`, close: () => server.destroy() };
}

/** @type {import('../src/peers/adapter.ts').Adapter['connect']} */
export async function connect({ url, moved }) {
  const doc = new Y.Doc();
  const scene = sceneOf(doc, moved);
  const websocketProvider = new HocuspocusProviderWebsocket({ url, WebSocketPolyfill: UncompressedSocket });
  const synced = Promise.withResolvers();
  const provider = new HocuspocusProvider({
    websocketProvider,
    name: 'world',
    document: doc,
    onSynced: synced.resolve,
  });
  provider.attach();
  await synced.promise;
  scene.follow();
  return {
    ...scene,
    async close() {
      provider.destroy();
      websocketProvider.destroy();
    },
  };
}
