import {
  type ChangeSet,
  composeEdit,
  type EditDraft,
  History,
  newActorId,
  type Patch,
  Replica,
  type UserId,
  WeftError,
} from '@weft/core';
import {
  type Homeserver,
  HomeserverError,
  type Journal,
  openRoom,
  openRoomJournal,
  type RoomId,
  type RoomProblem,
  type RoomSession,
  type Timers,
} from '@weft/matrix';
import type { TwinHomeserver } from '../homeserver/twin-homeserver.ts';
import type { SeededRandom } from '../random/seeded-random.ts';
import type { TwinDisk } from '../store/twin-disk.ts';
import type { Ledger } from './ledger.ts';
import { ProcessTimers } from './process-timers.ts';

export interface SimProcessOptions {
  readonly room: RoomId;
  readonly via: readonly string[];
  readonly homeserver: TwinHomeserver;
  readonly timers: Timers;
  readonly skewMs: () => number;
  readonly random: SeededRandom;
  readonly ledger: Ledger;
  /** What is on the device; `null` where nothing is kept there. */
  readonly disk: TwinDisk | null;
  readonly tell: (line: string) => void;
  readonly violated: (what: string) => void;
}

type State = 'opening' | 'open' | 'failed' | 'closed' | 'crashed';

/** One running client: real session, replica and writer, in a process that can die at any moment. */
export class SimProcess {
  readonly replica: Replica;
  readonly #options: SimProcessOptions;
  readonly #timers: ProcessTimers;
  readonly #history: History;
  #session: RoomSession | null = null;
  #journal: Journal | null = null;
  #state: State = 'opening';

  constructor(options: SimProcessOptions) {
    this.#options = options;
    const { homeserver, random } = options;
    this.#timers = new ProcessTimers(options.timers, options.skewMs);
    this.replica = new Replica({
      actor: newActorId(random.bytes),
      now: () => this.#timers.now() + homeserver.serverOffsetMs(),
    });
    this.#history = new History(this.replica);
    void this.#open();
  }

  get state(): State {
    return this.#state;
  }

  /** `null` unless open. */
  get session(): RoomSession | null {
    return this.#state === 'open' ? this.#session : null;
  }

  get homeserver(): Homeserver {
    return this.#options.homeserver;
  }

  /** Whether the edit was made; what the world or a role refuses is no fault. */
  edit(compose: (draft: EditDraft) => void): boolean {
    return this.#attempt((access) => {
      const { patch, before } = composeEdit(this.replica, access, this.#options.random.bytes, compose);
      this.#history.record('edit', patch, before);
      return patch;
    }, 'local');
  }

  turn(turn: 'undo' | 'redo'): boolean {
    return this.#attempt((access) => this.#history[turn](access), 'undo');
  }

  /** Ends in order. Takes no time but that of the disk. */
  async close(): Promise<void> {
    const { homeserver, violated } = this.#options;
    if (this.#state !== 'open' && this.#state !== 'failed') return;
    this.#state = 'closed';
    this.#session?.close();
    await this.#journal?.close();
    if (this.#timers.pending > 0) violated(`${this.#timers.pending} timers left after close`);
    if (homeserver.followers.length > 0) violated(`${homeserver.followers.length} syncs left after close`);
    homeserver.abandon();
  }

  /** Dies: nothing that it would have done is done any more. */
  crash(): void {
    if (this.#state === 'closed') return;
    this.#state = 'crashed';
    this.#timers.kill();
    this.#options.disk?.crash();
    this.#options.homeserver.abandon();
  }

  async #open(): Promise<void> {
    const { homeserver, room, via, random, tell, violated } = this.#options;
    const { replica } = this;
    try {
      const timers = this.#timers;
      const journal = await this.#openJournal();
      const session = await openRoom({
        homeserver,
        room,
        via,
        replica,
        timers,
        random: random.bytes,
        ...(journal === null ? {} : { journal }),
      });
      this.#session = session;
      this.#state = 'open';
      this.#listen(session);
      tell(`opened ${replica.clock.actor}`);
    } catch (error) {
      await this.#journal?.close();
      this.#state = 'failed';
      tell(`failed to open: ${error instanceof HomeserverError ? error.code : String(error)}`);
      if (!(error instanceof HomeserverError)) violated(`opening threw ${String(error)}`);
      if (this.#timers.pending > 0) violated(`${this.#timers.pending} timers left after a failed opening`);
    }
  }

  async #openJournal(): Promise<Journal | null> {
    const { disk, homeserver, room, random, violated } = this.#options;
    if (disk === null) return null;
    const opened = await openRoomJournal({
      store: await disk.open(room),
      user: homeserver.userId,
      room,
      replica: this.replica,
      timers: this.#timers,
      random: random.bytes,
    });
    if (opened.kind === 'damaged') {
      violated(`its journal is damaged: ${opened.error.message}`);
      return null;
    }
    this.#journal = opened.journal;
    return opened.journal;
  }

  #listen(session: RoomSession): void {
    const { ledger, tell, violated } = this.#options;
    session.on('change', (change) => tell(lineOf(change)));
    session.on('settled', (settled) => {
      ledger.settle(settled);
      for (const { id, path, outcome } of settled) tell(`${outcome} ${id} ${path}`);
    });
    session.on('refused', ({ ids, error }) => {
      const dirty = this.replica.dirty();
      ledger.refuse(ids, (id, path) => dirty.get(id)?.has(path) === true);
      tell(`refused ${ids.join(' ')}: ${error.code}`);
    });
    session.on('problem', (problem) => {
      tell(`problem ${problem.carrier}: ${problem.reason.slice(0, 80)}`);
      if (isBug(problem)) violated(`problem of ${problem.carrier}: ${String(problem.error)}`);
    });
  }

  #attempt(
    compose: (access: { userId: UserId; level: number }) => Patch | null,
    origin: 'local' | 'undo',
  ): boolean {
    const { session } = this;
    const { homeserver, ledger } = this.#options;
    if (session === null || session.standing.readOnly !== null) return false;
    try {
      const patch = compose({ userId: homeserver.userId, level: session.standing.level });
      if (patch === null || patch.objects.size === 0) return false;
      ledger.write(patch);
      session.write(patch, origin);
      this.#journal?.kept().then(
        () => ledger.keep(patch),
        () => undefined,
      );
      return true;
    } catch (error) {
      if (error instanceof WeftError) return false;
      throw error;
    }
  }
}

// What a homeserver answers is its affair; anything else that goes wrong is ours.
function isBug({ error }: RoomProblem): boolean {
  return error !== null && !(error instanceof HomeserverError);
}

function lineOf(change: ChangeSet): string {
  const { added, removed, changed, origin } = change;
  return `change by ${origin}: +${[...added].join(',')} -${[...removed].join(',')} ~${[...changed.keys()].join(',')}`;
}
