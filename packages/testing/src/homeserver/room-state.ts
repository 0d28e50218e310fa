import type { EventId } from '@weft/matrix';

/** Past this many steps a state is copied whole, so that looking something up stays cheap. */
const MAX_STEPS = 16;

/** The state of a room at one moment: never changes, and shares what it has in common with the one before. */
export class RoomState {
  static readonly empty = new RoomState(null, new Map(), 0);
  readonly #before: RoomState | null;
  /** `null` where the key is gone since. */
  readonly #changes: ReadonlyMap<string, EventId | null>;
  readonly #steps: number;
  #whole: ReadonlyMap<string, EventId> | null = null;

  private constructor(before: RoomState | null, changes: ReadonlyMap<string, EventId | null>, steps: number) {
    this.#before = before;
    this.#changes = changes;
    this.#steps = steps;
  }

  static of(entries: ReadonlyMap<string, EventId>): RoomState {
    return new RoomState(null, entries, 0);
  }

  get(key: string): EventId | undefined {
    for (let state: RoomState | null = this; state !== null; state = state.#before) {
      const id = state.#changes.get(key);
      if (id !== undefined) return id ?? undefined;
    }
    return undefined;
  }

  with(key: string, id: EventId | null): RoomState {
    if (this.#steps < MAX_STEPS) return new RoomState(this, new Map([[key, id]]), this.#steps + 1);
    const copy = new Map(this.entries());
    if (id === null) copy.delete(key);
    else copy.set(key, id);
    return RoomState.of(copy);
  }

  /** In the order in which the keys came. */
  entries(): ReadonlyMap<string, EventId> {
    if (this.#whole !== null) return this.#whole;
    const steps: RoomState[] = [];
    for (let state: RoomState | null = this; state !== null; state = state.#before) steps.push(state);
    const whole = new Map<string, EventId>();
    for (const step of steps.reverse())
      for (const [key, id] of step.#changes)
        if (id === null) whole.delete(key);
        else whole.set(key, id);
    this.#whole = whole;
    return whole;
  }
}
