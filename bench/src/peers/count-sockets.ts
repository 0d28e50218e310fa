import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { isRecord } from '../record/process-report.ts';

/** Counts what all sockets of this process that were opened from here read and wrote, whoever opens them. */
export function countSockets(): { readonly read: () => number; readonly written: () => number } {
  const sockets: Socket[] = [];
  subscribe('net.client.socket', (message) => {
    if (isRecord(message) && isSocket(message.socket)) sockets.push(message.socket);
  });
  return {
    read: () => sockets.reduce((sum, { bytesRead }) => sum + bytesRead, 0),
    written: () => sockets.reduce((sum, { bytesWritten }) => sum + bytesWritten, 0),
  };
}

function isSocket(value: unknown): value is Socket {
  return isRecord(value) && typeof value.bytesRead === 'number' && typeof value.bytesWritten === 'number';
}
