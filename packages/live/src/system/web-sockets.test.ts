import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { CLOSE_CODES, MAX_FRAME_BYTES } from '@weft/protocol';
import { afterEach, describe, expect, test } from 'vitest';
import { type WebSocket as ServerSocket, WebSocketServer } from 'ws';
import type { OpenLaneSocket } from '../lane-socket.ts';
import { openSystemSocket } from './node.ts';
import { webSockets } from './web-sockets.ts';

const servers: WebSocketServer[] = [];

async function serve(onSocket: (socket: ServerSocket) => void): Promise<string> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  servers.push(server);
  await once(server, 'listening');
  server.on('connection', onSocket);
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A connection that notes what it is told. */
function connect(open: OpenLaneSocket, url: string) {
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

describe.each([
  ['a class like that of browsers', webSockets(WebSocket)],
  ['Node', openSystemSocket],
])('sockets of %s', (_name, open) => {
  test('[LV11] a WebSocket carries binary messages both ways, and tells how it was closed', async () => {
    const url = await serve((socket) => {
      socket.on('message', (data: Buffer) => {
        socket.send(data);
        if (data.length === 0) socket.close(CLOSE_CODES.draining, 'restarted');
      });
    });
    const { socket, received, opened, closed, heard } = connect(open, url);
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

  test('[LV11] messages of all sizes arrive as they were, both ways', async () => {
    const sizes = [1, 125, 126, 65_535, 65_536, MAX_FRAME_BYTES];
    const url = await serve((socket) => {
      socket.on('message', (data: Buffer, isBinary) => {
        socket.send(data, { binary: isBinary });
        socket.ping();
      });
    });
    const { socket, received, opened, heard } = connect(open, url);
    await opened;
    const sent = sizes.map((size) => new Uint8Array(size).map((_, at) => at * 7 + size));
    for (const message of sent) socket.send(message);
    while (received.length < sent.length) await heard();
    for (const [at, message] of sent.entries())
      expect(Buffer.compare(message, received[at] ?? new Uint8Array())).toBe(0);
    socket.close(1000, '');
  });

  test('[LV11] a text is handed on as no frame at all', async () => {
    const url = await serve((socket) => socket.send('hello'));
    const { received, heard, socket } = connect(open, url);
    await heard();
    expect(received).toEqual([new Uint8Array()]);
    socket.close(1000, '');
  });

  test('[LV11] a relay that is not there, and an address that is none, are lost connections', async () => {
    const url = await serve(() => undefined);
    const [server] = servers.splice(0);
    server?.close();
    expect((await connect(open, url).closed)[0]).toBe(1006);
    expect((await connect(open, 'no address').closed)[0]).toBe(1006);
  });

  test('[LV11] a socket that is given up while it opens is closed', async () => {
    const url = await serve(() => undefined);
    const { socket, closed } = connect(open, url);
    socket.close(1000, '');
    expect((await closed)[0]).toBe(1006);
  });

  test('[LV11] what one side sends in one go, the other hears one by one, in order', async () => {
    const sent = Array.from({ length: 300 }, (_, at) => new Uint8Array(at * 7).fill(at));
    const url = await serve((socket) => {
      for (const message of sent) socket.send(message);
      socket.close(1000, '');
    });
    const { received, closed } = connect(open, url);
    await closed;
    expect(received).toEqual(sent);
  });
});

test('[LV11] a message that is larger than any frame ends the connection', async () => {
  const url = await serve((socket) => socket.send(new Uint8Array(MAX_FRAME_BYTES + 1)));
  const { received, closed } = connect(openSystemSocket, url);
  expect((await closed)[0]).toBe(1006);
  expect(received).toEqual([]);
});
