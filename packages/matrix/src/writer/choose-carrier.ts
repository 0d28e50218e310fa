import {
  BUNDLE_SLOTS,
  type EncodedContent,
  type EventContent,
  emptyPatch,
  encodeBundle,
  encodeObjectEvent,
  encodePersonal,
  entriesOf,
  isPersonalObjectId,
  isPersonalObjectOf,
  join,
  LAYER_SLOTS,
  MAX_BUNDLE_OBJECTS,
  MAX_CONTENT_BYTES,
  type ObjectEventParts,
  type ObjectId,
  type ObjectRegisters,
  type Patch,
  type Replica,
  type UserId,
  WeftError,
  writerHashOf,
  writerKey,
} from '@weft/core';
import { BUNDLE_EVENT, LAYER_EVENT, OBJECT_EVENT, PERSONAL_EVENT } from '../event-types.ts';
import type { Carried, Rights } from './carried.ts';
import { patchToCarry, refill } from './carried-patch.ts';
import type { OwnSlots, Slot } from './own-slots.ts';

/** State events of Weft types that a world may have; beyond them only keys that are there are written. */
export const MAX_STATE_KEYS = 2000;
/** Of a writer's bundles so many keep their patch in the event, for edits that are worth no upload. */
const INLINE_BUNDLES = 2;
/** Own layers of more bytes are not uploaded again for the sake of one import. */
const MAX_LAYER_REWRITE_BYTES = 4 * 1024 * 1024;
/** A slot with less room than this share of what is to be added is not tried. */
const HOPE = 0.5;

/** Where in the room a write goes, and which dirty registers it brings there. */
interface Target {
  readonly type: string;
  readonly stateKey: string;
  /** What it is dirty for; empty for a view or a tidied carrier. */
  readonly objects: ObjectRegisters;
}

/** One event. */
export interface EventWrite extends Target {
  readonly kind: 'event';
  readonly content: EventContent;
  /** What a carrier of many objects then holds; `null` for an object event. */
  readonly held: HeldPatch | null;
}

/** An upload, and one event that points to it. */
export interface BlobWrite extends Target {
  readonly kind: 'blob';
  readonly held: HeldPatch;
}

export interface HeldPatch {
  readonly slots: 'bundle' | 'layer' | 'personal';
  readonly slot: number;
  readonly patch: Patch;
  /** Of the content; 0 where a blob is still to be made. */
  readonly bytes: number;
}

export type Write = EventWrite | BlobWrite;

export type Choice =
  | Write
  /** These may not be written by this user at all. */
  | { readonly kind: 'barred'; readonly objects: ObjectRegisters; readonly type: string }
  /** Too much for what is free: half of it may fit. */
  | { readonly kind: 'part'; readonly objects: ObjectRegisters }
  /** No carrier takes this object. */
  | { readonly kind: 'stuck'; readonly id: ObjectId; readonly error: Error };

export interface Choosing {
  readonly carried: Carried;
  readonly slots: OwnSlots;
  readonly rights: Rights;
  readonly replica: Pick<Replica, 'clock' | 'usersOf' | 'purgeOf' | 'writable'>;
  readonly user: UserId;
  readonly extraOf: (id: ObjectId) => EventContent;
  /** Readable events that were accepted and that the room does not show yet. */
  readonly viewsUnderWay: () => number;
}

/**
 * Which carrier takes these dirty registers with the fewest writes: one object goes into its own event, several into a
 * bundle, more than an event holds into a blob. Decides, does nothing.
 *
 * @param objects the oldest first; not empty
 */
export function chooseCarrier(objects: ObjectRegisters, choosing: Choosing): Choice {
  const own = writerHashOf(choosing.user);
  const [first] = objects.keys();
  const isOwnFirst = first !== undefined && isPersonalObjectOf(own, first);
  if (first !== undefined && isPersonalObjectId(first) && !isOwnFirst)
    return foreignPersonal(first, choosing.user);
  if (isOwnFirst)
    return choosePersonal(
      only(objects, (id) => isPersonalObjectOf(own, id)),
      choosing,
    );
  return chooseShared(
    only(objects, (id) => !isPersonalObjectId(id)),
    choosing,
  );
}

/** The event of one object, with all that wins of it. @throws WeftError `limit` where it is too large for one */
export function objectWrite(id: ObjectId, objects: ObjectRegisters, choosing: Choosing): EventWrite {
  const { replica, user, extraOf } = choosing;
  const parts = withOwnClaim(replica.writable(id), choosing);
  const content = encodeObjectEvent({ ...parts, extra: extraOf(id), sender: user });
  return { kind: 'event', type: OBJECT_EVENT, stateKey: id, content, objects, held: null };
}

