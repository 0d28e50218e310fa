import { contributionsOf, fraction, type ObjectId, type Stop, WeftError } from '@weft/core';
import type { Doc } from 'yjs';
import { clientIdOf } from '../client-id.ts';
import { DocumentError } from '../document-error.ts';
import { nextContribution } from '../merge/next-contribution.ts';
import type { DocumentHost } from './document-host.ts';

/** How long somebody has to pause until what they typed is saved. */
export const SAVE_REST_MS = 1000;
/** How long what is typed without a pause waits at most. */
export const SAVE_MAX_MS = 5000;
/** After how much quiet what nobody else saved is saved by whoever has it, at the earliest; twice that at the latest. */
export const RESCUE_MS = 20_000;

export interface SaverOptions {
  readonly host: DocumentHost;
  readonly object: ObjectId;
  readonly doc: Doc;
  /** Told after each attempt, and when something is to be saved. */
  readonly changed: (state: SaverState) => void;
}

export interface SaverState {
  readonly isUnsaved: boolean;
  readonly problem: WeftError | DocumentError | null;
}

/**
 * Keeps the object's slots up to date with a document: this client's own slot holds what the others lack. Own changes are
 * saved when they rest; what others left unsaved, because they are gone or lost a race for their slot, a while later.
 */
export class DocumentSaver {
  readonly #options: SaverOptions;
  #slot: number | null = null;
  /** When the oldest unsaved change was made; `null` where there is none. */
  #unsavedMs: number | null = null;
  #problem: WeftError | DocumentError | null = null;
  #save: Stop | null = null;
  #rescue: Stop | null = null;

  constructor(options: SaverOptions) {
    this.#options = options;
  }

  get isUnsaved(): boolean {
    return this.#unsavedMs !== null;
  }

  /** This client changed the document. */
  changedHere(): void {
    const { timers } = this.#options.host;
    this.#unsavedMs ??= timers.now();
    const latest = this.#unsavedMs + SAVE_MAX_MS - timers.now();
    this.#save?.();
    this.#save = timers.after(Math.max(0, Math.min(SAVE_REST_MS, latest)), () => this.flush());
    this.#tell();
  }

  /** Somebody else changed the document, or the slots of the object are others. */
  changedElsewhere(): void {
    const { host, object } = this.#options;
    const slots = contributionsOf(host.registers(object) ?? new Map());
    const own = slots.find(({ slot }) => slot === this.#slot);
    if (this.#slot !== null && own?.stamp.actor !== host.actor) {
      // Somebody took the slot at the same moment.
      this.#slot = null;
      this.changedHere();
    }
    if (this.#rescue !== null || !host.mayEdit(object)) return;
    const delayMs = RESCUE_MS * (1 + fraction(host.random));
    this.#rescue = host.timers.after(delayMs, () => {
      this.#rescue = null;
      this.flush();
    });
  }

  /** Saves what is unsaved now. Where that is refused it stays unsaved, and is tried again with the next change. */
  flush(): void {
    const { host, object } = this.#options;
    this.#save?.();
    this.#save = null;
    if (!host.mayEdit(object)) return;
    try {
      this.#write();
      this.#unsavedMs = null;
      this.#problem = null;
    } catch (error) {
      if (!(error instanceof WeftError) && !(error instanceof DocumentError)) throw error;
      this.#problem = error;
    }
    this.#tell();
  }

  close(): void {
    this.#save?.();
    this.#rescue?.();
  }

  #write(): void {
    const { host, object, doc } = this.#options;
    const next = nextContribution({
      doc,
      contributions: contributionsOf(host.registers(object) ?? new Map()),
      actor: host.actor,
      except: new Set([...host.lane.others()].map(clientIdOf)),
      nowMs: host.nowMs(),
      random: host.random,
    });
    if (next === null) return;
    host.contribute(object, next);
    this.#slot = next.slot;
  }

  #tell(): void {
    this.#options.changed({ isUnsaved: this.isUnsaved, problem: this.#problem });
  }
}
