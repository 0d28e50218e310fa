import type { ObjectId } from '@weft/core';
import type { Doc } from 'yjs';
import * as Y from 'yjs';
import { MAX_DOCUMENT_STRUCTS, MAX_MERGE_STEPS, MAX_MESSAGE_STRUCTS, MAX_UPDATE_BYTES } from '../limits.ts';
import { encodeSyncMessage, type SyncMessage } from '../sync/sync-message.ts';
import { deletedIn } from '../update/deleted-ranges.ts';
import { integrate } from '../update/integrate.ts';
import { scanUpdate } from '../update/scan-update.ts';
import { isEmptyUpdate, readUpdate, splitUpdate, type UpdateParts } from '../update/write-update.ts';
import type { DocumentHost } from './document-host.ts';

const LIMITS = { maxBytes: MAX_UPDATE_BYTES, maxStructs: MAX_DOCUMENT_STRUCTS };

export interface SyncOptions {
  readonly host: DocumentHost;
  readonly object: ObjectId;
  readonly epoch: string;
  readonly doc: Doc;
  /** The origin of what comes from others. */
  readonly origin: unknown;
}

/**
 * One document's talk with the relay. A client says what itself wrote, and nothing of others: the relay refuses that.
 */
export class DocumentSync {
  readonly #options: SyncOptions;
  #isAsking = false;
  #isLive = false;

  constructor(options: SyncOptions) {
    this.#options = options;
  }

  /** Whether the relay answered, and everything since then was taken in. */
  get isLive(): boolean {
    return this.#isLive;
  }

  /** Asks for all that is not here: when the document is opened, and whenever a relay becomes live. */
  begin(): void {
    const clocks = Y.decodeStateVector(Y.encodeStateVector(this.#options.doc));
    this.#isAsking = this.#send({ type: 'known', clocks });
    if (!this.#isAsking) this.#isLive = false;
  }

  /** No relay is live any more. */
  lost(): void {
    this.#isLive = false;
    this.#isAsking = false;
  }

  /** Tells of a change that was made here. */
  tell(update: Uint8Array): void {
    if (this.#isLive || this.#isAsking) this.#say(readUpdate(update), 'update');
  }

  /** @throws DocumentError where the message is none, or takes too much; what observers of the document throw */
  receive(message: SyncMessage): void {
    switch (message.type) {
      case 'known':
        this.#answer(message.clocks);
        break;
      case 'answer':
        this.#isAsking = false;
        this.#isLive = true;
        this.#takeIn(message.update);
        break;
      case 'update':
        this.#takeIn(message.update);
        break;
      case 'closed':
        this.lost();
        break;
    }
  }

  /** Says that nobody here looks at it any more. */
  close(): void {
    if (this.#isLive || this.#isAsking) this.#send({ type: 'closed' });
    this.lost();
  }

  #answer(known: ReadonlyMap<number, number>): void {
    const { doc } = this.#options;
    const clocks = new Map([[doc.clientID, known.get(doc.clientID) ?? 0]]);
    for (const client of doc.store.clients.keys())
      if (client !== doc.clientID) clocks.set(client, Y.getState(doc.store, client));
    const { structs } = readUpdate(Y.encodeStateAsUpdate(doc, Y.encodeStateVector(clocks)));
    this.#say({ structs, deleted: deletedIn(doc) }, 'answer');
  }

  #takeIn(update: Uint8Array): void {
    scanUpdate(update, LIMITS);
    const { doc, origin } = this.#options;
    const { isComplete } = integrate(doc, update, { origin, maxSteps: MAX_MERGE_STEPS });
    if (!isComplete && !this.#isAsking) this.begin();
  }

  #say(parts: UpdateParts, type: 'answer' | 'update'): void {
    const { host, object, doc } = this.#options;
    if (!host.mayEdit(object)) return;
    const own = { ...parts, structs: parts.structs.filter(({ id }) => id.client === doc.clientID) };
    if (isEmptyUpdate(own)) return;
    for (const update of splitUpdate(own, MAX_MESSAGE_STRUCTS)) this.#send({ type, update });
  }

  #send(message: SyncMessage): boolean {
    const { host, object, epoch } = this.#options;
    return host.lane.send(object, encodeSyncMessage(epoch, message));
  }
}