/** Whether the object may have an event of its own. */
export function mayHaveEvent(id: ObjectId, { carried, rights, viewsUnderWay }: Choosing): boolean {
  const isRoom = carried.keys + viewsUnderWay() < MAX_STATE_KEYS;
  return rights.mayWrite(OBJECT_EVENT) && (isRoom || carried.hasObjectEvent(id));
}

function choosePersonal(objects: ObjectRegisters, choosing: Choosing): Choice {
  const { rights, slots, replica, user } = choosing;
  if (!rights.mayWrite(PERSONAL_EVENT)) return { kind: 'barred', objects, type: PERSONAL_EVENT };
  const added = patchToCarry(objects, replica, user);
  const patch = refill(slots.personal()?.patch ?? null, added, replica, () => false);
  const encoded = encodePersonal(patch, user);
  if (!encoded.fits) return tooLarge(objects, encoded, 'the personal event of a user');
  const held = { slots: 'personal', slot: 0, patch, bytes: encoded.bytes } as const;
  return { kind: 'event', type: PERSONAL_EVENT, stateKey: user, content: encoded.content, objects, held };
}

function chooseShared(objects: ObjectRegisters, choosing: Choosing): Choice {
  const { rights, replica, user } = choosing;
  const [first] = objects.keys();
  const isBundled = rights.mayWrite(BUNDLE_EVENT);
  if (first !== undefined && (objects.size === 1 || !isBundled) && mayHaveEvent(first, choosing)) {
    const one = only(objects, (id) => id === first);
    const write = objectWriteIfFits(first, one, choosing);
    if (write !== null) return write;
    if (!isBundled) return tooLarge(one, null, 'an object event, all that this role may write');
  }
  if (!isBundled) return { kind: 'barred', objects, type: BUNDLE_EVENT };
  const added = patchToCarry(objects, replica, user);
  const alone = objects.size > MAX_BUNDLE_OBJECTS ? null : encodeBundle(added);
  const inline = alone?.fits === true ? chooseInline(objects, added, alone.bytes, choosing) : null;
  if (inline !== null) return inline;
  const layer = alone?.fits === true ? null : chooseLayer(objects, added, choosing);
  return layer ?? choosePointer(objects, added, choosing);
}

/** The first bundle with room for all of it, be it once what is carried elsewhere has left it. */
function chooseInline(
  objects: ObjectRegisters,
  added: Patch,
  addedBytes: number,
  choosing: Choosing,
): EventWrite | null {
  const inline = choosing.slots
    .bundles()
    .filter(({ carrier }) => carrier === null || (!carrier.isBlob && carrier.patch !== null));
  const hasRoom = ({ carrier }: Slot) => (carrier?.bytes ?? 0) + HOPE * addedBytes <= MAX_CONTENT_BYTES;
  const full = inline.filter((slot) => !hasRoom(slot));
  for (const slot of [...inline.filter(hasRoom), ...full.filter((one) => isLeaving(one, choosing))]) {
    const write = bundleWrite(slot.slot, refillBundle(slot, added, choosing), objects, choosing);
    if (write !== null) return write;
  }
  return null;
}

/** Whether half of what a bundle holds is carried elsewhere by now. */
function isLeaving(slot: Slot, choosing: Choosing): boolean {
  const held = slot.carrier?.patch ?? emptyPatch;
  const stays = refillBundle(slot, emptyPatch, choosing);
  return 2 * [...entriesOf(stays)].length <= [...entriesOf(held)].length;
}

/** A bundle that holds exactly this patch; `null` where it does not fit. */
export function bundleWrite(
  slot: number,
  patch: Patch,
  objects: ObjectRegisters,
  { user }: Choosing,
): EventWrite | null {
  const encoded = encodeBundle(patch);
  if (!encoded.fits) return null;
  const stateKey = writerKey(user, slot, BUNDLE_SLOTS);
  const held = { slots: 'bundle', slot, patch, bytes: encoded.bytes } as const;
  return { kind: 'event', type: BUNDLE_EVENT, stateKey, content: encoded.content, objects, held };
}

/** A blob behind a bundle or a layer that holds exactly this patch. */
export function blobWrite(
  slots: 'bundle' | 'layer',
  slot: number,
  patch: Patch,
  objects: ObjectRegisters,
  { user }: Choosing,
): BlobWrite {
  const isLayer = slots === 'layer';
  const stateKey = writerKey(user, slot, isLayer ? LAYER_SLOTS : BUNDLE_SLOTS);
  const held: HeldPatch = { slots, slot, patch, bytes: 0 };
  return { kind: 'blob', type: isLayer ? LAYER_EVENT : BUNDLE_EVENT, stateKey, objects, held };
}

