import { decodeLayer, LAYER_SLOTS, type UserId, writerKey } from '@weft/core';
import type { BlobShelf } from '../blob/blob-shelf.ts';
import { BUNDLE_EVENT, LAYER_EVENT } from '../event-types.ts';
import { BlobCopies } from '../guard/blob-copies.ts';
import { type CollectedRoom, Collector, type CollectorPorts, type ReadLayer } from '../guard/collector.ts';
import type { RoomModel } from './room-model.ts';
import type { RoomSessionOptions } from './session-events.ts';
import { mayWrite } from './standing.ts';

interface CollectorParts extends Pick<CollectorPorts, 'checkpoint' | 'rejoin' | 'problem'> {
  readonly model: RoomModel;
  readonly blobs: Pick<BlobShelf, 'lookUp'>;
}

/** The collector of a guardian's session; `null` for a client that is no guardian. */
export function roomCollector(
  { homeserver, room, timers, rate, fetchBlob, guardian }: RoomSessionOptions,
  { model, blobs, ...ports }: CollectorParts,
): Collector | null {
  if (guardian !== true) return null;
  const user = homeserver.userId;
  const turn = (): Promise<void> => new Promise((resolve) => void timers.after(0, resolve));
  return new Collector({
    ...ports,
    homeserver,
    room,
    timers,
    copies: new BlobCopies({ homeserver, fetchBlob: fetchBlob ?? null, turn }),
    look: () => (mayWrite(model, user, LAYER_EVENT) ? collected(model, blobs, user) : null),
    spent: () => rate.spend(1, timers.now()),
  });
}

/** What the room's state holds; `null` while any carrier of it cannot be read. */
function collected(model: RoomModel, blobs: Pick<BlobShelf, 'lookUp'>, user: UserId): CollectedRoom | null {
  if (model.unread.length > 0) return null;
  const layers: ReadLayer[] = [];
  for (const event of model.all(LAYER_EVENT)) {
    if (event.redactedAtMs !== null) continue;
    const { stateKey, content, sender } = event;
    const { blob, hash, covers } = decodeLayer({ stateKey, content, sender });
    const patch = blob === null ? undefined : blobs.lookUp(blob)?.patch;
    if (blob === null || patch === undefined) continue;
    layers.push({ event: event.id, atMs: event.atMs, covers, pointer: blob, patch, hash });
  }
  const bundles = [...model.all(BUNDLE_EVENT)].flatMap((event) => {
    const patch = model.entry(BUNDLE_EVENT, event.stateKey ?? '')?.decoded?.patch;
    const isOthers = event.sender !== user && event.stateKey !== null;
    if (!isOthers || patch === undefined || patch.objects.size === 0) return [];
    return [{ event: event.id, stateKey: event.stateKey, patch, atMs: event.atMs }];
  });
  const freeLayerSlots = Array.from({ length: LAYER_SLOTS }, (_, slot) => slot).filter(
    (slot) => model.entry(LAYER_EVENT, writerKey(user, slot, LAYER_SLOTS)) === undefined,
  );
  return { layers, bundles, freeLayerSlots };
}
