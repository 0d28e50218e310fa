import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { isRecord } from '../record/process-report.ts';

/** A list of all sockets that this process opens from now on, in their order, whoever opens them. */
export function openedSockets(): readonly Socket[] {
  const sockets: Socket[] = [];
  subscribe('net.client.socket', (message) => {
    if (isRecord(message) && isSocket(message.socket)) sockets.push(message.socket);
  });
  return sockets;
}

function isSocket(value: unknown): value is Socket {
  return isRecord(value) && typeof value.bytesRead === 'number' && typeof value.bytesWritten === 'number';
}
