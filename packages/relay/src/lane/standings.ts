import { type EditAccess, mayStillWrite, type RegisterEntry, type UserId } from '@weft/core';
import { CLOSE_CODES } from '@weft/protocol';
import type { LaneWorld } from './lane-world.ts';
import type { People } from './people.ts';
import { type Seat, wireLevel } from './seat.ts';
import type { Stream } from './stream.ts';
import { partsOf, type Unsettled, type Work } from './unsettled.ts';

export interface StandingsOptions {
  readonly world: LaneWorld;
  readonly people: People;
  readonly stream: Stream;
  readonly unsettled: Unsettled;
  /** Somebody's level is another one now. */
  readonly onLevel: (seat: Seat) => void;
  /** What was hidden shows again, be its author there or not. */
  readonly uncovered: () => void;
}

/** Holds everybody to what they may do now: those who may not be here go, and what they may not write is shown no longer. */
export class Standings {
  readonly #options: StandingsOptions;
  /** The level at which somebody's work was judged last; it need not be judged again while they have no less. */
  #judged = new Map<UserId, number>();

  constructor(options: StandingsOptions) {
    this.#options = options;
  }

  /** Somebody wrote, and was found to be allowed to. */
  wrote({ userId, level }: EditAccess): void {
    this.#judged.set(userId, level);
  }

  /** Members or power levels changed. Looks at everybody, and at the work of those who may do less than before. */
  review(): void {
    const { world, people, unsettled } = this.#options;
    for (const seat of [...people.all()]) {
      const access = world.access(seat.user);
      if (access === null) people.expel(seat, CLOSE_CODES.forbidden, 'not in the room any more');
      else if (access.level !== seat.level) this.#setLevel(seat, access.level);
    }
    const works = unsettled.all();
    this.takeBack(this.#forbiddenOf(works.filter(({ user }) => user !== null && this.#maySayLess(user))));
    this.#judged = new Map(
      works.flatMap(({ user }) => {
        const access = user === null ? null : world.access(user);
        return access === null ? [] : [[access.userId, access.level] as const];
      }),
    );
  }

  /** Has everybody drop these; what they hid goes with them where nobody may write it either, and is said again where they may. */
  takeBack(entries: readonly RegisterEntry[]): void {
    const { stream, unsettled } = this.#options;
    for (let next = entries; next.length > 0; ) {
      stream.takeBack(next);
      next = this.#forbiddenOf(unsettled.at(next));
    }
    const shown = unsettled.at(entries);
    if (shown.length > 0) this.#options.uncovered();
    for (const work of shown)
      for (const { wire, patch } of partsOf(work)) stream.tell(wire, patch, { user: work.user, session: 0 });
  }

  /** Whether somebody may write a register that is shown already; nobody may who is not here. */
  isAllowed(user: UserId, entry: RegisterEntry): boolean {
    const { world } = this.#options;
    const access = world.access(user);
    return access !== null && mayStillWrite(world.replica, access, entry);
  }

  #maySayLess(user: UserId): boolean {
    const access = this.#options.world.access(user);
    const judged = this.#judged.get(user);
    return access === null || judged === undefined || access.level < judged;
  }

  #forbiddenOf(works: readonly Work[]): RegisterEntry[] {
    return works.flatMap(({ user, entries }) =>
      user === null ? [] : entries.filter((entry) => !this.isAllowed(user, entry)),
    );
  }

  #setLevel(seat: Seat, level: number): void {
    const { people } = this.#options;
    seat.level = level;
    people.send(seat, { type: 'role', level: wireLevel(level) });
    people.broadcast({ type: 'people', joined: [seat.entry()], left: [] });
    this.#options.onLevel(seat);
  }
}
