import type { UserId } from '@weft/core';
import type { MxcUri, ReceivedToDevice, RoomAlias, RoomId } from '@weft/matrix';
import { answer } from './faults.ts';
import type { TwinEvent } from './twin-event.ts';
import type { TwinRoom } from './twin-room.ts';

export interface TwinMedia {
  readonly bytes: Uint8Array;
  readonly type: string;
}

/** What a server, called by its name, asks of the others and tells them. */
export interface Peers {
  /** Hands an event on to these servers. */
  send(from: string, room: TwinRoom, event: TwinEvent, to: ReadonlySet<string>): void;
  /** Brings a user of `at` into a room that `at` takes no part in. */
  join(what: string, at: string, room: RoomId, user: UserId, via: readonly string[]): void;
  resolveAlias(what: string, at: string, alias: RoomAlias): { room: RoomId; via: readonly string[] };
  /** Brings a message to a device of a user of another server; `*` is all of them. */
  tell(from: string, user: UserId, device: string, message: ReceivedToDevice): void;
  /** A file that another server keeps. */
  media(what: string, at: string, uri: MxcUri): TwinMedia;
}

/** A server that reaches no other. */
export const NO_PEERS: Peers = {
  send: () => undefined,
  tell: () => undefined,
  join(what) {
    throw answer(what, 404, 'M_UNKNOWN', "Can't join remote room");
  },
  resolveAlias(what, _at, alias) {
    throw answer(what, 404, 'M_NOT_FOUND', `Room alias ${alias} not found`);
  },
  media(what) {
    throw answer(what, 404, 'M_NOT_FOUND', 'Not found');
  },
};
