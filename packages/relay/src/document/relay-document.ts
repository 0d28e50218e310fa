import { contributionsOf, documentEpoch, type Path, type Register } from '@weft/core';
import {
  DocumentError,
  documentOf,
  integrate,
  lackingUpdate,
  MAX_DOCUMENT_STRUCTS,
  MAX_MESSAGE_STEPS,
  MAX_MESSAGE_STRUCTS,
  MAX_UPDATE_BYTES,
  mergeContributions,
  scanUpdate,
} from '@weft/document';
import * as Y from 'yjs';

export interface RelayDocumentOptions {
  readonly registers: ReadonlyMap<Path, Register>;
  /** What was taken from sockets earlier and may be in no slot. */
  readonly kept: readonly Uint8Array[];
  readonly maxMergeSteps: number;
}

const LIMITS = { maxBytes: MAX_UPDATE_BYTES, maxStructs: MAX_MESSAGE_STRUCTS };

/** The relay's copy of one document in one epoch, for those who come late, and to tell what is new from what is not. */
export class RelayDocument {
  readonly epoch: string;
  readonly #options: RelayDocumentOptions;
  readonly doc = new Y.Doc();
  /** What the update that is being taken in brought. */
  #news: Uint8Array | null = null;
  /** At least the size of the document. */
  #bytes: number;

  constructor(options: RelayDocumentOptions) {
    this.#options = options;
    this.epoch = documentEpoch(options.registers);
    this.doc.on('update', (update: Uint8Array) => {
      this.#news = update;
    });
    this.takeSlots(options.registers);
    for (const update of options.kept) this.#restore(update);
    this.#bytes = this.state().length;
  }

  /** By client, how far it is known. */
  get clocks(): ReadonlyMap<number, number> {
    return Y.decodeStateVector(Y.encodeStateVector(this.doc));
  }

  /** All of it as one update. */
  state(): Uint8Array {
    return Y.encodeStateAsUpdate(this.doc);
  }

  /** What somebody lacks who knows the clients so far. */
  since(clocks: ReadonlyMap<number, number>): Uint8Array {
    return Y.encodeStateAsUpdate(this.doc, Y.encodeStateVector(new Map(clocks)));
  }

  /** The registers of the object are these now. */
  takeSlots(registers: ReadonlyMap<Path, Register>): void {
    mergeContributions(this.doc, contributionsOf(registers), null, this.#options.maxMergeSteps);
  }

  /**
   * Takes in what somebody wrote.
   *
   * @param client the only client id whose structs it may hold
   * @returns what of it is new, `null` where nothing is; and whether all it builds on is here
   * @throws DocumentError; nothing was changed, but for `costly`, where what `news` tells was taken, and `broken`
   */
  take(
    update: Uint8Array,
    client: number,
  ): { readonly news: Uint8Array | null; readonly isComplete: boolean } {
    const { clients } = scanUpdate(update, LIMITS);
    for (const other of clients)
      if (other !== client)
        throw new DocumentError('foreign', `Expected structs of client ${client}, got some of ${other}`);
    this.#checkRoom(update.length);
    this.#news = null;
    const { isComplete } = integrate(this.doc, update, { origin: null, maxSteps: MAX_MESSAGE_STEPS });
    this.#bytes += update.length;
    return { news: this.#news, isComplete };
  }

  /** What was taken in by a `take` that threw. */
  get news(): Uint8Array | null {
    return this.#news;
  }

  /**
   * What no slot of the object holds; `null` where they hold all of it.
   *
   * @param except clients whose structs are left out
   */
  unsaved(registers: ReadonlyMap<Path, Register>, except: ReadonlySet<number>): Uint8Array | null {
    return lackingUpdate(this.doc, documentOf(contributionsOf(registers)), except);
  }

  close(): void {
    this.doc.destroy();
  }

  #checkRoom(added: number): void {
    let structs = 0;
    for (const own of this.doc.store.clients.values()) structs += own.length;
    if (structs > MAX_DOCUMENT_STRUCTS)
      throw new DocumentError(
        'full',
        `Expected a document of at most ${MAX_DOCUMENT_STRUCTS} structs, got ${structs}`,
      );
    if (this.#bytes + added > MAX_UPDATE_BYTES) this.#bytes = this.state().length;
    if (this.#bytes + added > MAX_UPDATE_BYTES)
      throw new DocumentError('full', `Expected a document of at most ${MAX_UPDATE_BYTES} bytes, got more`);
  }

  /** Of the journal only what was taken once is there; a record that no longer fits is passed over. */
  #restore(update: Uint8Array): void {
    try {
      scanUpdate(update, { maxBytes: MAX_UPDATE_BYTES, maxStructs: 2 * MAX_DOCUMENT_STRUCTS });
      integrate(this.doc, update, { origin: null, maxSteps: this.#options.maxMergeSteps });
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
    }
  }
}
