import {
  contributionsOf,
  type ObjectId,
  type Path,
  type Readable,
  type Register,
  slotPlaceOf,
} from '@weft/core';
import type { Awareness } from 'y-protocols/awareness';
import type { Doc } from 'yjs';
import { DocumentError } from '../document-error.ts';
import { decodeSyncMessage } from '../sync/sync-message.ts';
import type { AwarenessState, DocumentHost } from './document-host.ts';
import type { DocumentStatus } from './document-status.ts';
import { SharedDocument } from './shared-document.ts';

/**
 * The document of an object, for whatever edits it. Any binding for Yjs takes `ydoc`, and `awareness` where it shows
 * cursors; content that goes by one name in all programs is `ydoc.getText('text')`.
 */
export interface DocumentHandle {
  readonly object: ObjectId;
  /** Another one after the document was begun anew: see `onRestart`. */
  readonly ydoc: Doc;
  /** What editors show of themselves in it, of at most 2 KiB with all else that this user shows. */
  readonly awareness: Awareness;
  readonly status: Readable<DocumentStatus>;
  /** Called when somebody began the document anew: `ydoc` and `awareness` are others now, to be bound again. @returns what stops it */
  onRestart(listener: () => void): () => void;
  /**
   * Begins the document anew: it is empty but for what the function puts in. What others type meanwhile is lost. Also makes
   * a document small again of which much was deleted.
   *
   * @throws WeftError `read-only`, `forbidden`
   */
  restart(fill?: (ydoc: Doc) => void): void;
  /** Saves what is unsaved and lets go of it. May be called again. */
  destroy(): void;
}

interface Opened {
  readonly document: SharedDocument;
  handles: number;
}

/** All documents of a world that this client has open. */
export class Documents {
  readonly #host: DocumentHost;
  readonly #open = new Map<ObjectId, Opened>();
  #others: ReadonlyMap<ObjectId, ReadonlyMap<number, AwarenessState>> = new Map();

  constructor(host: DocumentHost) {
    this.#host = host;
  }

  /** Opens the document of an object; those who have it open here share one copy. */
  open(object: ObjectId): DocumentHandle {
    const known = this.#open.get(object);
    const opened = known ?? { document: new SharedDocument(this.#host, object), handles: 0 };
    this.#open.set(object, opened);
    opened.handles += 1;
    if (known === undefined) {
      opened.document.showOthers(this.#others.get(object) ?? new Map());
      opened.document.copy.value.begin();
    }
    return this.#handle(opened);
  }

  /** Objects changed, or what this user may do with them. */
  changed(objects: Iterable<ObjectId>): void {
    for (const object of objects) this.#open.get(object)?.document.slotsChanged();
  }

  /** What this user may do is another. */
  standingChanged(): void {
    this.changed([...this.#open.keys()]);
  }

  laneIsLive(): void {
    for (const { document } of this.#open.values()) document.copy.value.begin();
  }

  laneIsLost(): void {
    for (const { document } of this.#open.values()) document.copy.value.laneIsLost();
  }

  /** A message of the lane; one that is none is passed over. */
  receive(object: ObjectId, bytes: Uint8Array): void {
    const document = this.#open.get(object)?.document;
    if (document === undefined) return;
    try {
      document.receive(decodeSyncMessage(bytes));
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
    }
  }

  /** What the others show of themselves, by object and client id. */
  showOthers(states: ReadonlyMap<ObjectId, ReadonlyMap<number, AwarenessState>>): void {
    this.#others = states;
    for (const [object, { document }] of this.#open) document.showOthers(states.get(object) ?? new Map());
  }

  /** Own contributions that lost a race for their slot: they are merged back in, and saved elsewhere. */
  takeBack(object: ObjectId, lost: ReadonlyMap<Path, Register>): void {
    if (![...lost.keys()].some((path) => slotPlaceOf(path) !== null)) return;
    const registers = this.#host.registers(object) ?? new Map<Path, Register>();
    const rest = [...registers].filter(([path]) => slotPlaceOf(path) === null);
    const contributions = contributionsOf(new Map([...rest, ...lost]));
    if (contributions.length === 0) return;
    const handle = this.open(object);
    this.#open.get(object)?.document.copy.value.takeBack(contributions);
    handle.destroy();
  }

  /** Saves all that is unsaved. */
  flush(): void {
    for (const { document } of this.#open.values()) document.copy.value.flush();
  }

  close(): void {
    for (const { document } of this.#open.values()) document.close();
    this.#open.clear();
  }

  #handle(opened: Opened): DocumentHandle {
    const { document } = opened;
    let isOpen = true;
    return {
      object: document.object,
      get ydoc() {
        return document.ydoc;
      },
      get awareness() {
        return document.awareness;
      },
      status: document.status,
      onRestart: (listener) => document.copy.subscribe(listener),
      restart: (fill = () => undefined) => document.restart(fill),
      destroy: () => {
        if (isOpen) this.#leave(opened);
        isOpen = false;
      },
    };
  }

  #leave(opened: Opened): void {
    opened.handles -= 1;
    if (opened.handles > 0) return;
    const { document } = opened;
    document.copy.value.flush();
    // A client id must not begin to count anew: what could not be saved stays with its copy.
    if (document.status.value.isUnsaved || this.#open.get(document.object) !== opened) return;
    this.#open.delete(document.object);
    document.close();
  }
}
