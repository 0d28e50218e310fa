import type { OpenLaneSocket } from '@weft/live';

const NORMAL_CLOSE = 1000;
/** Codes of its own that a client may send (RFC 6455, section 7.4.2). */
const OWN_CODES = { first: 3000, last: 4999 };
/** Of a close frame, in bytes. */
const MAX_REASON_BYTES = 123;

/** The platform's WebSocket, in browsers and in Node. */
export const openWebSocket: OpenLaneSocket = (url, listener) => {
  const socket = new WebSocket(url);
  socket.binaryType = 'arraybuffer';
  let isOver = false;
  const over = (code: number, reason: string): void => {
    if (isOver) return;
    isOver = true;
    listener.closed(code, reason);
  };
  socket.onopen = () => listener.opened();
  socket.onmessage = ({ data }: MessageEvent<unknown>) => {
    // The lane has no text messages: whoever sends one is no relay.
    if (data instanceof ArrayBuffer) listener.received(new Uint8Array(data));
    else socket.close(NORMAL_CLOSE);
  };
  socket.onclose = ({ code, reason }) => over(code, reason);
  return {
    send: (bytes) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(new Uint8Array(bytes));
    },
    get queuedBytes() {
      return socket.bufferedAmount;
    },
    close: (code, reason) => {
      const isOwn = code >= OWN_CODES.first && code <= OWN_CODES.last;
      socket.close(isOwn ? code : NORMAL_CLOSE, cut(reason));
      // A peer that is gone answers no close frame, and the platform waits for it for a long time.
      queueMicrotask(() => over(code, reason));
    },
  };
};

/** As much of a text as a close frame takes. */
function cut(reason: string): string {
  const bytes = new TextEncoder().encode(reason);
  if (bytes.length <= MAX_REASON_BYTES) return reason;
  return new TextDecoder().decode(bytes.subarray(0, MAX_REASON_BYTES)).replace(/\ufffd$/, '');
}
