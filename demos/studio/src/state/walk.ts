import { type ReadonlySignal, signal } from '@preact/signals';
import type { ObjectId, SceneObject } from '@weft/core';
import { follow } from './follow.ts';
import type { StudioMe, StudioWorld } from './studio-world.ts';
import type { Toasts } from './toasts.ts';
import { nameOf } from './tree-rows.ts';

/** From how far one sits down and takes things, in metres. */
export const REACH_METRES = 2.5;
const WAVE_MS = 2_000;

/** `third`: behind the avatar; `first`: through its eyes. */
export type WalkView = 'third' | 'first';

/** What can be done with something that is near. */
export interface Offer {
  readonly does: 'sit' | 'take';
  readonly id: ObjectId;
  readonly label: string;
}

/** This page's avatar in the world: whether it is there, what it does, and what it could do. Refusals become toasts. */
export class Walk {
  /** `null` while only building. */
  readonly me = signal<StudioMe | null>(null);
  readonly view = signal<WalkView>('third');
  readonly seat = signal<ObjectId | null>(null);
  /** What it carries. */
  readonly carried = signal<ObjectId | null>(null);
  readonly offer = signal<Offer | null>(null);
  /** Why others do not see it; `null` where they do, or it is not there. */
  readonly unseen = signal<string | null>(null);
  /** Called before something is put down, so that it does not hang in the air. */
  lower: () => void = () => undefined;
  readonly #world: StudioWorld;
  readonly #toasts: Toasts;
  #stops: (() => void)[] = [];
  #isEntering = false;
  #wavesUntilMs = 0;

  constructor(world: StudioWorld, toasts: Toasts) {
    this.#world = world;
    this.#toasts = toasts;
  }

  async enter(): Promise<void> {
    if (this.me.value !== null || this.#isEntering) return;
    this.#isEntering = true;
    try {
      this.#follow(await this.#world.enter());
    } catch (error) {
      this.#toasts.error(error);
    } finally {
      this.#isEntering = false;
    }
  }

  leave(): void {
    for (const stop of this.#stops) stop();
    this.#stops = [];
    this.me.value?.leave();
    this.me.value = null;
    this.seat.value = null;
    this.carried.value = null;
    this.offer.value = null;
    this.unseen.value = null;
  }

  turnView(): void {
    this.view.value = this.view.value === 'third' ? 'first' : 'third';
  }

  /** Does the thing at hand: puts down, stands up, or what is offered. */
  act(): void {
    const offer = this.offer.value;
    if (this.carried.value !== null) void this.putDown();
    else if (this.seat.value !== null) this.stand();
    else if (offer?.does === 'sit') this.sit(offer.id);
    else if (offer !== null) void this.take(offer.id);
  }

  sit(id: ObjectId): void {
    this.#try((me) => {
      // What the room does not take is told by the world's events, once for all edits.
      me.sit(id).durable.catch(() => undefined);
    });
    this.seat.value = this.me.value?.seat ?? null;
  }

  stand(): void {
    this.#try((me) => {
      me.stand()?.durable.catch(() => undefined);
    });
    this.seat.value = null;
  }

  async take(id: ObjectId): Promise<void> {
    const me = this.me.value;
    if (me === null || this.carried.value !== null) return;
    this.carried.value = id;
    try {
      await me.grab(id);
    } catch (error) {
      this.#toasts.error(error);
      this.#dropped(id);
    }
  }

  async putDown(): Promise<void> {
    const [me, id] = [this.me.value, this.carried.value];
    if (me === null || id === null) return;
    this.lower();
    this.carried.value = null;
    try {
      const edit = await me.release(id);
      edit?.durable.catch(() => undefined);
    } catch (error) {
      this.#toasts.error(error);
    }
  }

  wave(): void {
    this.#wavesUntilMs = performance.now() + WAVE_MS;
  }

  get waves(): boolean {
    return performance.now() < this.#wavesUntilMs;
  }

  /** What could be done with an object, or with what it is a part of; `null` for nothing. */
  offerOf(id: ObjectId): Offer | null {
    for (let at = this.#world.get(id); at !== undefined; at = this.#world.get(at.parent)) {
      const offer = this.#offerOf(at);
      if (offer !== null) return offer;
    }
    return null;
  }

  /** What is nearest to a place and within reach. Looks at every object. */
  offerNear([x, y, z]: readonly [number, number, number]): Offer | null {
    let nearest: { readonly object: SceneObject; readonly metres: number } | null = null;
    for (const object of this.#world.objects()) {
      if (object.seat === undefined && object.interact?.grabbable !== true) continue;
      const [, , , , , , , , , , , , ox = 0, oy = 0, oz = 0] = object.worldMatrix;
      const metres = Math.hypot(ox - x, oy - y, oz - z);
      if (metres > REACH_METRES || metres >= (nearest?.metres ?? Number.POSITIVE_INFINITY)) continue;
      if (this.#offerOf(object) !== null) nearest = { object, metres };
    }
    return nearest === null ? null : this.#offerOf(nearest.object);
  }

  #offerOf(object: SceneObject): Offer | null {
    const { id, seat, interact } = object;
    if (seat !== undefined && this.#world.motion.sitterOf(id) === null)
      return { does: 'sit', id, label: seat.label || `Sit on ${nameOf(object)}` };
    if (interact?.grabbable === true && this.#world.motion.holderOf(id) === null)
      return { does: 'take', id, label: `Take ${nameOf(object)}` };
    return null;
  }

  #follow(me: StudioMe): void {
    const [status, stop] = follow(me.status);
    this.me.value = me;
    this.#stops = [
      stop,
      this.#tellSeen(status),
      me.on('lost', ({ object, by }) => {
        this.#toasts.info(by === null ? 'You hold it no more' : `${this.#nameOf(by)} took it from you`);
        this.#dropped(object);
      }),
      me.on('unseated', ({ by }) => {
        this.#toasts.info(by === null ? 'The seat is gone' : `${this.#nameOf(by)} sits there`);
        this.seat.value = me.seat;
      }),
    ];
  }

  #tellSeen(status: ReadonlySignal<StudioMe['status']['value']>): () => void {
    return status.subscribe(({ seen, detail }) => {
      this.unseen.value = seen === 'shown' ? null : detail;
    });
  }

  #dropped(id: ObjectId): void {
    if (this.carried.value === id) this.carried.value = null;
  }

  #nameOf(user: string): string {
    return this.#world.people.value.find((person) => person.user === user)?.name ?? user;
  }

  #try(action: (me: StudioMe) => void): void {
    const me = this.me.value;
    if (me === null) return;
    try {
      action(me);
    } catch (error) {
      this.#toasts.error(error);
    }
  }
}
