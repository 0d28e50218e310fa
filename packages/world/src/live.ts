import {
  type ChangeSet,
  Emitter,
  type LiveDelta,
  LiveQuery,
  type LiveQueryForm,
  type ObjectId,
  type Origin,
  type Path,
  type QueryOptions,
  type Readable,
  type Scene,
  type SceneObject,
  WeftError,
} from '@weft/core';
import { reportUncaught } from '@weft/matrix';

/** What a live query tells, by name of the event; each transaction's leaves first, then enters, then changes. */
export interface LiveEvents {
  readonly leave: ObjectId;
  readonly enter: SceneObject;
  /** It was in the result and still is. */
  readonly change: { readonly object: SceneObject; readonly paths: readonly Path[]; readonly origin: Origin };
  /** Following it would cost too much: it has stopped. */
  readonly error: WeftError;
}

/**
 * The result of a query while the world changes: `value` is up to date with every transaction before anybody is told
 * of it. `for await` gives the deltas from then on; a slow loop gets several in one, with their net effect.
 */
export interface Live extends Readable<readonly SceneObject[]>, AsyncIterable<LiveDelta> {
  readonly ids: readonly ObjectId[];
  /** @returns what stops it */
  on<Name extends keyof LiveEvents>(event: Name, listener: (value: LiveEvents[Name]) => void): () => void;
  /** Ends it, its loops and its events; `value` stays as it is. */
  stop(): void;
}

/** The live queries of one world. */
export class LiveQueries {
  readonly #scene: Scene;
  readonly #open = new Set<LiveView>();

  constructor(scene: Scene) {
    this.#scene = scene;
  }

  /** @throws WeftError `invalid-query`, `limit` */
  open(query: LiveQueryForm, options: QueryOptions = {}): Live {
    const view: LiveView = new LiveView(this.#scene, new LiveQuery(this.#scene, query, options), () =>
      this.#open.delete(view),
    );
    this.#open.add(view);
    return view;
  }

  /** Takes one transaction into every result, then tells of it. */
  apply(change: ChangeSet): void {
    for (const view of this.#open) view.apply(change);
    for (const view of [...this.#open]) view.tell();
  }

  close(): void {
    for (const view of [...this.#open]) view.stop();
  }
}

interface LiveViewEvents extends LiveEvents {
  readonly delta: null;
}

class LiveView implements Live {
  readonly #scene: Scene;
  readonly #live: LiveQuery;
  readonly #onStop: () => void;
  readonly #events = new Emitter<LiveViewEvents>({ failed: reportUncaught });
  /** What is still to be told: a listener may edit, which changes the result before the rest was told. */
  #untold: (() => void)[] = [];
  #isTelling = false;

  constructor(scene: Scene, live: LiveQuery, onStop: () => void) {
    this.#scene = scene;
    this.#live = live;
    this.#onStop = onStop;
  }

  get value(): readonly SceneObject[] {
    return this.#live.value;
  }

  get ids(): readonly ObjectId[] {
    return this.#live.ids;
  }

  on<Name extends keyof LiveEvents>(event: Name, listener: (value: LiveEvents[Name]) => void): () => void {
    return this.#events.on(event, listener);
  }

  subscribe(listener: () => void): () => void {
    return this.#events.on('delta', () => listener());
  }

  [Symbol.asyncIterator](): AsyncIterableIterator<LiveDelta, undefined> {
    return this.#live[Symbol.asyncIterator]();
  }

  stop(): void {
    this.#live.stop();
    this.#untold = [];
    this.#events.clear();
    this.#onStop();
  }

  apply(change: ChangeSet): void {
    try {
      const delta = this.#live.apply(change);
      if (delta !== null) this.#note(delta);
    } catch (error) {
      if (!(error instanceof WeftError)) throw error;
      this.#untold.push(() => {
        this.#events.emit('error', error);
        this.stop();
      });
    }
  }

  tell(): void {
    if (this.#isTelling) return;
    this.#isTelling = true;
    for (let next = this.#untold.shift(); next !== undefined; next = this.#untold.shift()) next();
    this.#isTelling = false;
  }

  /** Objects are read now: when their turn comes, they may be gone. */
  #note({ leave, enter, change }: LiveDelta): void {
    for (const id of leave) this.#untold.push(() => this.#events.emit('leave', id));
    for (const id of enter) {
      const object = this.#scene.get(id);
      if (object !== undefined) this.#untold.push(() => this.#events.emit('enter', object));
    }
    for (const [id, { paths, origin }] of change) {
      const object = this.#scene.get(id);
      if (object !== undefined)
        this.#untold.push(() => this.#events.emit('change', { object, paths, origin }));
    }
    this.#untold.push(() => this.#events.emit('delta', null));
  }
}
