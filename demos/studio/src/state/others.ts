import { computed, effect, type ReadonlySignal } from '@preact/signals';
import { isObjectId, type ObjectId } from '@weft/core';
import type { Person, Presence, Value } from '@weft/world';
import { coloursOf } from './colours.ts';
import { follow } from './follow.ts';
import type { Selection } from './selection.ts';
import type { StudioWorld } from './studio-world.ts';
import { ancestorsOf } from './tree-rows.ts';

/** Of a longer selection, those selected last are shown to others: a message on the lane is bounded. */
export const MAX_SHOWN_SELECTION = 20;

/** Another editor that is there now, and what it has selected. */
export interface Other {
  /** The running client: one user may have several. */
  readonly key: string;
  readonly user: string;
  readonly name: string;
  readonly colour: string;
  readonly selection: readonly ObjectId[];
}

export interface OthersParts {
  readonly world: StudioWorld;
  readonly people: ReadonlySignal<readonly Person[]>;
  readonly selection: Selection;
  /** Grows whenever the shape of the tree may have changed. */
  readonly structure: ReadonlySignal<number>;
}

/** Who else edits this world right now, and this editor as they see it. */
export class Others {
  readonly list: ReadonlySignal<readonly Other[]>;
  /** By user, of everybody in the room. */
  readonly colours: ReadonlySignal<ReadonlyMap<string, string>>;
  readonly #byObject: ReadonlySignal<ByObject>;
  readonly #byAncestor: ReadonlySignal<ByObject>;
  readonly #stops: readonly (() => void)[];

  constructor({ world, people, selection, structure }: OthersParts) {
    const [present, stop] = follow(world.presence.others);
    this.colours = computed(() => coloursOf(people.value.map(({ user }) => user)));
    this.list = computed(() => present.value.map((one) => this.#other(one, people.value)));
    this.#byObject = computed(() => byObject(this.list.value, (id) => [id]));
    this.#byAncestor = computed(() => {
      structure.value;
      return byObject(this.list.value, (id) => ancestorsOf(world, id));
    });
    this.#stops = [
      stop,
      effect(() => {
        const color = this.colours.value.get(world.userId) ?? null;
        world.presence.set({ selection: selection.ids.value.slice(-MAX_SHOWN_SELECTION), color });
      }),
    ];
  }

  /** Who has this selected, each user once. */
  at(id: ObjectId): readonly Other[] {
    return this.#byObject.value.get(id) ?? NOBODY;
  }

  /** Who else has something selected that hangs below this, each user once. */
  below(id: ObjectId): readonly Other[] {
    return this.#byAncestor.value.get(id) ?? NOBODY;
  }

  stop(): void {
    for (const stop of this.#stops) stop();
  }

  #other({ actor, user, state }: Presence, people: readonly Person[]): Other {
    return {
      key: actor,
      user,
      name: people.find((person) => person.user === user)?.name ?? user,
      colour: this.colours.value.get(user) ?? coloursOf([user]).get(user) ?? '',
      selection: readSelection(state.selection),
    };
  }
}

type ByObject = ReadonlyMap<ObjectId, readonly Other[]>;

const NOBODY: readonly Other[] = [];

/** Ids of objects from what a stranger's client says; whatever else it says is passed over. */
export function readSelection(said: Value | undefined): readonly ObjectId[] {
  if (!Array.isArray(said)) return [];
  const ids = said.filter((one): one is ObjectId => typeof one === 'string' && isObjectId(one));
  return [...new Set(ids)].slice(-MAX_SHOWN_SELECTION);
}

function byObject(others: readonly Other[], markedBy: (selected: ObjectId) => readonly ObjectId[]): ByObject {
  const found = new Map<ObjectId, Other[]>();
  for (const other of others) {
    for (const id of other.selection.flatMap(markedBy)) {
      const known = found.get(id) ?? [];
      if (!known.some(({ user }) => user === other.user)) found.set(id, [...known, other]);
    }
  }
  return found;
}
