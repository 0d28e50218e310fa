import { type ChangeSet, canEdit, documentEpoch, EPOCH_PATH, type ObjectId, type Stop } from '@weft/core';
import {
  clientIdOf,
  DocumentError,
  type DocumentErrorCode,
  decodeSyncMessage,
  encodeSyncMessage,
  type SyncMessage,
} from '@weft/document';
import { CLOSE_CODES, type DocumentUp, type Session, type UpFrame } from '@weft/protocol';
import type { JournalRecord } from '../journal/journal-record.ts';
import type { LaneHost, LanePart, LanePerson } from '../lane/lane-part.ts';
import { DOCUMENT_LIMITS, type DocumentLimits } from './document-limits.ts';
import { KeptUpdates } from './kept-updates.ts';
import { RelayDocument } from './relay-document.ts';
import { Unsaved } from './unsaved.ts';

/** A document that somebody has open. */
interface Open {
  readonly object: ObjectId;
  document: RelayDocument;
  readonly readers: Set<Session>;
  /** Who was asked for what something they sent builds on. */
  readonly asked: Set<Session>;
}

/** Why a socket is closed; what is not here answers that the document is closed. */
const EXPULSIONS: Partial<Record<DocumentErrorCode, number>> = {
  malformed: CLOSE_CODES.malformed,
  limit: CLOSE_CODES.tooLarge,
  costly: CLOSE_CODES.tooMany,
  foreign: CLOSE_CODES.forbidden,
  broken: CLOSE_CODES.malformed,
};

const NO_REGISTERS = new Map();

/**
 * The shared documents of a room: who has one open gets what the others write, and who comes late all of it. What was taken
 * is kept by the journal until the slots of the object hold it.
 */
export class DocumentPart implements LanePart {
  readonly kind = 'document';
  readonly takes: ReadonlySet<UpFrame['type']> = new Set(['document-up']);
  readonly #host: LaneHost;
  readonly #limits: DocumentLimits;
  readonly #open = new Map<ObjectId, Open>();
  readonly #kept: KeptUpdates;
  readonly #unsaved: Unsaved;
  readonly #stop: Stop;

