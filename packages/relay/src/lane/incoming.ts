import {
  checkPermission,
  type EditAccess,
  entriesOf,
  type Intake,
  type IntakeRefusal,
  type ObjectId,
  type Patch,
  parsePath,
  passes,
  type Timers,
  type UserId,
  unreachable,
  WeftError,
} from '@weft/core';
import {
  decodeWirePatch,
  type EventUp,
  type LeaseHandUp,
  type LeaseUp,
  type PatchUp,
  ProtocolError,
  type RetractUp,
  rejectProblems,
  type UpFrame,
  type WirePatch,
} from '@weft/protocol';
import type { LaneAuthor } from './lane-author.ts';
import type { LaneLog } from './lane-log.ts';
import type { LanePart } from './lane-part.ts';
import type { LaneWorld } from './lane-world.ts';
import type { Lease, Leases } from './leases.ts';
import type { People } from './people.ts';
import type { Seat } from './seat.ts';
import type { Standings } from './standings.ts';
import type { Stream } from './stream.ts';
import type { Writes } from './writes.ts';

const INTERNAL_ERROR = 1011;
const NORMAL = 1000;
const POSITION_PATH = parsePath('transform.position');

export interface IncomingOptions {
  readonly world: LaneWorld;
  readonly people: People;
  readonly writes: Writes;
  readonly intake: Intake<LaneAuthor>;
  readonly leases: Leases;
  readonly standings: Standings;
  readonly parts: readonly LanePart[];
  readonly log: LaneLog;
  readonly timers: Timers;
  readonly stream: Stream;
  /** Tells one socket what the relay holds. */
  readonly tellDigest: (seat: Seat) => void;
}

/** What clients send, one kind after the other. A mistake closes the socket that made it, and harms nobody else. */
export class Incoming {
  readonly #options: IncomingOptions;
  readonly #parts = new Map<UpFrame['type'], LanePart>();

  constructor(options: IncomingOptions) {
    this.#options = options;
    for (const part of options.parts) for (const type of part.takes) this.#parts.set(type, part);
  }

  receive(seat: Seat, frame: UpFrame): void {
    if (!seat.isOpen) return;
    const { people, log } = this.#options;
    try {
      const part = this.#parts.get(frame.type);
      if (part === undefined) this.#handle(seat, frame);
      else part.receive(seat, frame);
    } catch (error) {
      if (error instanceof ProtocolError) people.expel(seat, error.closeCode, error.code);
      else {
        log.warn({ error, frame: frame.type, user: seat.user }, 'a frame could not be handled');
        people.expel(seat, INTERNAL_ERROR, 'the relay failed on this frame');
      }
    }
  }

