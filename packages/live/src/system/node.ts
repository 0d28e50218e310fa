import { createHash } from 'node:crypto';
import { inflateRawSync } from 'node:zlib';
import type { Inflate, Sha256 } from '@weft/core';
import { MAX_FRAME_BYTES } from '@weft/protocol';
import WebSocket from 'ws';
import type { LaneSocket, OpenLaneSocket } from '../lane-socket.ts';

const ABNORMAL = 1006;
const NOTHING = new Uint8Array();
const NO_SOCKET: LaneSocket = { queuedBytes: 0, send: () => undefined, close: () => undefined };

/**
 * Sockets of the package ws, which takes half the time of Node's own class for a frame. A relay cannot send more at once than a
 * frame may have.
 */
export const openSystemSocket: OpenLaneSocket = (url, listener) => {
  let socket: WebSocket;
  try {
    socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: MAX_FRAME_BYTES });
  } catch (error) {
    listener.closed(ABNORMAL, error instanceof Error ? error.message : String(error));
    return NO_SOCKET;
  }
  let reason = '';
  socket.on('open', () => listener.opened());
  socket.on('message', (data, isBinary) => {
    // A text is no frame: as bytes it is one of none. Node's own subclass stays in here.
    const isFrame = isBinary && Buffer.isBuffer(data);
    listener.received(isFrame ? new Uint8Array(data.buffer, data.byteOffset, data.length) : NOTHING);
  });
  socket.on('error', ({ message }) => {
    reason = message;
  });
  socket.on('close', (code, said) => listener.closed(code, said.length > 0 ? said.toString() : reason));
  return {
    get queuedBytes() {
      return socket.bufferedAmount;
    },
    send: (bytes) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(bytes);
    },
    close: (code, why) => socket.close(code, why),
  };
};

/** Hashes what arrives in native code. */
export const createSystemSha256: (() => Sha256) | undefined = () => createHash('sha256');

/** Inflates in native code: a client inflates when it comes in, with code that was never run before. */
export const systemInflate: Inflate | undefined = (deflated, length) => {
  try {
    // What Node gives may be a view of much more: a copy holds on to nothing else.
    return new Uint8Array(inflateRawSync(deflated, { maxOutputLength: length }));
  } catch {
    return null;
  }
};
