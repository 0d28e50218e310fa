import { forgetOldest } from '../forget-oldest.ts';
import type { ObjectId, Path, UserId } from '../ids.ts';
import { type ActorClaims, type ActorTable, addActorClaims } from '../register/actors.ts';
import { join, joinObjects } from '../register/join.ts';
import type { ObjectPatch, Patch } from '../register/patch.ts';
import { isSameRegister, type Register } from '../register/register.ts';
import type { Time } from '../stamp/stamp.ts';
import type { Ahead } from './ahead.ts';

/** The event of a room that said something. */
export interface PatchSource {
  /** The event's id. */
  readonly event: string;
  readonly sender: UserId;
  /** `origin_server_ts`, in milliseconds. */
  readonly atMs: number;
  /** The type of the event. */
  readonly carrier: string;
}

/** A patch, and the event that said it. */
export interface SourcedPatch {
  readonly patch: Patch;
  readonly source: PatchSource;
  /** The room's state holds the event: it counts, be it that it was taken back before. Default `false`. */
  readonly isHeld?: boolean;
}

/** How long it is known which event said what. */
export const RECENT_MS = 24 * 60 * 60_000;
/** Of how many events it is known what they said; of more, the oldest are counted for good. */
export const MAX_RECENT_EVENTS = 1000;
/** How many taken-back events are remembered, so that they are not taken in again. */
export const MAX_RETRACTED_EVENTS = 4096;

/** Events are counted for good in batches of this size. */
const FOLD_EVENTS = 125;
const NOTHING: ObjectPatch = { registers: new Map(), purge: null };

/** What is known of an object for good, while recent events speak of it. */
interface Floor {
  said: ObjectPatch | null;
  recents: number;
}

/** All that one event said: what a blob adds comes later. */
interface Recent {
  readonly source: PatchSource;
  readonly patches: readonly Patch[];
}

/** What the base held of an object before. */
export type Frozen = (id: ObjectId) => ObjectPatch | null;

/**
 * Remembers what recent events said, apart from what is counted for good (the floor), so that one can be taken back and
 * what it had hidden shows again. Holds no copies: maps are shared with the patches and with the base.
 */
export class Provenance {
  readonly #recents = new Map<string, Recent>();
  readonly #floors = new Map<ObjectId, Floor>();
  readonly #floorActors: ActorTable = new Map();
  readonly #retracted = new Set<string>();
  /** No recent event is older. */
  #oldestMs = Number.POSITIVE_INFINITY;

