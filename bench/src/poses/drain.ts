import type { Socket } from 'node:net';

/** An empty pong of a client (RFC 6455, 5.5.3), masked with zeros: servers end who shows no sign of life, Weft's an avatar after 1.5 s. */
const PONG = new Uint8Array([0x8a, 0x80, 0, 0, 0, 0]);
const PONG_MS = 500;

/**
 * From now on what comes in is counted by the socket and thrown away before any library looks at it, so that one process
 * can be many receivers: the same for all systems. What is sent goes on as before.
 */
export function drain(socket: Socket): void {
  socket.removeAllListeners('data');
  socket.on('data', () => undefined);
  setInterval(() => socket.write(PONG), PONG_MS);
}
