import { isObjectId, isUserId, type ObjectId, type UserId } from '@weft/core';
import { DocumentError, decodeSyncMessage, encodeSyncMessage } from '@weft/document';
import type { JournalRecord } from '../journal/journal-record.ts';
import type { LaneHost } from '../lane/lane-part.ts';

/** Whose client ids are. */
export type Authors = ReadonlyMap<number, UserId>;

/** What is kept of one document. */
export interface KeptDocument {
  readonly epoch: string;
  readonly updates: readonly Uint8Array[];
  readonly authors: Authors;
}

interface MutableKept extends KeptDocument {
  readonly updates: Uint8Array[];
  readonly authors: Map<number, UserId>;
  /** Of what came since all of it was kept as one. */
  bytes: number;
}

const LENGTH_BYTES = 4;

/** The updates of documents that the journal holds: one after another, and from time to time all of them as one. */
export class KeptUpdates {
  readonly #host: Pick<LaneHost, 'keep' | 'keepOnly' | 'whenKept'>;
  readonly #maxBytes: number;
  readonly #kept = new Map<ObjectId, MutableKept>();
  /** Documents that are being kept as one: the next time waits until that is done. */
  readonly #saving = new Set<ObjectId>();

  constructor(host: Pick<LaneHost, 'keep' | 'keepOnly' | 'whenKept'>, maxBytes: number) {
    this.#host = host;
    this.#maxBytes = maxBytes;
  }

  load(records: readonly JournalRecord[]): void {
    for (const { key, body } of records) {
      const read = decodeBody(body);
      if (isObjectId(key) && read !== null) this.#add(key, read.epoch, read.update, read.authors);
    }
  }

  objects(): readonly ObjectId[] {
    return [...this.#kept.keys()];
  }

  of(object: ObjectId): KeptDocument | undefined {
    return this.#kept.get(object);
  }

  /** @param whole all of the document, for when that is shorter than what was kept */
  keep(
    object: ObjectId,
    news: { readonly epoch: string; readonly update: Uint8Array; readonly authors: Authors },
    whole: () => Uint8Array,
  ): void {
    const kept = this.#add(object, news.epoch, news.update, news.authors);
    this.#host.keep(object, encodeBody(news));
    // A document that is larger than the bound is kept as one each time that it has grown by as much again.
    if (kept.bytes > this.#maxBytes && !this.#saving.has(object)) this.only(object, whole());
  }

  /** From now on this is all that is kept of a document, by the same authors; `null` for nothing. */
  only(object: ObjectId, update: Uint8Array | null): void {
    const kept = this.#kept.get(object);
    if (kept === undefined) return;
    const { epoch, authors } = kept;
    this.#host.keepOnly(object, update === null ? null : encodeBody({ epoch, update, authors }));
    if (update === null) this.#kept.delete(object);
    else this.#kept.set(object, { epoch, authors, updates: [update], bytes: 0 });
    this.#saving.add(object);
    this.#host.whenKept(() => this.#saving.delete(object));
  }

  #add(object: ObjectId, epoch: string, update: Uint8Array, authors: Authors): MutableKept {
    const known = this.#kept.get(object);
    const isSame = known?.epoch === epoch;
    const kept: MutableKept = isSame ? known : { epoch, updates: [], authors: new Map(), bytes: 0 };
    kept.updates.push(update);
    kept.bytes += update.length;
    for (const [client, user] of authors) kept.authors.set(client, user);
    this.#kept.set(object, kept);
    return kept;
  }
}

/** The length of the authors as JSON, these, and the update as a message of the document's epoch. */
function encodeBody(kept: { epoch: string; update: Uint8Array; authors: Authors }): Uint8Array {
  const authors = new TextEncoder().encode(JSON.stringify([...kept.authors]));
  const message = encodeSyncMessage(kept.epoch, { type: 'update', update: kept.update });
  const body = new Uint8Array(LENGTH_BYTES + authors.length + message.length);
  new DataView(body.buffer).setUint32(0, authors.length);
  body.set(authors, LENGTH_BYTES);
  body.set(message, LENGTH_BYTES + authors.length);
  return body;
}

/** `null` for what is none: the journal seals its records, so only another version writes such a one. */
function decodeBody(body: Uint8Array): { epoch: string; update: Uint8Array; authors: Authors } | null {
  if (body.length < LENGTH_BYTES) return null;
  const start = LENGTH_BYTES + new DataView(body.buffer, body.byteOffset).getUint32(0);
  try {
    const authors = readAuthors(JSON.parse(new TextDecoder().decode(body.subarray(LENGTH_BYTES, start))));
    const { epoch, message } = decodeSyncMessage(body.subarray(start));
    return message.type === 'update' ? { epoch, update: message.update, authors } : null;
  } catch (error) {
    if (error instanceof DocumentError || error instanceof SyntaxError) return null;
    throw error;
  }
}

function readAuthors(entries: unknown): Authors {
  const authors = new Map<number, UserId>();
  for (const entry of Array.isArray(entries) ? entries : []) {
    const [client, user]: unknown[] = Array.isArray(entry) ? entry : [];
    if (typeof client === 'number' && isUserId(user)) authors.set(client, user);
  }
  return authors;
}
