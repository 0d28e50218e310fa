import { LAYER_EVENT } from '../event-types.ts';
import type { StateEntry } from '../room/state-entries.ts';
import type { WantedBlob } from './blob-shelf.ts';

/** The blobs of carriers that were not read: those of layers first, since a steward answers for them, then the smallest. */
export function wantedBlobs(unread: readonly StateEntry[]): readonly WantedBlob[] {
  const wanted = unread.flatMap(({ event, decoded }) =>
    decoded?.blob == null
      ? []
      : [
          {
            isLayer: event.type === LAYER_EVENT,
            carrier: `${event.type}/${event.stateKey}`,
            pointer: decoded.blob,
          },
        ],
  );
  return wanted.sort((a, b) => Number(b.isLayer) - Number(a.isLayer) || a.pointer.bytes - b.pointer.bytes);
}
