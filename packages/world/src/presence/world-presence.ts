import {
  type ActorId,
  Cell,
  canonicalJson,
  isList,
  isObjectId,
  normaliseValue,
  type ObjectId,
  type Readable,
  type Stop,
  sameRecords,
  type UserId,
  utf8Length,
  type Value,
  WeftError,
} from '@weft/core';
import { type AwarenessState, clientIdOf } from '@weft/document';
import type { Channel } from '@weft/live';
import { MAX_PRESENCE_BYTES } from '@weft/protocol';

/**
 * What an editor shows of itself. Any names will do; so that programs understand each other, `selection` is a list of object
 * ids, `cursor` a point in metres, `color` `#rrggbb`.
 */
export type PresenceState = Readonly<Record<string, Value>>;

/** Another editor that is there now. The relay vouches for who it is. */
export interface Presence {
  readonly user: UserId;
  /** The running client: a user may have several. */
  readonly actor: ActorId;
  readonly state: PresenceState;
}

/** What all others show of themselves in documents, by object and Yjs client id. */
export type RemoteAwareness = ReadonlyMap<ObjectId, ReadonlyMap<number, AwarenessState>>;

/** In the state on the lane, what an editor shows in single documents. */
const DOCUMENTS = 'documents';

/** Who selects what, where cursors are: over the live lane, while clients are connected, and kept nowhere. */
export class WorldPresence {
  /** The others who show something, in the order of their actors; nobody where no relay is live. */
  readonly others: Readable<readonly Presence[]>;
  readonly #channel: Channel | null;
  readonly #others = new Cell<readonly Presence[]>([], sameRecords);
  readonly #stops: readonly Stop[];
  /** As they came, by actor. */
  readonly #states = new Map<ActorId, PresenceState>();
  readonly #documents = new Map<ObjectId, AwarenessState>();
  #own: PresenceState | null = null;
  #awareness: (states: RemoteAwareness) => void = () => undefined;

  constructor(channel: Channel | null) {
    this.#channel = channel;
    this.others = this.#others;
    this.#stops =
      channel === null
        ? []
        : [
            channel.presence.on(({ person, state }) => {
              if (state === null) this.#states.delete(person.actor);
              else this.#states.set(person.actor, state);
              this.#update();
            }),
            channel.people.subscribe(() => this.#update()),
          ];
  }

  /**
   * Shows this to the others from now on, also after a reconnection; `null` for nothing. Costs a message, 20 times a second
   * at most.
   *
   * @throws WeftError `invalid-value`, `limit` past 2,048 bytes of JSON
   */
  set(state: Readonly<Record<string, unknown>> | null): void {
    this.#own = state === null ? null : readState(state);
    this.#tell();
  }

  /** What this editor shows in a document; `null` for nothing. It is left out where there is no room for it. */
  showAwareness(object: ObjectId, state: AwarenessState | null): void {
    this.#documents.delete(object);
    if (state !== null) this.#documents.set(object, state);
    this.#tell();
  }

  /** Calls the listener with what the others show in documents, whenever that changes. */
  onAwareness(listener: (states: RemoteAwareness) => void): void {
    this.#awareness = listener;
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#states.clear();
  }

  #tell(): void {
    let shown = this.#own;
    const documents: Record<string, Value> = {};
    // The latest first: where there is no room for all, those that were looked at last are left out.
    for (const [object, state] of [...this.#documents].reverse()) {
      const more = { ...this.#own, [DOCUMENTS]: { ...documents, [object]: state } };
      if (utf8Length(canonicalJson(more)) > MAX_PRESENCE_BYTES) continue;
      documents[object] = state;
      shown = more;
    }
    this.#channel?.presence.set(shown);
  }

  #update(): void {
    const others: Presence[] = [];
    const awareness = new Map<ObjectId, Map<number, AwarenessState>>();
    for (const { actor, user } of this.#channel?.people.value ?? []) {
      const state = this.#states.get(actor);
      if (state === undefined) continue;
      const { [DOCUMENTS]: documents, ...own } = state;
      others.push(Object.freeze({ user, actor, state: own }));
      for (const [object, shown] of awarenessIn(documents)) {
        const known = awareness.get(object) ?? new Map<number, AwarenessState>();
        awareness.set(object, known.set(clientIdOf(actor), shown));
      }
    }
    this.#others.set(others.sort((a, b) => (a.actor < b.actor ? -1 : 1)));
    this.#awareness(awareness);
  }
}

function readState(state: Readonly<Record<string, unknown>>): PresenceState {
  const what = 'show your presence';
  const value = normaliseValue(state, what);
  if (!isRecord(value) || DOCUMENTS in value)
    throw new WeftError('invalid-value', {
      what,
      expected: `a record without the member "${DOCUMENTS}"`,
      got: isRecord(value) ? 'one with it' : 'something else',
      hint: 'What is shown in a document is shown by its awareness.',
    });
  const bytes = utf8Length(canonicalJson(value));
  if (bytes <= MAX_PRESENCE_BYTES) return value;
  throw new WeftError('limit', {
    what,
    expected: `at most ${MAX_PRESENCE_BYTES} bytes of JSON`,
    got: `${bytes} bytes`,
    hint: 'Show less: ids instead of what they stand for.',
  });
}

function* awarenessIn(documents: Value | undefined): Generator<readonly [ObjectId, AwarenessState]> {
  if (documents === undefined || !isRecord(documents)) return;
  for (const [id, state] of Object.entries(documents))
    if (isObjectId(id) && isRecord(state)) yield [id, state];
}

function isRecord(value: Value): value is { readonly [name: string]: Value } {
  return typeof value === 'object' && value !== null && !isList(value);
}