  /** The recent events. */
  get sources(): PatchSource[] {
    return Array.from(this.#recents.values(), ({ source }) => source);
  }

  isRetracted(event: string): boolean {
    return this.#retracted.has(event);
  }

  /** The event counts after all. */
  forgive(event: string): void {
    this.#retracted.delete(event);
  }

  /** What is counted for good is about to be joined to the base. */
  addFloor(admitted: Patch): void {
    if (this.#floors.size > 0)
      for (const [id, said] of admitted.objects) {
        const floor = this.#floors.get(id);
        if (floor !== undefined) floor.said = joinObjects(floor.said ?? NOTHING, said);
      }
    addActorClaims(this.#floorActors, admitted.actors);
  }

  /** What a recent event said is about to be joined to the base, the part of it that is ahead of time included. */
  addRecent({ patch, source }: SourcedPatch, frozen: Frozen): void {
    const recent = this.#recents.get(source.event) ?? { source, patches: [] };
    // Each is parted by the clock for itself, so they are not joined; the same one comes again and again.
    if (recent.patches.some((known) => saySame(known, patch))) return;
    this.#recents.set(source.event, { source, patches: [...recent.patches, patch] });
    this.#oldestMs = Math.min(this.#oldestMs, source.atMs);
    for (const id of patch.objects.keys()) {
      const floor = this.#floors.get(id);
      if (floor === undefined) this.#floors.set(id, { said: frozen(id), recents: 1 });
      else floor.recents += 1;
    }
  }

  /** Whether a recent event said this. */
  isRecent(ahead: Ahead): boolean {
    for (const { objects } of this.#patches()) {
      const said = objects.get(ahead.id);
      if (said === undefined) continue;
      if (
        ahead.path === null
          ? said.purge === ahead.time
          : isSameRegister(said.registers.get(ahead.path), ahead.register)
      )
        return true;
    }
    return false;
  }

  /** Counts for good what is too old, or too much; says what that was. */
  fold(oldestMs: number, horizon: Time): readonly Patch[] {
    if (this.#recents.size <= MAX_RECENT_EVENTS && this.#oldestMs >= oldestMs) return [];
    const inOrder = [...this.#recents.values()].sort((a, b) => a.source.atMs - b.source.atMs);
    const old = inOrder.findIndex(({ source }) => source.atMs >= oldestMs);
    const tooOld = old < 0 ? inOrder.length : old;
    const excess = inOrder.length - MAX_RECENT_EVENTS;
    const leaving = inOrder.slice(0, Math.max(tooOld, excess > 0 ? Math.max(excess, FOLD_EVENTS) : 0));
    this.#oldestMs = inOrder[leaving.length]?.source.atMs ?? Number.POSITIVE_INFINITY;
    for (const { source, patches } of leaving) {
      this.#recents.delete(source.event);
      for (const patch of patches) {
        for (const [id, said] of patch.objects) {
          const floor = this.#leave(id);
          if (floor !== undefined) floor.said = joinObjects(floor.said ?? NOTHING, admittedOf(said, horizon));
        }
        addActorClaims(this.#floorActors, patch.actors);
      }
    }
    return leaving.flatMap(({ patches }) => patches);
  }

  /**
   * Takes back what these events said, for good: what is left of the objects that they spoke of, `null` where nothing
   * is, what these events said, and what is left that is ahead of time by now, though it was not when it came in: clocks
   * are set back, too. Events that are not recent are left as they are.
   */
  retract(
    events: Iterable<string>,
    horizon: Time,
  ): {
    readonly left: ReadonlyMap<ObjectId, ObjectPatch | null>;
    readonly taken: readonly Patch[];
    readonly ahead: readonly Patch[];
  } {
    const taken: Patch[] = [];
    const ahead: Patch[] = [];
    for (const event of events) {
      this.#remember(event);
      taken.push(...(this.#recents.get(event)?.patches ?? []));
      this.#recents.delete(event);
    }
    const left = new Map<ObjectId, ObjectPatch | null>();
    for (const { objects } of taken)
      for (const id of objects.keys()) {
        const floor = this.#leave(id);
        if (floor !== undefined) left.set(id, floor.said);
      }
    for (const { objects } of this.#patches())
      for (const id of left.size < objects.size ? left.keys() : objects.keys()) {
        const said = left.get(id);
        const more = objects.get(id);
        if (said === undefined || more === undefined) continue;
        const admitted = admittedOf(more, horizon);
        left.set(id, joinObjects(said ?? NOTHING, admitted));
        if (admitted !== more) ahead.push({ objects: new Map([[id, more]]), actors: new Map() });
      }
    return { left, taken, ahead };
  }

  /** The claims of all that counts. */
  get actors(): ActorClaims {
    const actors: ActorTable = new Map(this.#floorActors);
    for (const patch of this.#patches()) addActorClaims(actors, patch.actors);
    return actors;
  }

  *#patches(): Generator<Patch> {
    for (const { patches } of this.#recents.values()) yield* patches;
  }

  /** A patch that spoke of the object is recent no more. */
  #leave(id: ObjectId): Floor | undefined {
    const floor = this.#floors.get(id);
    if (floor === undefined) return undefined;
    floor.recents -= 1;
    if (floor.recents === 0) this.#floors.delete(id);
    return floor;
  }

  #remember(event: string): void {
    this.#retracted.delete(event);
    this.#retracted.add(event);
    forgetOldest(this.#retracted, MAX_RETRACTED_EVENTS);
  }
}

function saySame(a: Patch, b: Patch): boolean {
  return a === b || (join(a, b) === a && join(b, a) === b);
}

/** The part of what was said of an object that is not ahead of time. */
function admittedOf(said: ObjectPatch, horizon: Time): ObjectPatch {
  const registers = new Map<Path, Register>();
  for (const [path, register] of said.registers)
    if (register.stamp.time <= horizon) registers.set(path, register);
  const purge = said.purge !== null && said.purge <= horizon ? said.purge : null;
  return registers.size === said.registers.size && purge === said.purge ? said : { registers, purge };
}