  #handle(seat: Seat, frame: UpFrame): void {
    const { people, timers, tellDigest } = this.#options;
    switch (frame.type) {
      case 'patch-up':
        this.#patch(seat, frame);
        break;
      case 'event-up':
        this.#event(seat, frame);
        break;
      case 'lease-up':
        this.#lease(seat, frame);
        break;
      case 'lease-hand-up':
        this.#handOver(seat, frame);
        break;
      case 'retract-up':
        this.#retract(seat, frame);
        break;
      case 'clock-up':
        people.send(seat, { type: 'clock', at: frame.at, relayMs: Math.floor(timers.now()) });
        break;
      case 'digest-up':
        tellDigest(seat);
        break;
      case 'bye-up':
        people.expel(seat, NORMAL, 'goodbye');
        break;
      case 'hello':
        throw new ProtocolError('malformed', { what: 'go on', expected: 'one hello', got: 'another' });
      case 'document-up':
      case 'presence-up':
      case 'mover-up':
      case 'pose-up':
      case 'view-up':
        // No part of this room takes them.
        break;
      default:
        unreachable(frame);
    }
  }

  #patch(seat: Seat, { n, patch: wire }: PatchUp): void {
    const { people, world } = this.#options;
    count(seat, n);
    const patch = decodeWirePatch(wire);
    const refusals = this.#take(seat, n, wire, patch);
    if (refusals.length > 0)
      people.send(seat, { type: 'reject', n, problems: rejectProblems(refusals, patch, world.replica) });
  }

  #take(seat: Seat, n: number, wire: WirePatch, patch: Patch): readonly IntakeRefusal[] {
    const { people, writes, world, stream } = this.#options;
    const access = seat.mode === 'read' ? null : world.access(seat.user);
    if (access === null) return onlyReads(patch, seat.user);
    const author: LaneAuthor = {
      access,
      session: seat.session,
      mayBe: (actor) => seat.actors.has(actor),
    };
    return writes.take(wire, patch, author, (seq) =>
      people.send(seat, { type: 'ack', n, seq, committed: stream.committed }),
    );
  }

  #event(seat: Seat, { target, name, data, to }: EventUp): void {
    const { people } = this.#options;
    if (seat.mode === 'read') return;
    const frame = { type: 'event-down', from: seat.session, user: seat.user, target, name, data } as const;
    const only = to === null ? undefined : people.of(to);
    if (to === null) people.broadcast(frame, 'steady', seat.session);
    else if (only !== undefined) people.send(only, frame);
  }

  #lease(seat: Seat, { n, object, want, priority }: LeaseUp): void {
    const { leases } = this.#options;
    count(seat, n);
    const lease = this.#asked(seat, object, want, priority);
    const isDone = want === 'release' ? leases.of(object)?.holder !== seat.session : lease !== null;
    this.#answerLease(seat, n, object, isDone);
  }

  /** Whoever gets a lease may have it by themselves as well. */
  #handOver(seat: Seat, { n, object, to }: LeaseHandUp): void {
    const { people, leases } = this.#options;
    count(seat, n);
    const taker = people.of(to);
    const mayTake = taker !== undefined && this.#mayMove(taker, object);
    this.#answerLease(seat, n, object, mayTake && leases.handOver(seat.session, object, to));
  }

  #answerLease(seat: Seat, n: number, object: ObjectId, isDone: boolean): void {
    const { people, leases, timers } = this.#options;
    const held = leases.of(object);
    people.send(seat, {
      type: 'lease-answer',
      n,
      ok: isDone,
      holder: held?.holder ?? 0,
      fence: held?.fence ?? 0,
      expiresMs: held === null ? 0 : Math.max(0, Math.floor(held.expiresMs), Math.floor(timers.now())),
    });
  }

  #asked(seat: Seat, object: ObjectId, want: LeaseUp['want'], priority: number): Lease | null {
    const { leases } = this.#options;
    switch (want) {
      case 'release':
        leases.release(seat.session, object);
        return null;
      case 'renew':
        return leases.renew(seat.session, object);
      case 'take':
        return this.#mayMove(seat, object) ? leases.take(seat.session, object, priority) : null;
      default:
        return unreachable(want);
    }
  }

  #mayMove(seat: Seat, object: ObjectId): boolean {
    const { world } = this.#options;
    const access = seat.mode === 'read' ? null : world.access(seat.user);
    return access !== null && mayMove(world, access, object);
  }

  /** Only what is the socket's own is taken back, be it hidden by what others wrote; what the room holds stays. */
  #retract(seat: Seat, { patch }: RetractUp): void {
    const { standings, world } = this.#options;
    const own = [...entriesOf(decodeWirePatch(patch))].filter(
      ({ id, path, register }) =>
        seat.actors.has(register.stamp.actor) && !world.replica.base.dominates(id, path, register),
    );
    standings.takeBack(own);
  }
}

/** @throws ProtocolError unless this is the number that comes next */
function count(seat: Seat, n: number): void {
  if (seat.counts(n)) return;
  throw new ProtocolError('malformed', { what: 'count', expected: 'one more than before', got: String(n) });
}

function mayMove(world: LaneWorld, access: EditAccess, object: ObjectId): boolean {
  const registers = world.replica.registers(object);
  return (
    registers !== undefined &&
    passes(() => checkPermission(access, object, registers, [[POSITION_PATH, undefined]]))
  );
}

function onlyReads({ objects }: Patch, user: UserId): readonly IntakeRefusal[] {
  const error = new WeftError('read-only', {
    what: 'write',
    expected: 'a connection that was opened to write',
    got: `one of ${user} that was opened to look`,
    hint: 'Connect again to take part.',
  });
  return Array.from(objects.keys(), (id) => ({ id, path: null, error })).slice(0, 1);
}
