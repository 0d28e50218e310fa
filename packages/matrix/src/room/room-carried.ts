import {
  BUNDLE_SLOTS,
  LAYER_SLOTS,
  type ObjectId,
  type Path,
  type Register,
  type Replica,
  type UserId,
  writerKey,
} from '@weft/core';
import { BUNDLE_EVENT, LAYER_EVENT, OBJECT_EVENT, PERSONAL_EVENT } from '../event-types.ts';
import { integerMember, isRecord, member } from '../json.ts';
import type { RoomEvent } from '../room-event.ts';
import type { Carried, OwnCarrier } from '../writer/carried.ts';
import type { RoomModel } from './room-model.ts';
import type { StateEntry } from './state-entries.ts';

/** A carrier that has been there for so long is trusted to stay. */
export const KEPT_MS = 24 * 60 * 60_000;

const NONE: ReadonlyMap<Path, Register> = new Map();

export interface RoomCarriedOptions {
  readonly model: RoomModel;
  readonly replica: Pick<Replica, 'writtenRegisters'>;
  readonly user: UserId;
  /** Milliseconds of the server's clock. */
  readonly now: () => number;
}

/** What the room's state carries, as the planner asks for it. */
export function roomCarried({ model, replica, user, now }: RoomCarriedOptions): Carried {
  const bundleKeys = Array.from({ length: BUNDLE_SLOTS }, (_, slot) => writerKey(user, slot, BUNDLE_SLOTS));
  const layerKeys = Array.from({ length: LAYER_SLOTS }, (_, slot) => writerKey(user, slot, LAYER_SLOTS));
  const sizes = new WeakMap<RoomEvent, number>();
  const bytesOf = (event: RoomEvent): number => {
    const known = sizes.get(event) ?? sizeOf(event);
    sizes.set(event, known);
    return known;
  };
  const own = (type: string, key: string | undefined): OwnCarrier | null => {
    const entry = key === undefined ? undefined : model.entry(type, key);
    return entry === undefined ? null : ownCarrier(entry, bytesOf(entry.event));
  };
  return {
    get keys() {
      return model.weftKeys;
    },
    hasObjectEvent: (id) => model.entry(OBJECT_EVENT, id) !== undefined,
    ownObjectEvent(id) {
      const entry = model.entry(OBJECT_EVENT, id);
      return entry?.event.sender === user ? (entry.decoded?.patch ?? null) : null;
    },
    isShown: (id) => isShown(model, replica, id),
    bundle: (slot) => own(BUNDLE_EVENT, bundleKeys[slot]),
    layer: (slot) => own(LAYER_EVENT, layerKeys[slot]),
    personal: () => own(PERSONAL_EVENT, user),
    isKept(id, path, register, exceptSlots) {
      const except = new Set<string | null | undefined>([...exceptSlots].map((slot) => bundleKeys[slot]));
      const sinceMs = now() - KEPT_MS;
      return model.isHeldBy(id, path, register, ({ event }) => {
        const isExcepted = event.type === BUNDLE_EVENT && except.has(event.stateKey);
        return event.atMs <= sinceMs && !isExcepted;
      });
    },
  };
}

/** Which event of each bundle and layer the room shows: what a layer of everything that is known here covers. */
export function coveredBy(model: RoomModel): ReadonlyMap<string, string> {
  const covers = new Map<string, string>();
  for (const type of [BUNDLE_EVENT, LAYER_EVENT])
    for (const { stateKey, id } of model.all(type)) covers.set(`${type} ${stateKey}`, id);
  return covers;
}

// An event that this version cannot read may hold anything: it is not replaced, no more than one whose blob is missing.
function ownCarrier({ event, decoded }: StateEntry, bytes: number): OwnCarrier {
  const isRead =
    decoded !== null && decoded.blob === null && decoded.problems.every(({ path }) => path !== null);
  return {
    event: event.id,
    atMs: event.atMs,
    bytes,
    isBlob: isRecord(member(event.content, 'blob')),
    patch: isRead ? decoded.patch : null,
  };
}

function sizeOf({ content }: RoomEvent): number {
  return integerMember(member(content, 'blob'), 'bytes') ?? JSON.stringify(content).length;
}

function isShown(model: RoomModel, replica: Pick<Replica, 'writtenRegisters'>, id: ObjectId): boolean {
  const entry = model.entry(OBJECT_EVENT, id);
  return entry !== undefined && model.isAllIn(entry, id, replica.writtenRegisters(id) ?? NONE);
}
