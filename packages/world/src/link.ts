import { type RoomId, serverOf } from '@weft/matrix';

/** A `matrix:` URI for a room, through the server of somebody in it (Matrix specification, appendix "URIs"). */
export function matrixLink(room: RoomId, userId: string): string {
  const server = serverOf(userId);
  const via = server === null ? '' : `?via=${encodeURIComponent(server)}`;
  return `matrix:roomid/${encodeURIComponent(room.slice(1))}${via}`;
}
