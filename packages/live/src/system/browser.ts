import type { Inflate, Sha256 } from '@weft/core';
import type { OpenLaneSocket } from '../lane-socket.ts';
import { webSockets } from './web-sockets.ts';

/** The sockets of the browser. */
export const openSystemSocket: OpenLaneSocket = webSockets(WebSocket);

/** A browser hashes natively only what is whole already. */
export const createSystemSha256: (() => Sha256) | undefined = undefined;

/** A browser inflates natively only in streams, which have others wait. */
export const systemInflate: Inflate | undefined = undefined;
