import { Cell, documentEpoch, type ObjectId, type Readable, sameFields, toBase64Url } from '@weft/core';
import type { Awareness } from 'y-protocols/awareness';
import type { Doc } from 'yjs';
import type { EpochMessage } from '../sync/sync-message.ts';
import { DocumentCopy } from './document-copy.ts';
import type { AwarenessState, DocumentHost } from './document-host.ts';
import type { DocumentStatus } from './document-status.ts';

const EPOCH_BYTES = 12;

/** The document of an object while somebody here has it open, through all its epochs. */
export class SharedDocument {
  readonly object: ObjectId;
  readonly status: Readable<DocumentStatus>;
  readonly copy: Readable<DocumentCopy>;
  readonly #host: DocumentHost;
  readonly #status: Cell<DocumentStatus>;
  readonly #copy: Cell<DocumentCopy>;
  #others: ReadonlyMap<number, AwarenessState> = new Map();

  constructor(host: DocumentHost, object: ObjectId) {
    this.#host = host;
    this.object = object;
    const copy = this.#open();
    this.copy = this.#copy = new Cell(copy);
    this.status = this.#status = new Cell(copy.status, sameFields);
  }

  get ydoc(): Doc {
    return this.#copy.value.ydoc;
  }

  get awareness(): Awareness {
    return this.#copy.value.awareness;
  }

  /** Begins the document anew. @throws WeftError */
  restart(fill: (ydoc: Doc) => void): void {
    this.#host.beginEpoch(this.object, toBase64Url(this.#host.random(EPOCH_BYTES)));
    this.slotsChanged();
    this.ydoc.transact(() => fill(this.ydoc));
  }

  slotsChanged(): void {
    if (this.#epoch() === this.#copy.value.epoch) this.#copy.value.slotsChanged();
    else {
      const before = this.#copy.value;
      const copy = this.#open();
      copy.showOthers(this.#others);
      this.#copy.set(copy);
      before.close();
      copy.begin();
      this.#changed();
    }
  }

  receive({ epoch, message }: EpochMessage): void {
    // One epoch's clocks mean nothing in another: it will be asked for when the register has come.
    if (epoch === this.#copy.value.epoch) this.#copy.value.receive(message);
  }

  showOthers(states: ReadonlyMap<number, AwarenessState>): void {
    this.#others = states;
    this.#copy.value.showOthers(states);
  }

  close(): void {
    this.#copy.value.flush();
    this.#copy.value.close();
  }

  #open(): DocumentCopy {
    const { object } = this;
    return new DocumentCopy({
      host: this.#host,
      object,
      epoch: this.#epoch(),
      changed: () => this.#changed(),
    });
  }

  #changed(): void {
    // Told while the first copy is still being made.
    this.#status?.set(this.#copy.value.status);
  }

  #epoch(): string {
    return documentEpoch(this.#host.registers(this.object) ?? new Map());
  }
}
