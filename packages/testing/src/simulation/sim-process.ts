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
  openRoom,
  type RoomId,
  type RoomProblem,
  type RoomSession,
  type Timers,
} from '@weft/matrix';
import { StoreError } from '@weft/store';
import { Keeper } from '@weft/world/keep';
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
  /** What is on the device cannot be read, and was put aside. */
  readonly damaged: () => void;
  readonly tell: (line: string) => void;
  readonly violated: (what: string) => void;
}

type State = 'opening' | 'open' | 'failed' | 'closing' | 'closed' | 'crashed';

/** One running client: real session, replica and writer, in a process that can die at any moment. */
export class SimProcess {
  readonly replica: Replica;
  readonly #options: SimProcessOptions;
  readonly #timers: ProcessTimers;
  readonly #history: History;
  #session: RoomSession | null = null;
  readonly #keeper: Keeper | null;
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
    this.#keeper = this.#makeKeeper();
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

  /** Makes a patch of what no draft takes: something personal. */
  write(compose: () => Patch): boolean {
    return this.#attempt(compose, 'local');
  }

  turn(turn: 'undo' | 'redo'): boolean {
    return this.#attempt((access) => this.#history[turn](access), 'undo');
  }

  /** Ends in order. Takes no time but that of the disk. */
  async close(): Promise<void> {
    const { homeserver, violated } = this.#options;
    if (this.#state !== 'open' && this.#state !== 'failed') return;
    this.#state = 'closing';
    this.#session?.close();
    await this.#keeper?.close();
    this.#state = 'closed';
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
      const journal = (await this.#keeper?.open()) ?? null;
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
      this.#keeper?.attach(session, (error) => this.#onStoreError(error));
      tell(`opened ${replica.clock.actor}`);
    } catch (error) {
      await this.#keeper?.close();
      this.#state = 'failed';
      tell(`failed to open: ${error instanceof HomeserverError ? error.code : String(error)}`);
      if (!(error instanceof HomeserverError)) violated(`opening threw ${String(error)}`);
      if (this.#timers.pending > 0) violated(`${this.#timers.pending} timers left after a failed opening`);
    }
  }

  #makeKeeper(): Keeper | null {
    const { disk, homeserver, room, random } = this.#options;
    if (disk === null) return null;
    const platform = { timers: this.#timers, random: random.bytes };
    return new Keeper({ place: disk, user: homeserver.userId, room, replica: this.replica, platform });
  }

  #onStoreError(error: StoreError): void {
    const { tell, damaged, violated } = this.#options;
    tell(`its device: ${error.code}`);
    if (error.code === 'corrupt') damaged();
    else if (!error.retry) violated(`its device: ${error.message}`);
  }

  #listen(session: RoomSession): void {
    const { ledger, tell, violated } = this.#options;
    session.on('change', (change) => tell(lineOf(change)));
    session.on('settled', (settled) => {
      ledger.settle(settled);
      for (const { id, path, outcome } of settled) tell(`${outcome} ${id} ${path}`);
    });
    session.on('refused', ({ ids, registers, error }) => {
      const dirty = this.replica.dirty();
      ledger.refuse(registers, (id, path) => dirty.get(id)?.has(path) === true);
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
      session.journal?.kept().then(
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

// What a homeserver answers is its affair, and so is a full device; anything else that goes wrong is ours.
function isBug({ error }: RoomProblem): boolean {
  if (error instanceof StoreError) return !error.retry;
  return error !== null && !(error instanceof HomeserverError);
}

function lineOf(change: ChangeSet): string {
  const { added, removed, changed, origin } = change;
  return `change by ${origin}: +${[...added].join(',')} -${[...removed].join(',')} ~${[...changed.keys()].join(',')}`;
}
