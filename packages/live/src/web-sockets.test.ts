import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { CLOSE_CODES } from '@weft/protocol';
import { afterEach, expect, test } from 'vitest';
import { type WebSocket as ServerSocket, WebSocketServer } from 'ws';
import { webSockets } from './web-sockets.ts';

const open = webSockets(WebSocket);
const servers: WebSocketServer[] = [];

async function serve(onSocket: (socket: ServerSocket) => void): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  servers.push(server);
  await once(server, 'listening');
  server.on('connection', onSocket);
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A connection that notes what it is told. */
function connect(url: string) {
  const opened = Promise.withResolvers<void>();
  const closed = Promise.withResolvers<readonly [number, string]>();
  const received: Uint8Array[] = [];
  let heard = Promise.withResolvers<void>();
  const socket = open(url, {
    opened: opened.resolve,
    received: (bytes) => {
      received.push(bytes);
      heard.resolve();
      heard = Promise.withResolvers();
    },
    closed: (code, reason) => closed.resolve([code, reason]),
  });
  return { socket, received, opened: opened.promise, closed: closed.promise, heard: () => heard.promise };
}

afterEach(async () => {
  for (const server of servers.splice(0)) {
    for (const client of server.clients) client.terminate();
    server.close();
    await once(server, 'close');
  }
});

test('[LV11] a WebSocket carries binary messages both ways, and tells how it was closed', async () => {
  const url = await serve((socket) => {
    socket.on('message', (data: Buffer) => {
      socket.send(data);
      if (data.length === 0) socket.close(CLOSE_CODES.draining, 'restarted');
    });
  });
  const { socket, received, opened, closed, heard } = connect(url);
  await opened;
  const echoed = heard();
  socket.send(Uint8Array.of(1, 2, 3).subarray(1));
  await echoed;
  expect(received).toEqual([Uint8Array.of(2, 3)]);
  expect(socket.queuedBytes).toBe(0);
  socket.send(new Uint8Array());
  expect(await closed).toEqual([CLOSE_CODES.draining, 'restarted']);
  socket.send(Uint8Array.of(1));
});

test('[LV11] a text is handed on as no frame at all', async () => {
  const url = await serve((socket) => socket.send('hello'));
  const { received, heard, socket } = connect(url);
  await heard();
  expect(received).toEqual([new Uint8Array()]);
  socket.close(1000, '');
});

test('[LV11] a relay that is not there, and an address that is none, are lost connections', async () => {
  const url = await serve(() => undefined);
  const [server] = servers.splice(0);
  server?.close();
  expect((await connect(url).closed)[0]).toBe(1006);
  expect((await connect('no address').closed)[0]).toBe(1006);
});

test('[LV11] a socket that is given up while it opens is closed', async () => {
  const url = await serve(() => undefined);
  const { socket, closed } = connect(url);
  socket.close(1000, '');
  expect((await closed)[0]).toBe(1006);
});
