import type { OpenLaneSocket } from '../lane-socket.ts';
import { webSockets } from './web-sockets.ts';

/** The sockets of the browser. */
export const openSystemSocket: OpenLaneSocket = webSockets(WebSocket);
