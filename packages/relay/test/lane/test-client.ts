import {
  type ActorId,
  compareRegisters,
  decodePatch,
  entriesOf,
  newActorId,
  type ObjectId,
  type ObjectRegisters,
  type Patch,
  type Path,
  parsePath,
  patchOf,
  type RandomBytes,
  type RegisterEntry,
  Replica,
  type UserId,
  type Value,
} from '@weft/core';
import {
  type DownFrame,
  decodeWirePatch,
  encodeWirePatch,
  type Hello,
  type Position,
  type UpFrame,
} from '@weft/protocol';
import type { LaneRoom, LaneSession } from '@weft/relay';
import type { FakeTimers } from '@weft/testing';
import { TwinLaneSocket } from '@weft/testing/lane';

/** How long a client keeps what a relay lost, unless it is said again. */
const KEPT_MS = 5_000;

export interface TestClientOptions {
  readonly timers: FakeTimers;
  readonly room: () => LaneRoom;
  readonly user: UserId;
  readonly device: string;
  readonly actor: RandomBytes;
  readonly mode?: 'play' | 'read';
  readonly former?: readonly ActorId[];
}

interface Sent {
  readonly patch: Patch;
  n: number;
}

/** A model of a client of the lane: optimistic edits, resumption, and what it says again. Not the product's. */
export class TestClient {
  readonly replica: Replica;
  readonly user: UserId;
  readonly device: string;
  readonly actor: ActorId;
  readonly former: readonly ActorId[];
  readonly mode: 'play' | 'read';
  socket = new TwinLaneSocket();
  session: LaneSession | null = null;
  /** Edits that the relay said it holds. */
  readonly acked: Patch[] = [];
  readonly rejected: Extract<DownFrame, { type: 'reject' }>[] = [];
  /** Numbers that came twice on one connection. */
  doubled = 0;
  position: Position | null = null;
  readonly #timers: FakeTimers;
  readonly #room: () => LaneRoom;
  #unacked: Sent[] = [];
  #n = 0;
  #numbers = new Set<number>();
  #snapshot: Uint8Array[] = [];
  /** What was heard beyond what a relay kept, and not again since. */
  #doubtful: RegisterEntry[] = [];
  #heardIn = new Map<string, { readonly run: string; readonly seq: number; readonly entry: RegisterEntry }>();

  constructor({ timers, room, user, device, actor, mode = 'play', former = [] }: TestClientOptions) {
    this.#timers = timers;
    this.#room = room;
    this.user = user;
    this.device = device;
    this.mode = mode;
    this.former = former;
    this.actor = newActorId(actor);
    this.replica = new Replica({ actor: this.actor, now: timers.now });
  }

  get isConnected(): boolean {
    return this.session !== null && this.socket.closed === null;
  }

  hello(changes: Partial<Hello> = {}): Hello {
    return {
      type: 'hello',
      version: 1,
      room: '!world',
      ticket: 'ticket',
      nonce: 'nonce',
      signature: new Uint8Array(64),
      actor: this.actor,
      former: this.former,
      position: this.position,
      setHash: this.replica.setHash(),
      mode: this.mode,
      ...changes,
    };
  }

