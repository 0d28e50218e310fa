import { type ActorId, BUNDLE_SLOTS, LAYER_SLOTS, MAX_CONTENT_BYTES } from '@weft/core';
import type { EventId } from '../ids.ts';
import type { Carried, OwnCarrier } from './carried.ts';

/** A slot of this user with what it holds, the latest accepted write included. */
export interface Slot {
  readonly slot: number;
  readonly carrier: OwnCarrier | null;
}

type SlotKind = 'bundle' | 'layer' | 'personal';

interface Accepted {
  /** What the room showed under the key when the write was made. */
  readonly replaced: EventId | null;
  readonly carrier: OwnCarrier;
}

/** A bundle that is this full counts as full: what fits in the rest is not worth another event. */
const FULL_BYTES = 0.8 * MAX_CONTENT_BYTES;

/**
 * This user's own carriers. What was accepted counts before the sync shows it, so that the next write to the same key
 * does not take it away again.
 */
export class OwnSlots {
  readonly #carried: Carried;
  readonly #firstBundle: number;
  readonly #accepted = new Map<string, Accepted>();

  /** @param first the bundle that this client fills first: other clients of the same user mostly begin elsewhere */
  constructor(carried: Carried, first: number) {
    this.#carried = carried;
    this.#firstBundle = first;
  }

  /** In the order in which this client fills them. */
  bundles(): readonly Slot[] {
    return Array.from({ length: BUNDLE_SLOTS }, (_, at) => {
      const slot = (this.#firstBundle + at) % BUNDLE_SLOTS;
      return { slot, carrier: this.#now('bundle', slot) };
    });
  }

  /** The newer one last: a new layer takes the place of the first, and holds what both did. */
  layers(): readonly Slot[] {
    return Array.from({ length: LAYER_SLOTS }, (_, slot) => ({
      slot,
      carrier: this.#now('layer', slot),
    })).sort((a, b) => (a.carrier?.atMs ?? 0) - (b.carrier?.atMs ?? 0));
  }

  personal(): OwnCarrier | null {
    return this.#now('personal', 0);
  }

  get areBundlesFull(): boolean {
    return this.bundles().every(
      ({ carrier }) => carrier !== null && (carrier.isBlob || carrier.bytes > FULL_BYTES),
    );
  }

  /** Bundles of which the room may show an older state than it has. */
  get unseenBundles(): ReadonlySet<number> {
    return new Set(
      this.bundles().flatMap(({ slot }) => (this.#unseen('bundle', slot) === null ? [] : [slot])),
    );
  }

  /** Whether something was accepted that the room does not show yet, and may never show. */
  get hasUnseen(): boolean {
    return this.#accepted.size > 0;
  }

  /** The sync told of these events. */
  shown(events: ReadonlySet<EventId>): void {
    for (const [key, { carrier }] of this.#accepted)
      if (events.has(carrier.event)) this.#accepted.delete(key);
  }

  /** The state was read at that time: what had been accepted before is in it, or was thrown out. */
  read(askedAtMs: number): void {
    for (const [key, { carrier }] of this.#accepted) if (carrier.atMs < askedAtMs) this.#accepted.delete(key);
  }

  accepted(kind: SlotKind, slot: number, carrier: OwnCarrier): void {
    const replaced = this.#shown(kind, slot)?.event ?? null;
    this.#accepted.set(`${kind}.${slot}`, { replaced, carrier });
  }

  #now(kind: SlotKind, slot: number): OwnCarrier | null {
    return this.#unseen(kind, slot) ?? this.#shown(kind, slot);
  }

  // Once the room shows anything else than before, it knows better.
  #unseen(kind: SlotKind, slot: number): OwnCarrier | null {
    const accepted = this.#accepted.get(`${kind}.${slot}`);
    if (accepted === undefined) return null;
    if ((this.#shown(kind, slot)?.event ?? null) === accepted.replaced) return accepted.carrier;
    this.#accepted.delete(`${kind}.${slot}`);
    return null;
  }

  #shown(kind: SlotKind, slot: number): OwnCarrier | null {
    if (kind === 'personal') return this.#carried.personal();
    return kind === 'bundle' ? this.#carried.bundle(slot) : this.#carried.layer(slot);
  }
}

/** Clients of one user mostly begin with different bundles. */
export function firstSlotOf(actor: ActorId): number {
  let sum = 0;
  for (const character of actor) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 65_536;
  return sum % BUNDLE_SLOTS;
}
