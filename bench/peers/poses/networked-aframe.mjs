import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { io } from 'socket.io-client';
import { thousandths } from './thousandths.mjs';

// What networked-aframe says through its socket.io adapter and the server that comes with it: JSON, a message for each
// update and reader, what an entity is in each, positions and Euler angles in degrees.

const DEGREES = 180 / Math.PI;
/** Of clients whose sockets are only emptied nobody answers. */
const PING_MS = 600_000;

/** @type {import('../../src/poses/pose-adapter.ts').PoseAdapter['serve']} */
export async function serve() {
  const http = createServer();
  const server = new Server(http, { transports: ['websocket'], serveClient: false, pingInterval: PING_MS });
  server.on('connection', (socket) => {
    socket.on('joinRoom', ({ room }) => {
      socket.join(room);
      socket.on('broadcast', (data) => socket.to(room).emit('broadcast', data));
      socket.emit('connectSuccess', { joinedTime: Date.now() });
    });
  });
  await new Promise((resolve) => http.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${http.address().port}`,
    close: async () => void (await server.close()),
  };
}

/** @type {import('../../src/poses/pose-adapter.ts').PoseAdapter['connect']} */
export async function connect({ url, told }) {
  const socket = io(url, { transports: ['websocket'], forceNew: true });
  socket.on('broadcast', ({ data }) => {
    for (const { owner, components } of data.d) told(owner, components[0].x, components[0].z);
  });
  await new Promise((resolve, reject) => socket.once('connect', resolve).once('connect_error', reject));
  const joined = new Promise((resolve) => socket.once('connectSuccess', resolve));
  socket.emit('joinRoom', { room: 'world' });
  await joined;
  const owner = socket.id;
  const entity = {
    networkId: Math.random().toString(36).slice(2, 9),
    ...{ owner, creator: owner, lastOwnerTime: Date.now() },
    ...{ template: '#avatar-template', persistent: false, parent: null },
  };
  return {
    name: owner,
    move({ position, rotation }) {
      const [x, y, z] = thousandths(position);
      const [yaw] = thousandths([2 * Math.atan2(rotation[1], rotation[3]) * DEGREES]);
      const components = { 0: { x, y, z }, 1: { x: 0, y: yaw, z: 0 } };
      const data = { d: [{ ...entity, components, isFirstSync: false }] };
      socket.emit('broadcast', { from: owner, type: 'um', data, broadcasting: true });
    },
  };
}
