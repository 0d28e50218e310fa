import {
  composeContribution,
  composeEdit,
  composeEpoch,
  type EditAccess,
  isActorId,
  type ObjectId,
  type Patch,
  type Path,
  parseUserId,
  type Register,
  Replica,
  ROLE_LEVELS,
} from '@weft/core';
import { type FakeTimers, SeededRandom } from '@weft/testing';
import type { AwarenessState, DocumentHost } from '../src/open/document-host.ts';
import { Documents } from '../src/open/documents.ts';

/** A room that brings each patch to everybody, when the test says so. */
export class MemoryRoom {
  readonly #clients: MemoryClient[] = [];
  readonly #underWay: { readonly from: MemoryClient; readonly patch: Patch }[] = [];

  join(client: MemoryClient): void {
    for (const other of this.#clients.slice(0, 1)) client.receive(other.replica.toPatch());
    this.#clients.push(client);
  }

  send(from: MemoryClient, patch: Patch): void {
    this.#underWay.push({ from, patch });
  }

  /** Brings what is under way to those who are there. */
  deliver(): void {
    for (const { patch } of this.#underWay.splice(0))
      for (const client of this.#clients) client.receive(patch);
  }

  leave(client: MemoryClient): void {
    this.#clients.splice(this.#clients.indexOf(client), 1);
  }
}

/** A client of a memory room, with no relay but what the test makes of it. */
export class MemoryClient {
  readonly replica: Replica;
  readonly documents: Documents;
  readonly sent: { readonly object: ObjectId; readonly bytes: Uint8Array }[] = [];
  readonly shown = new Map<ObjectId, AwarenessState | null>();
  readonly access: { userId: EditAccess['userId']; level: number };
  /** How often it wrote to the room. */
  writes = 0;
  hasLane = false;
  readonly #room: MemoryRoom;
  readonly #random: SeededRandom;

  constructor(name: string, room: MemoryRoom, timers: FakeTimers) {
    const actor = `actor-of-${name}`;
    if (!isActorId(actor)) throw new Error(`${actor} is no actor id`);
    this.#room = room;
    this.#random = new SeededRandom(name);
    this.access = { userId: parseUserId(`@${name}:test.org`), level: ROLE_LEVELS.builder };
    this.replica = new Replica({ actor, now: timers.now });
    const random = (length: number) => this.#random.bytes(length);
    const host: DocumentHost = {
      actor,
      timers,
      random,
      nowMs: timers.now,
      registers: (object) => this.replica.registers(object),
      mayEdit: () => this.access.level >= ROLE_LEVELS.builder,
      contribute: (object, contribution) =>
        this.write(composeContribution(this.replica, this.access, object, contribution)),
      beginEpoch: (object, epoch) => this.write(composeEpoch(this.replica, this.access, object, epoch)),
      showAwareness: (object, state) => this.shown.set(object, state),
      lane: {
        others: () => [],
        send: (object, bytes) => {
          if (this.hasLane) this.sent.push({ object, bytes });
          return this.hasLane;
        },
      },
    };
    this.documents = new Documents(host);
    room.join(this);
  }

  addSign(): ObjectId {
    const random = (length: number) => this.#random.bytes(length);
    const { patch, value } = composeEdit(this.replica, this.access, random, (e) =>
      e.add({ node: { name: 'Sign' } }),
    );
    this.write(patch);
    return value;
  }

  write(patch: Patch): void {
    this.writes += 1;
    this.replica.write(patch, 'local');
    this.#room.send(this, patch);
    this.documents.changed(patch.objects.keys());
  }

  receive(patch: Patch): void {
    this.replica.receive(patch, 'matrix');
    const lost = this.replica.settle(this.replica.base).filter(({ outcome }) => outcome === 'superseded');
    this.documents.changed(patch.objects.keys());
    for (const id of new Set(lost.map((entry) => entry.id))) {
      const own = lost.filter((entry) => entry.id === id);
      this.documents.takeBack(id, new Map<Path, Register>(own.map(({ path, register }) => [path, register])));
    }
  }
}
