import { type Contribution, contributionsOf, type ObjectId } from '@weft/core';
import type { Awareness } from 'y-protocols/awareness';
import * as Y from 'yjs';
import { clientIdOf } from '../client-id.ts';
import { DocumentError } from '../document-error.ts';
import { mergeContributions } from '../merge/merge-contributions.ts';
import { sameBytes } from '../same-bytes.ts';
import type { SyncMessage } from '../sync/sync-message.ts';
import { createAwareness, setRemoteStates } from './create-awareness.ts';
import type { AwarenessState, DocumentHost } from './document-host.ts';
import { DocumentSaver, type SaverState } from './document-saver.ts';
import type { DocumentStatus } from './document-status.ts';
import { DocumentSync } from './document-sync.ts';

const NOTHING_SAVED: SaverState = { isUnsaved: false, problem: null };

export interface CopyOptions {
  readonly host: DocumentHost;
  readonly object: ObjectId;
  readonly epoch: string;
  /** Told whenever `status` may be another. */
  readonly changed: () => void;
}

/** This client's copy of one document in one epoch: merged from the object's slots, kept alike by the relay, saved. */
export class DocumentCopy {
  readonly epoch: string;
  readonly ydoc = new Y.Doc();
  readonly awareness: Awareness;
  readonly #options: CopyOptions;
  readonly #sync: DocumentSync;
  readonly #saver: DocumentSaver;
  /** By slot, what was taken in whole already. */
  readonly #merged = new Map<number, Uint8Array>();
  #saved = NOTHING_SAVED;
  #problem: DocumentError | null = null;

  constructor(options: CopyOptions) {
    const { host, object, epoch, changed } = options;
    this.#options = options;
    this.epoch = epoch;
    this.ydoc.clientID = clientIdOf(host.actor);
    this.#sync = new DocumentSync({ host, object, epoch, doc: this.ydoc, origin: this });
    this.#saver = new DocumentSaver({
      host,
      object,
      doc: this.ydoc,
      changed: (state) => {
        this.#saved = state;
        changed();
      },
    });
    this.awareness = createAwareness(this.ydoc, (state) => host.showAwareness(object, state));
    this.takeSlots();
    this.ydoc.on('update', (update: Uint8Array, origin: unknown) => this.#updated(update, origin));
  }

  get status(): DocumentStatus {
    const { host, object } = this.#options;
    return {
      canEdit: host.mayEdit(object),
      isLive: this.#sync.isLive,
      isUnsaved: this.#saved.isUnsaved,
      problem: this.#saved.problem ?? this.#problem,
    };
  }

  /** The registers of the object changed. */
  slotsChanged(): void {
    this.takeSlots();
    this.#saver.changedElsewhere();
    this.#options.changed();
  }

  /** Asks the relay, if there is one, for what is not here. */
  begin(): void {
    this.#sync.begin();
    this.#options.changed();
  }

  laneIsLost(): void {
    this.#sync.lost();
    this.#options.changed();
  }

  receive(message: SyncMessage): void {
    this.#guarded(() => this.#sync.receive(message));
    this.#options.changed();
  }

  showOthers(states: ReadonlyMap<number, AwarenessState>): void {
    setRemoteStates(this.awareness, states);
  }

  /** Takes in what is not in the slots of the object any more. */
  takeBack(contributions: readonly Contribution[]): void {
    this.#merge(contributions);
    this.#saver.changedHere();
  }

  takeSlots(): void {
    const { host, object } = this.#options;
    const contributions = contributionsOf(host.registers(object) ?? new Map());
    const fresh = contributions.filter(({ slot, update }) => !sameBytes(this.#merged.get(slot), update));
    this.#merge(fresh);
    for (const { slot, update } of fresh) this.#merged.set(slot, update);
  }

  flush(): void {
    if (this.#saver.isUnsaved) this.#saver.flush();
  }

  close(): void {
    this.#saver.close();
    this.#sync.close();
    this.awareness.destroy();
    this.ydoc.destroy();
  }

  #merge(contributions: readonly Contribution[]): void {
    if (contributions.length === 0) return;
    this.#guarded(() => {
      const [first] = mergeContributions(this.ydoc, contributions, this);
      if (first !== undefined) this.#problem = first.error;
    });
  }

  #updated(update: Uint8Array, origin: unknown): void {
    if (origin === this) this.#saver.changedElsewhere();
    else {
      this.#sync.tell(update);
      this.#saver.changedHere();
    }
  }

  #guarded(run: () => void): void {
    try {
      run();
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
      this.#problem = error;
    }
  }
}
