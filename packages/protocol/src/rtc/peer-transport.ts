import type { EventContent } from '@weft/core';

/** The type of a transport that is the homeservers themselves: edits from device to device. */
export const PEER_TRANSPORT = 'world.weft.peer';

// Others' transports stand in the same lists.
const MAX_LISTED = 64;

export function peerTransport(): EventContent {
  return { type: PEER_TRANSPORT };
}

/** Whether a list of transports says that the member takes edits from device to device. Never throws. */
export function hasPeerTransport(list: unknown): boolean {
  return Array.isArray(list) && list.slice(0, MAX_LISTED).some(isPeerTransport);
}

function isPeerTransport(input: unknown): boolean {
  return typeof input === 'object' && input !== null && 'type' in input && input.type === PEER_TRANSPORT;
}