  connect(changes: Partial<Hello> = {}): boolean {
    const socket = new TwinLaneSocket((frame) => {
      if (this.socket === socket) this.#take(frame);
    });
    this.socket = socket;
    this.#n = 0;
    this.#numbers = new Set();
    this.#snapshot = [];
    const { user, device } = this;
    this.session = this.#room().join(
      { user, device, memberId: `${user} ${device}`, hello: this.hello(changes) },
      socket,
    );
    if (this.session === null) return false;
    const again = this.#unacked;
    this.#unacked = [];
    for (const { patch } of again) this.say(patch);
    return true;
  }

  /** The connection is gone, and the relay knows of it. */
  disconnect(): void {
    const { session } = this;
    this.lost();
    session?.closed();
  }

  /** The connection is gone, and the relay does not know of it. */
  lost(): void {
    this.socket.cut();
    this.session = null;
  }

  receive(frame: UpFrame): void {
    this.session?.receive(frame);
  }

  /** Writes one property and says so. */
  set(id: ObjectId, path: string, value: Value): Patch {
    return this.edit([{ id, path: parsePath(path), value }]);
  }

  edit(writes: readonly { readonly id: ObjectId; readonly path: Path; readonly value: Value }[]): Patch {
    const stamp = this.replica.clock.issue();
    const patch = patchOf({
      registers: writes.map(({ id, path, value }) => ({ id, path, register: { value, stamp } })),
      actors: [[this.actor, [this.user]]],
    });
    this.replica.write(patch, 'local');
    this.say(patch);
    return patch;
  }

  say(patch: Patch): void {
    this.#n += 1;
    this.#unacked.push({ patch, n: this.#n });
    if (this.isConnected) this.receive({ type: 'patch-up', n: this.#n, patch: encodeWirePatch(patch) });
  }

  /** The next number of a frame that counts. */
  nextN(): number {
    this.#n += 1;
    return this.#n;
  }

  /** Says edits again that were never acknowledged. */
  get unacked(): readonly Patch[] {
    return this.#unacked.map(({ patch }) => patch);
  }

  /** What this client shows, as text. */
  shown(): string {
    return shownOf(this.replica);
  }

  #take(frame: DownFrame): void {
    if (frame.type === 'welcome') this.#welcomed(frame);
    else if (frame.type === 'snapshot') this.#addPart(frame);
    else if (frame.type === 'patch-down') this.#hear(decodeWirePatch(frame.patch), frame.seq);
    else if (frame.type === 'retract') {
      this.#count(frame.seq);
      this.replica.retractLive(registersOf(decodeWirePatch(frame.patch)));
    } else if (frame.type === 'ack') {
      const sent = this.#settle(frame.n);
      if (sent !== null) this.acked.push(sent);
    } else if (frame.type === 'reject') {
      this.rejected.push(frame);
      const sent = this.#settle(frame.n);
      if (sent !== null) this.replica.refuse(registersOf(sent));
    }
  }

  #settle(n: number): Patch | null {
    const sent = this.#unacked.find((each) => each.n === n);
    this.#unacked = this.#unacked.filter((each) => each !== sent);
    return sent?.patch ?? null;
  }

  #addPart({ index, count, bytes }: Extract<DownFrame, { type: 'snapshot' }>): void {
    this.#snapshot.push(bytes);
    if (index + 1 < count) return;
    this.replica.hear(decodePatch(Buffer.concat(this.#snapshot)).patch);
  }

  #welcomed({ run, through, kind, resumed }: Extract<DownFrame, { type: 'welcome' }>): void {
    const before = this.position;
    this.#doubtful = [...this.#heardIn.values()]
      .filter((heard) => kind !== 'difference' || (heard.run === before?.run && heard.seq > (resumed ?? 0)))
      .map(({ entry }) => entry);
    if (kind !== 'difference') this.#heardIn = new Map();
    const doubtful = this.#doubtful;
    if (doubtful.length > 0)
      this.#timers.after(KEPT_MS, () => {
        if (this.#doubtful === doubtful) this.#dropDoubtful();
      });
    this.position = { run, seq: through };
  }

  #dropDoubtful(): void {
    this.replica.retractLive(registersOf(patchOf({ registers: this.#doubtful })));
    this.#doubtful = [];
  }

  #hear(patch: Patch, seq: number): void {
    this.#count(seq);
    this.replica.hear(patch);
    for (const entry of entriesOf(patch)) {
      this.#doubtful = this.#doubtful.filter((other) => !isSameEntry(other, entry));
      const run = this.position?.run ?? '';
      this.#heardIn.set(`${entry.id} ${entry.path} ${entry.register.stamp.actor}`, { run, seq, entry });
    }
  }

  #count(seq: number): void {
    const through = this.position?.seq ?? 0;
    if (seq <= through) return;
    if (this.#numbers.has(seq)) this.doubled += 1;
    this.#numbers.add(seq);
    if (this.position !== null) this.position = { ...this.position, seq };
  }
}

export function registersOf(patch: Patch): ObjectRegisters {
  return new Map([...patch.objects].map(([id, { registers }]) => [id, registers] as const));
}

/** All registers that win, in one order. */
export function shownOf(replica: Replica): string {
  const lines = [...entriesOf(replica.shownPatch())].map(
    ({ id, path, register }) => `${id} ${path} ${JSON.stringify(register)}`,
  );
  return lines.sort().join('\n');
}

function isSameEntry(a: RegisterEntry, b: RegisterEntry): boolean {
  return a.id === b.id && a.path === b.path && compareRegisters(a.register, b.register) === 0;
}