  constructor(host: LaneHost, limits = DOCUMENT_LIMITS) {
    this.#host = host;
    this.#limits = limits;
    this.#kept = new KeptUpdates(host, limits.maxKeptBytes);
    this.#unsaved = new Unsaved({
      host,
      limits,
      kept: this.#kept,
      isOpen: (object) => this.#open.has(object),
    });
    this.#stop = host.world.onChange((change) => this.#changed(change));
  }

  load(records: readonly JournalRecord[]): void {
    this.#kept.load(records);
    for (const object of this.#kept.objects()) this.#unsaved.watch(object);
  }

  joined(): void {}

  hasAvatar(): boolean {
    return false;
  }

  changed(person: LanePerson): void {
    // Whoever may edit from now on may have typed before.
    for (const open of this.#open.values())
      if (open.readers.has(person.session) && this.#mayEdit(person, open.object))
        this.#ask(open, person.session);
  }

  left({ session }: LanePerson): void {
    for (const open of [...this.#open.values()]) this.#leave(open, session);
  }

  receive(person: LanePerson, frame: UpFrame): void {
    if (frame.type !== 'document-up') return;
    try {
      this.#read(person, frame);
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error;
      this.#refuse(person, frame.object, error);
    }
  }

  leased(): void {}

  close(): void {
    this.#stop();
    this.#unsaved.close();
    for (const { document } of this.#open.values()) document.close();
    this.#open.clear();
  }

  #read(person: LanePerson, { object, bytes }: DocumentUp): void {
    const { epoch, message } = decodeSyncMessage(bytes);
    if (epoch !== documentEpoch(this.#registers(object))) {
      this.#send(person.session, object, { type: 'closed' }, epoch);
      return;
    }
    const open = this.#open.get(object);
    switch (message.type) {
      case 'known':
        this.#join(person, object, message.clocks);
        break;
      case 'answer':
      case 'update':
        if (open?.readers.has(person.session) === true) this.#take(open, person, message.update);
        else this.#send(person.session, object, { type: 'closed' });
        break;
      case 'closed':
        if (open !== undefined) this.#leave(open, person.session);
        break;
    }
  }

  #join(person: LanePerson, object: ObjectId, clocks: ReadonlyMap<number, number>): void {
    const open = this.#openFor(person.session, object);
    if (open === null) {
      this.#send(person.session, object, { type: 'closed' });
      return;
    }
    open.readers.add(person.session);
    open.asked.delete(person.session);
    this.#send(person.session, object, { type: 'answer', update: open.document.since(clocks) });
    if (this.#mayEdit(person, object)) this.#ask(open, person.session);
  }

  #openFor(session: Session, object: ObjectId): Open | null {
    const known = this.#open.get(object);
    if (known?.readers.has(session) === true) return known;
    const own = [...this.#open.values()].filter(({ readers }) => readers.has(session)).length;
    if (own >= this.#limits.maxOpenPerSession) return null;
    if (known !== undefined) return known;
    if (this.#open.size >= this.#limits.maxOpen || !this.#host.world.replica.scene.has(object)) return null;
    const opened = {
      object,
      document: this.#make(object),
      readers: new Set<Session>(),
      asked: new Set<Session>(),
    };
    this.#open.set(object, opened);
    return opened;
  }

  #take(open: Open, person: LanePerson, update: Uint8Array): void {
    const { session, actor } = person;
    // Somebody may have lost the right while this was on its way: they keep it, and know by their role.
    if (!this.#mayEdit(person, open.object)) return;
    try {
      const { news, isComplete } = open.document.take(update, clientIdOf(actor));
      if (news !== null) this.#tell(open, person, news);
      if (isComplete) open.asked.delete(session);
      else if (!open.asked.has(session)) this.#ask(open, session);
    } catch (error) {
      if (error instanceof DocumentError && error.code === 'costly' && open.document.news !== null)
        this.#tell(open, person, open.document.news);
      if (error instanceof DocumentError && error.code === 'broken') this.#remake(open);
      throw error;
    }
  }

  #tell(open: Open, { session: from, actor, user }: LanePerson, update: Uint8Array): void {
    const { object, document } = open;
    const authors = new Map([[clientIdOf(actor), user]]);
    const message: SyncMessage = { type: 'update', update };
    const bytes = encodeSyncMessage(document.epoch, message);
    for (const reader of open.readers)
      if (reader !== from)
        this.#host.send(reader, { type: 'document-down', object, session: from, bytes }, 'steady');
    this.#kept.keep(object, { epoch: document.epoch, update, authors }, () => document.state());
  }

  #ask(open: Open, session: Session): void {
    open.asked.add(session);
    this.#send(session, open.object, { type: 'known', clocks: open.document.clocks });
  }

  #leave(open: Open, session: Session): void {
    if (!open.readers.delete(session)) return;
    open.asked.delete(session);
    if (open.readers.size > 0) return;
    this.#open.delete(open.object);
    open.document.close();
    this.#unsaved.watch(open.object);
  }

  #changed({ changed, removed }: ChangeSet): void {
    for (const id of removed) this.#end(id);
    for (const [id, paths] of changed) {
      const open = this.#open.get(id);
      if (open === undefined) continue;
      if (paths.includes(EPOCH_PATH)) this.#end(id);
      else open.document.takeSlots(this.#registers(id));
    }
  }

  /** The document is gone, or is another one now. */
  #end(object: ObjectId): void {
    const open = this.#open.get(object);
    if (open === undefined) return;
    for (const reader of open.readers) this.#send(reader, object, { type: 'closed' }, open.document.epoch);
    this.#open.delete(object);
    open.document.close();
    this.#unsaved.watch(object);
  }

  #remake(open: Open): void {
    open.document.close();
    open.document = this.#make(open.object);
  }

  #make(object: ObjectId): RelayDocument {
    const registers = this.#registers(object);
    const { epoch, updates } = this.#kept.of(object) ?? { epoch: null, updates: [] };
    const kept = epoch === documentEpoch(registers) ? updates : [];
    return new RelayDocument({ registers, kept, maxMergeSteps: this.#limits.maxMergeSteps });
  }

  #refuse({ session }: LanePerson, object: ObjectId, { code, message }: DocumentError): void {
    const closeCode = EXPULSIONS[code];
    if (closeCode === undefined) this.#send(session, object, { type: 'closed' });
    else this.#host.expel(session, closeCode, message);
  }

  #mayEdit({ user, mode }: LanePerson, object: ObjectId): boolean {
    const access = this.#host.world.access(user);
    const { scene } = this.#host.world.replica;
    if (mode === 'read' || access === null) return false;
    const held = scene.get(object);
    return held !== undefined && canEdit(access, object, held, [[EPOCH_PATH, undefined]]) === null;
  }

  #registers(object: ObjectId) {
    return this.#host.world.replica.registers(object) ?? NO_REGISTERS;
  }

  #send(
    session: Session,
    object: ObjectId,
    message: SyncMessage,
    epoch = documentEpoch(this.#registers(object)),
  ): void {
    const bytes = encodeSyncMessage(epoch, message);
    this.#host.send(session, { type: 'document-down', object, session: 0, bytes }, 'steady');
  }
}

/** Makes the shared documents of a room. */
export function documentPart(limits?: DocumentLimits): (host: LaneHost) => LanePart {
  return (host) => new DocumentPart(host, limits);
}
