import { isUserId, type UserId } from '@weft/core';
import { isRoomId, type RoomAlias, type RoomId } from '@weft/matrix';
import type { StorePlace } from '@weft/store';
import type { WorldLogin } from '../login.ts';
import { hashOf } from './store-name.ts';

/** Who a sign-in was the last time, and how far the server's clock was from this device's. */
export interface AccountNote {
  readonly userId: UserId;
  readonly offsetMs: number;
}

/** `null` where this device does not know the sign-in, or the program brings its own client. */
export async function recallAccount(place: StorePlace, login: WorldLogin): Promise<AccountNote | null> {
  const name = accountName(login);
  const text = name === null ? null : await place.recall(name);
  const note = text === null ? null : parse(text);
  if (note === null || !isUserId(note.userId)) return null;
  const { userId, offsetMs } = note;
  return { userId, offsetMs: typeof offsetMs === 'number' && Number.isFinite(offsetMs) ? offsetMs : 0 };
}

/** Never rejects: without the note the world opens online only. */
export async function rememberAccount(
  place: StorePlace,
  login: WorldLogin,
  note: AccountNote,
): Promise<void> {
  const name = accountName(login);
  if (name !== null) await place.remember(name, JSON.stringify(note)).catch(() => undefined);
}

export async function recallRoom(place: StorePlace, alias: RoomAlias): Promise<RoomId | null> {
  const text = await place.recall(aliasName(alias));
  return isRoomId(text) ? text : null;
}

export async function rememberRoom(place: StorePlace, alias: RoomAlias, room: RoomId): Promise<void> {
  await place.remember(aliasName(alias), room).catch(() => undefined);
}

// Hashed: a device writes down no token.
function accountName(login: WorldLogin): string | null {
  if ('client' in login) return null;
  const secret = 'token' in login ? `token\0${login.token}` : `user\0${login.user}`;
  return `account-${hashOf(`${login.homeserver}\0${secret}`)}`;
}

function aliasName(alias: RoomAlias): string {
  return `alias-${hashOf(alias)}`;
}

function parse(text: string): { readonly userId: unknown; readonly offsetMs: unknown } | null {
  try {
    const note: unknown = JSON.parse(text);
    return typeof note === 'object' && note !== null ? { userId: null, offsetMs: 0, ...note } : null;
  } catch {
    return null;
  }
}