/** What a bundle will hold, as `refill` says. */
export function refillBundle(
  { slot, carrier }: Slot,
  added: Patch,
  { slots, carried, replica }: Choosing,
): Patch {
  const except = new Set([...slots.unseenBundles, slot]);
  return refill(carrier?.patch ?? null, added, replica, (id, path, register) =>
    carried.isKept(id, path, register, except),
  );
}

/** A layer with what the own layers hold already; it takes the place of the older one. */
function chooseLayer(objects: ObjectRegisters, added: Patch, choosing: Choosing): BlobWrite | null {
  const { rights, slots } = choosing;
  const layers = slots.layers();
  const bytes = layers.reduce((sum, { carrier }) => sum + (carrier?.bytes ?? 0), 0);
  if (!rights.mayWrite(LAYER_EVENT) || bytes > MAX_LAYER_REWRITE_BYTES) return null;
  const patch = layerPatch(added, choosing);
  const [older] = layers;
  if (patch === null || older === undefined) return null;
  return blobWrite('layer', older.slot, patch, objects, choosing);
}

/** All that the own layers hold, and what is added; `null` where one of them cannot be read. */
export function layerPatch(added: Patch, { slots, replica }: Choosing): Patch | null {
  let patch = added;
  for (const { carrier } of slots.layers()) {
    if (carrier === null) continue;
    if (carrier.patch === null) return null;
    patch = join(
      patch,
      refill(carrier.patch, emptyPatch, replica, () => false),
    );
  }
  return patch;
}

/** A bundle that points to a blob with what it holds already. */
function choosePointer(objects: ObjectRegisters, added: Patch, choosing: Choosing): Choice {
  const bundles = choosing.slots
    .bundles()
    .filter(({ carrier }) => carrier === null || carrier.patch !== null);
  const blobs = bundles.filter(({ carrier }) => carrier?.isBlob === true);
  const isRoom = blobs.length < BUNDLE_SLOTS - INLINE_BUNDLES;
  const [empty] = isRoom ? bundles.filter(({ carrier }) => carrier === null) : [];
  const slot = empty ?? smallest(blobs) ?? smallest(bundles);
  if (slot === undefined)
    return tooLarge(objects, null, "this user's bundles, none of which can be read now");
  return blobWrite('bundle', slot.slot, refillBundle(slot, added, choosing), objects, choosing);
}

function smallest(slots: readonly Slot[]): Slot | undefined {
  return slots.toSorted((a, b) => (a.carrier?.bytes ?? 0) - (b.carrier?.bytes ?? 0))[0];
}

/** `null` where it is too large for an event, or nothing is left of it but its purge: a bundle tells that. */
export function objectWriteIfFits(
  id: ObjectId,
  objects: ObjectRegisters,
  choosing: Choosing,
): EventWrite | null {
  if (choosing.replica.writable(id).registers.size === 0) return null;
  try {
    return objectWrite(id, objects, choosing);
  } catch (error) {
    if (error instanceof WeftError && error.code === 'limit') return null;
    throw error;
  }
}

function withOwnClaim(parts: ObjectEventParts, { replica, user }: Choosing): ObjectEventParts {
  const { actor } = replica.clock;
  if (parts.actors.has(actor)) return parts;
  return { ...parts, actors: new Map([...parts.actors, [actor, new Set([user])]]) };
}

function tooLarge(objects: ObjectRegisters, encoded: EncodedContent | null, place: string): Choice {
  const [id] = objects.keys();
  if (objects.size > 1 || id === undefined) return { kind: 'part', objects };
  const error = new WeftError('limit', {
    what: `save ${id}`,
    expected: `room for it in ${place}`,
    got: encoded === null ? 'none' : `${encoded.bytes} bytes with it`,
    hint: 'Remove something of yours, or keep large content in an asset.',
  });
  return { kind: 'stuck', id, error };
}

function foreignPersonal(id: ObjectId, user: UserId): Choice {
  const error = new WeftError('forbidden', {
    what: `save ${id}`,
    expected: `a personal object of ${user}, or one that is not personal`,
    got: "somebody else's personal object",
    hint: 'Only its owner can change it.',
    by: 'developer',
  });
  return { kind: 'stuck', id, error };
}

function only(objects: ObjectRegisters, isWanted: (id: ObjectId) => boolean): ObjectRegisters {
  return new Map([...objects].filter(([id]) => isWanted(id)));
}
