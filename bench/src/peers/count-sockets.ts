import { openedSockets } from './opened-sockets.ts';

/** Counts what all sockets of this process that were opened from here read and wrote, whoever opens them. */
export function countSockets(): { readonly read: () => number; readonly written: () => number } {
  const sockets = openedSockets();
  return {
    read: () => sockets.reduce((sum, { bytesRead }) => sum + bytesRead, 0),
    written: () => sockets.reduce((sum, { bytesWritten }) => sum + bytesWritten, 0),
  };
}
