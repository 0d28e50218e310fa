import type { RoomId } from '../ids.ts';

export function statePath(room: RoomId, type: string, key: string): string {
  return `/rooms/${encodeURIComponent(room)}/state/${encodeURIComponent(type)}/${encodeURIComponent(key)}`;
}

export function sendPath(room: RoomId, type: string, transaction: string): string {
  return `/rooms/${encodeURIComponent(room)}/send/${encodeURIComponent(type)}/${encodeURIComponent(transaction)}`;
}
