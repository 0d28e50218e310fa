import WebSocket from 'ws';

/** A client's socket without compression: off for all systems. */
export class UncompressedSocket extends WebSocket {
  constructor(url, protocols) {
    super(url, protocols, { perMessageDeflate: false });
  }
}
