import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import WebSocket, { WebSocketServer } from 'ws';
import { Framer } from './framer.ts';

const SIZES = [0, 1, 125, 126, 65_535, 65_536, 1_048_576];

test('messages of all sizes arrive as they were', async () => {
  const framer = new Framer();
  const http = createServer();
  const server = new WebSocketServer({ server: http, perMessageDeflate: false });
  server.on('connection', (_socket, request) => {
    for (const size of SIZES) request.socket.write(framer.frame(new Uint8Array(size).fill(size)));
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const client = new WebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`);
  try {
    const read: Buffer[] = [];
    client.on('message', (data, isBinary) => {
      expect(isBinary).toBe(true);
      if (Buffer.isBuffer(data)) read.push(data);
      if (read.length === SIZES.length) client.close();
    });
    await once(client, 'close');
    expect(read.map(({ length }) => length)).toEqual(SIZES);
    for (const data of read) expect(data.every((byte) => byte === data.length % 256)).toBe(true);
  } finally {
    client.terminate();
    server.close();
    http.close();
  }
});

test('one frame is made for all who get the same message', () => {
  const framer = new Framer();
  const message = Uint8Array.of(1, 2, 3);
  const frame = framer.frame(message);
  expect(framer.frame(message)).toBe(frame);
  expect(framer.frame(Uint8Array.of(1, 2, 3))).toEqual(frame);
  expect(framer.frame(Uint8Array.of(4))).toEqual(Buffer.of(0x82, 1, 4));
});
