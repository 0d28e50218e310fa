import WebSocket, { WebSocketServer } from 'ws';

// The least that the task can cost: one JSON text to whoever joins, then the very bytes that one sends to all others.

/** @type {import('../src/peers/adapter.ts').Adapter['serve']} */
export async function serve({ records }) {
  const state = JSON.stringify(records);
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  server.on('connection', (socket) => {
    socket.send(state);
    socket.on('message', (data, isBinary) => {
      for (const other of server.clients) if (other !== socket) other.send(data, { binary: isBinary });
    });
  });
  await new Promise((resolve) => server.once('listening', resolve));
  return { url: `ws://127.0.0.1:${server.address().port}`, close: async () => server.close() };
}

/** @type {import('../src/peers/adapter.ts').Adapter['connect']} */
export async function connect({ url, frameBytes, moved }) {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  const objects = new Map();
  const { promise, resolve, reject } = Promise.withResolvers();
  socket.once('error', reject);
  socket.on('message', (data, isBinary) => {
    if (isBinary) moved(data.readUInt32BE(0));
    else {
      for (const { id, values } of JSON.parse(data)) objects.set(id, values);
      resolve();
    }
  });
  await promise;
  return {
    objects: () => objects.size,
    move(_id, [mark]) {
      const frame = Buffer.alloc(Math.max(4, frameBytes));
      frame.writeUInt32BE(mark, 0);
      socket.send(frame);
    },
    close: async () => socket.terminate(),
  };
}
