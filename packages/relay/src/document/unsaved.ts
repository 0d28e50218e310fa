import {
  type ActorId,
  canEdit,
  composeContribution,
  contributionsOf,
  documentEpoch,
  type EditAccess,
  type EditSource,
  EPOCH_PATH,
  entriesOf,
  newActorId,
  type ObjectId,
  type Path,
  patchOf,
  type Register,
  type Stop,
  type UserId,
  WeftError,
} from '@weft/core';
import { DocumentError, nextContribution } from '@weft/document';
import type { LaneHost } from '../lane/lane-part.ts';
import type { DocumentLimits } from './document-limits.ts';
import type { KeptUpdates } from './kept-updates.ts';
import { RelayDocument } from './relay-document.ts';

export interface UnsavedOptions {
  readonly host: LaneHost;
  readonly limits: DocumentLimits;
  readonly kept: KeptUpdates;
  /** Whether somebody has the document open, and so looks after it. */
  readonly isOpen: (object: ObjectId) => boolean;
}

type Registers = ReadonlyMap<Path, Register>;

interface Leftover {
  readonly document: RelayDocument;
  readonly registers: Registers;
  readonly barred: ReadonlySet<number>;
}

/**
 * Looks after the documents that everybody has left: what the room holds of them need not be kept any more, and what no author
 * saved the relay writes to a slot, for those who still may edit the object.
 */
export class Unsaved {
  readonly #options: UnsavedOptions;
  readonly #watched = new Map<ObjectId, Stop>();
  /** The relay's account writes as another actor, and a replica does not hear its own. */
  readonly #actor: ActorId;

  constructor(options: UnsavedOptions) {
    this.#options = options;
    this.#actor = newActorId(options.host.random);
  }

  /** Everybody has left the document. */
  watch(object: ObjectId): void {
    const { host, limits, kept } = this.#options;
    if (kept.of(object) === undefined) return;
    this.#watched.get(object)?.();
    const look = () => {
      this.#watched.delete(object);
      if (!this.#options.isOpen(object)) this.#settle(object);
    };
    this.#watched.set(object, host.timers.after(limits.saveAfterMs, look));
  }

  close(): void {
    for (const stop of this.#watched.values()) stop();
    this.#watched.clear();
  }

  #settle(object: ObjectId): void {
    const { host, kept } = this.#options;
    const { replica } = host.world;
    const registers = replica.registers(object) ?? new Map();
    const { epoch, updates } = kept.of(object) ?? { epoch: null, updates: [] };
    if (epoch !== documentEpoch(registers) || !replica.scene.has(object)) {
      kept.only(object, null);
      return;
    }
    const document = this.#made(registers, updates);
    const barred = this.#barred(object);
    const left = document.unsaved(replica.base.get(object) ?? new Map(), barred);
    if (left === null) kept.only(object, null);
    else {
      kept.only(object, left);
      if (host.world.canAdopt) this.#save(object, { document, registers, barred });
      this.watch(object);
    }
    document.close();
  }

  /** Clients of those who may not edit the object any more: nothing of theirs is carried on. */
  #barred(object: ObjectId): ReadonlySet<number> {
    const authors = [...(this.#options.kept.of(object)?.authors ?? [])];
    return new Set(
      authors.filter(([, user]) => this.#access(user, object) === null).map(([client]) => client),
    );
  }

  #save(object: ObjectId, { document, registers, barred }: Leftover): void {
    const { host, kept } = this.#options;
    const authors = kept.of(object)?.authors ?? new Map<number, UserId>();
    const access = [...authors.values()]
      .map((user) => this.#access(user, object))
      .find((one) => one !== null);
    if (access === undefined || access === null) return;
    try {
      const next = nextContribution({
        doc: document.doc,
        contributions: contributionsOf(registers),
        actor: this.#actor,
        except: barred,
        nowMs: host.timers.now(),
        random: host.random,
      });
      if (next === null) return;
      const patch = composeContribution(this.#source(), access, object, next);
      // Written for several: it claims nobody.
      const unclaimed = patchOf({ registers: entriesOf(patch) });
      host.world.hear(unclaimed);
      host.world.adopt(new Map([...unclaimed.objects].map(([id, one]) => [id, one.registers])));
    } catch (error) {
      // It stays kept, and is tried again.
      if (!(error instanceof WeftError) && !(error instanceof DocumentError)) throw error;
    }
  }

  #source(): EditSource {
    const { replica } = this.#options.host.world;
    return {
      scene: replica.scene,
      clock: { actor: this.#actor, issue: () => ({ time: replica.clock.issue().time, actor: this.#actor }) },
      registers: (id) => replica.registers(id),
      usersOf: (actor) => replica.usersOf(actor),
      purgeOf: (id) => replica.purgeOf(id),
      check: (patch, access) => replica.check(patch, access),
    };
  }

  #access(user: UserId, object: ObjectId): EditAccess | null {
    const { world } = this.#options.host;
    const access = world.access(user);
    const held = world.replica.scene.get(object);
    return access !== null &&
      held !== undefined &&
      canEdit(access, object, held, [[EPOCH_PATH, undefined]]) === null
      ? access
      : null;
  }

  #made(registers: Registers, kept: readonly Uint8Array[]): RelayDocument {
    return new RelayDocument({ registers, kept, maxMergeSteps: this.#options.limits.maxMergeSteps });
  }
}
