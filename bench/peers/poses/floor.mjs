import WebSocket, { WebSocketServer } from 'ws';

// The least that it can cost without knowing what a pose is: 36 bytes each, as they come. By default each goes to everybody
// else at once; `ticked` gathers them, and sends one frame to everybody every 16 ms.

const POSE_BYTES = 36;
const TICK_MS = 16;

/** @type {import('../../src/poses/pose-adapter.ts').PoseAdapter['serve']} */
export async function serve({ setting }) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  let gathered = [];
  server.on('connection', (socket) => {
    socket.on('message', (data) => {
      if (setting === 'ticked') gathered.push(data);
      else for (const other of server.clients) if (other !== socket) other.send(data);
    });
  });
  const tick = () => {
    const frame = Buffer.concat(gathered);
    gathered = [];
    if (frame.length > 0) for (const client of server.clients) client.send(frame);
  };
  if (setting === 'ticked') setInterval(tick, TICK_MS);
  await new Promise((resolve) => server.once('listening', resolve));
  return { url: `ws://127.0.0.1:${server.address().port}`, close: async () => server.close() };
}

/** @type {import('../../src/poses/pose-adapter.ts').PoseAdapter['connect']} */
export async function connect({ url, number, told }) {
  const socket = new WebSocket(url, { perMessageDeflate: false });
  socket.on('message', (data) => {
    for (let at = 0; at < data.length; at += POSE_BYTES)
      told(data.readUInt32LE(at), data.readFloatLE(at + 8), data.readFloatLE(at + 16));
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  let count = 0;
  return {
    name: number,
    move({ position, rotation }) {
      const frame = Buffer.alloc(POSE_BYTES);
      frame.writeUInt32LE(number, 0);
      frame.writeUInt32LE(count++, 4);
      for (const [at, value] of [...position, ...rotation].entries()) frame.writeFloatLE(value, 8 + 4 * at);
      socket.send(frame);
    },
  };
}
