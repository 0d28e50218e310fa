import type { LaneSocket, LaneSocketListener, OpenLaneSocket } from '../lane-socket.ts';

const ABNORMAL = 1006;
const NOTHING = new Uint8Array();

/** Sockets of a WebSocket class: that of browsers, or one like it. */
export function webSockets(WebSocketClass: typeof WebSocket): OpenLaneSocket {
  return (url, listener) => {
    const socket = construct(WebSocketClass, url, listener);
    if (socket === null) return NO_SOCKET;
    socket.binaryType = 'arraybuffer';
    socket.addEventListener('open', () => listener.opened());
    socket.addEventListener('message', ({ data }) => {
      // A text is no frame: as bytes it is one of none.
      listener.received(data instanceof ArrayBuffer ? new Uint8Array(data) : NOTHING);
    });
    socket.addEventListener('close', ({ code, reason }) => listener.closed(code, reason));
    return {
      get queuedBytes() {
        return socket.bufferedAmount;
      },
      send: (bytes) => {
        if (socket.readyState === WebSocketClass.OPEN) socket.send(new Uint8Array(bytes));
      },
      close: (code, reason) => socket.close(code, reason),
    };
  };
}

/** `null` where the platform does not even try: a page on https opens no `ws:`. */
function construct(
  WebSocketClass: typeof WebSocket,
  url: string,
  listener: LaneSocketListener,
): WebSocket | null {
  try {
    return new WebSocketClass(url);
  } catch (error) {
    listener.closed(ABNORMAL, error instanceof Error ? error.message : String(error));
    return null;
  }
}

const NO_SOCKET: LaneSocket = { queuedBytes: 0, send: () => undefined, close: () => undefined };
