import type { RandomBytes, Timers } from '@weft/core';
import type { DownFrame, RunId, Session } from '@weft/protocol';
import type { JournalKind } from '../journal/journal-record.ts';
import type { LaneJournal } from '../journal/lane-journal.ts';
import type { Committer } from './committer.ts';
import type { LaneHost, LanePart, LanePerson, MakeLanePart, Urgency } from './lane-part.ts';
import type { LaneWorld } from './lane-world.ts';
import type { People } from './people.ts';
import type { Stream } from './stream.ts';

export interface PartHostOptions {
  readonly world: LaneWorld;
  readonly timers: Timers;
  readonly random: RandomBytes;
  readonly people: People;
  readonly stream: Stream;
  readonly journal: LaneJournal;
  readonly committer: Committer;
}

/** Makes the parts of a room, each with a host that keeps its records under its own kind. */
export function makeParts(makers: readonly MakeLanePart[], options: PartHostOptions): LanePart[] {
  return makers.map((make) => {
    const host = new PartHost(options);
    const part = make(host);
    host.kind = part.kind;
    return part;
  });
}

class PartHost implements LaneHost {
  readonly world: LaneWorld;
  readonly timers: Timers;
  readonly random: RandomBytes;
  readonly run: RunId;
  kind: JournalKind | null = null;
  readonly #options: PartHostOptions;

  constructor(options: PartHostOptions) {
    this.world = options.world;
    this.timers = options.timers;
    this.random = options.random;
    this.run = options.stream.run;
    this.#options = options;
  }

  people(): Iterable<LanePerson> {
    return this.#options.people.all();
  }

  person(session: Session): LanePerson | undefined {
    return this.#options.people.of(session);
  }

  send(to: Session, frame: DownFrame, urgency: Urgency): void {
    const seat = this.#options.people.of(to);
    if (seat !== undefined) this.#options.people.send(seat, frame, urgency);
  }

  broadcast(frame: DownFrame, urgency: Urgency, except?: Session): void {
    this.#options.people.broadcast(frame, urgency, except);
  }

  isReady(session: Session): boolean {
    return this.#options.people.of(session)?.outbox.isReady ?? false;
  }

  sendBytes(to: Session, message: Uint8Array): void {
    this.#options.people.of(to)?.outbox.fleeting(message);
  }

  quietMs(session: Session): number {
    return this.#options.people.of(session)?.socket.quietMs ?? 0;
  }

  ping(session: Session): void {
    this.#options.people.of(session)?.socket.ping();
  }

  expel(session: Session, code: number, reason: string): void {
    const seat = this.#options.people.of(session);
    if (seat !== undefined) this.#options.people.expel(seat, code, reason);
  }

  keep(key: string, body: Uint8Array): void {
    const { kind } = this;
    if (kind !== null) this.#options.committer.keep(this.#record(kind, key, body));
  }

  keepOnly(key: string, body: Uint8Array | null): void {
    const { kind } = this;
    const { journal, committer } = this.#options;
    if (kind === null) return;
    const number = body === null ? null : journal.append(this.#record(kind, key, body));
    journal.cut({ kind, key, through: number === null ? Number.MAX_SAFE_INTEGER : number - 1 });
    committer.want();
  }

  whenKept(run: () => void): void {
    this.#options.committer.want(run);
  }

  #record(kind: JournalKind, key: string, body: Uint8Array) {
    const { run, seq } = this.#options.stream;
    return { kind, key, run, seq, user: null, body };
  }
}
