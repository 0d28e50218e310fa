import {
  type ActorId,
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
import { testHello } from './test-hello.ts';

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
  readonly #takenBack: Patch[] = [];
  #n = 0;
  #numbers = new Set<number>();
  #snapshot: Uint8Array[] = [];
  /** What was heard of others, and when. */
  readonly #heard = new Map<
    string,
    { readonly run: string; readonly seq: number; readonly entry: RegisterEntry }
  >();
  /** What was heard beyond what a relay kept, and not again since. */
  readonly #doubted = new Map<string, RegisterEntry>();

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
    return testHello(this.actor, {
      former: this.former,
      position: this.position,
      setHash: this.replica.setHash(),
      mode: this.mode,
      ...changes,
    });
  }

  /** Comes in, and reads nothing until the test reads for it. */
  connectSlowly(): void {
    this.connect({}, true);
  }

  connect(changes: Partial<Hello> = {}, isSlow = false): boolean {
    const socket = new TwinLaneSocket((frame) => {
      if (this.socket === socket) this.#take(frame);
    });
    socket.isSlow = isSlow;
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
    // What was held may have been taken back meanwhile, unless all that was missed has come.
    const [welcome] = this.socket.of('welcome');
    const unsure = new Set(this.unacked.flatMap((patch) => [...entriesOf(patch)].map(keyOf)));
    const again = [...entriesOf(this.replica.pendingPatch())].filter(
      (entry) => welcome?.kind !== 'difference' || unsure.has(keyOf(entry)),
    );
    this.#unacked = [];
    this.#sayTakenBack();
    if (again.length > 0) this.say(patchOf({ registers: again, actors: [[this.actor, [this.user]]] }));
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

  /** The room refused an own edit. */
  takeBack(patch: Patch): void {
    this.#unacked = this.#unacked.filter((sent) => sent.patch !== patch);
    this.replica.refuse(registersOf(patch));
    this.#takenBack.push(patch);
    if (this.isConnected) this.#sayTakenBack();
  }

  #sayTakenBack(): void {
    // Hearing of it may bring up more.
    for (let next = this.#takenBack.shift(); next !== undefined; next = this.#takenBack.shift())
      this.receive({ type: 'retract-up', patch: encodeWirePatch(next) });
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
      const patch = decodeWirePatch(frame.patch);
      for (const entry of entriesOf(patch)) this.#heard.delete(keyOf(entry));
      const registers = registersOf(patch);
      this.replica.refuse(registers);
      this.replica.retractLive(registers);
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
    const { patch } = decodePatch(Buffer.concat(this.#snapshot));
    this.replica.hear(patch);
    for (const entry of entriesOf(patch)) this.#believe(entry);
  }

  #welcomed({ run, through, kind, resumed }: Extract<DownFrame, { type: 'welcome' }>): void {
    const before = this.position;
    for (const [key, heard] of this.#heard)
      if (kind !== 'difference' || (heard.run === before?.run && heard.seq > (resumed ?? 0)))
        this.#doubted.set(key, heard.entry);
    const doubted = [...this.#doubted.keys()];
    if (doubted.length > 0) this.#timers.after(KEPT_MS, () => this.#drop(doubted));
    this.position = { run, seq: through };
  }

  /** What was not said again is gone. */
  #drop(keys: readonly string[]): void {
    const entries = keys.flatMap((key) => this.#doubted.get(key) ?? []);
    for (const key of keys) this.#doubted.delete(key);
    const places = new Set(entries.map(({ id, path }) => `${id} ${path}`));
    for (const entry of entries) {
      this.replica.retractLive(registersOf(patchOf({ registers: [entry] })));
      this.#heard.delete(keyOf(entry));
    }
    // What it replaced was said again, and passed over as older than what was shown.
    const below = [...this.#heard.values()].filter(({ entry }) => places.has(`${entry.id} ${entry.path}`));
    this.replica.hear(patchOf({ registers: below.map(({ entry }) => entry) }));
  }

  #hear(patch: Patch, seq: number): void {
    this.#count(seq);
    this.replica.hear(patch);
    const run = this.position?.run ?? '';
    for (const entry of entriesOf(patch)) {
      if (this.#isGivenUp(entry)) this.#takenBack.push(patchOf({ registers: [entry] }));
      this.#believe(entry);
      this.#heard.set(keyOf(entry), { run, seq, entry });
      // What its author replaced shows never again, whatever is taken back.
      for (const [key, { entry: other }] of this.#heard)
        if (isReplaced(other, entry)) this.#heard.delete(key);
    }
  }

  /** Own, and shown here no longer: a relay that says it lost that it was taken back. */
  #isGivenUp({ id, path, register }: RegisterEntry): boolean {
    if (register.stamp.actor !== this.actor || this.replica.base.dominates(id, path, register)) return false;
    const pending = this.replica.dirty().get(id)?.get(path);
    return pending === undefined || pending.stamp.time < register.stamp.time;
  }

  #believe(entry: RegisterEntry): void {
    this.#doubted.delete(keyOf(entry));
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

function keyOf({ id, path, register: { stamp } }: RegisterEntry): string {
  return `${id} ${path} ${stamp.time} ${stamp.actor}`;
}

function isReplaced(older: RegisterEntry, newer: RegisterEntry): boolean {
  const [one, other] = [older.register.stamp, newer.register.stamp];
  return (
    older.id === newer.id && older.path === newer.path && one.actor === other.actor && one.time < other.time
  );
}
