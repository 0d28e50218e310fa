import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Sha256 } from '@weft/core';
import { MAX_FRAME_BYTES, WholeMessages } from '@weft/protocol';
import WebSocket from 'ws';
import type { LaneSocket, LaneSocketListener, OpenLaneSocket } from '../lane-socket.ts';
import { MaskedFrames } from './masked-frames.ts';

const ABNORMAL = 1006;
const frames = new MaskedFrames();
const NOTHING = new Uint8Array();
const NO_SOCKET: LaneSocket = { queuedBytes: 0, send: () => undefined, close: () => undefined };

/**
 * Sockets of the package ws, which takes half the time of Node's own class for a frame. A relay cannot send more at once than a
 * frame may have. What is sent, and whole messages that come, pass ws by: it writes a frame in two parts, and takes one apart in many steps.
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
  let tcp: Socket | null = null;
  socket.on('upgrade', (response) => {
    tcp = response.socket;
  });
  socket.on('open', () => {
    if (tcp !== null) takeWhole(tcp, socket, listener);
    listener.opened();
  });
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
      // ws would write the head of the frame and the rest of it one by one.
      if (socket.readyState === WebSocket.OPEN) tcp?.write(frames.frame(bytes));
    },
    close: (code, why) => socket.close(code, why),
  };
};

/** Whole messages are taken out of what comes in; all else goes to ws. */
function takeWhole(tcp: Socket, socket: WebSocket, listener: LaneSocketListener): void {
  const whole = new WholeMessages({ isMasked: false });
  const theirs: readonly unknown[] = tcp.listeners('data');
  let isDeaf = false;
  const stop = (): void => {
    isDeaf = true;
  };
  tcp.removeAllListeners('data');
  // From then on ws reads by itself what is left, or nothing.
  tcp.prependOnceListener('close', stop);
  socket.prependOnceListener('error', stop);
  tcp.on('data', (chunk: Buffer) => {
    let from = 0;
    while (from < chunk.length && socket.readyState === WebSocket.OPEN && !isDeaf) {
      const message = whole.at(chunk, from);
      if (message === null) break;
      from = whole.end;
      listener.received(message);
    }
    if (from === chunk.length || isDeaf) return;
    const rest = from === 0 ? chunk : chunk.subarray(from);
    whole.follow(rest);
    for (const each of theirs) if (typeof each === 'function') Reflect.apply(each, tcp, [rest]);
  });
}

/** Hashes what arrives in native code. */
export const createSystemSha256: (() => Sha256) | undefined = () => createHash('sha256');
