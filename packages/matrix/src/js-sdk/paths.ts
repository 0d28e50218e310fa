import type { RoomId } from '../ids.ts';

export function statePath(room: RoomId, type: string, key: string): string {
  return `/rooms/${encodeURIComponent(room)}/state/${encodeURIComponent(type)}/${encodeURIComponent(key)}`;
}
