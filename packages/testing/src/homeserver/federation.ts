import type { UserId } from '@weft/core';
import {
  type EventId,
  type MxcUri,
  mxcParts,
  type ReceivedToDevice,
  type RoomAlias,
  type RoomId,
  serverOf,
  type Timers,
} from '@weft/matrix';
import type { SeededRandom } from '../random/seeded-random.ts';
import { answer } from './faults.ts';
import { FederationLink } from './federation-link.ts';
import type { Peers, TwinMedia } from './peers.ts';
import type { TwinEvent } from './twin-event.ts';
import { forbidden, type TwinRoom } from './twin-room.ts';
import { TwinServer } from './twin-server.ts';
import type { TwinServerOptions } from './twin-store.ts';

export interface FederationOptions {
  readonly timers: Timers;
  readonly random: SeededRandom;
}

/**
 * Several homeservers in memory, each with its own copy of the rooms that its users are in. Events travel between them
 * over links that delay, lose, double and cut as the test says; a server asks the sender for what it has missed.
 */
export class Federation implements Peers {
  readonly #timers: Timers;
  readonly #random: SeededRandom;
  readonly #servers = new Map<string, TwinServer>();
  readonly #links = new Map<string, FederationLink>();

  constructor({ timers, random }: FederationOptions) {
    this.#timers = timers;
    this.#random = random;
  }

  get servers(): readonly TwinServer[] {
    return [...this.#servers.values()];
  }

  get links(): readonly FederationLink[] {
    return [...this.#links.values()];
  }

  add(name: string, options: Omit<TwinServerOptions, 'timers' | 'name' | 'peers'> = {}): TwinServer {
    const server = new TwinServer({ ...options, timers: this.#timers, name, peers: this });
    for (const other of this.servers) {
      this.#connect(other, server);
      this.#connect(server, other);
    }
    this.#servers.set(name, server);
    return server;
  }

  /** The way from one server to another; the way back is another link. */
  link(from: string, to: string): FederationLink {
    const link = this.#links.get(`${from} ${to}`);
    if (link === undefined) throw new RangeError(`no way from ${from} to ${to}`);
    return link;
  }

  /** Cuts every link between servers of different groups; those in none are alone. */
  split(...groups: readonly (readonly string[])[]): void {
    const groupOf = (name: string): number => groups.findIndex((group) => group.includes(name));
    for (const link of this.#links.values()) {
      const together = groupOf(link.from) >= 0 && groupOf(link.from) === groupOf(link.to);
      if (together) link.mend();
      else link.cut();
    }
  }

  heal(): void {
    for (const link of this.#links.values()) link.mend();
  }

  /** Events that are still under way, or wait for a link. */
  get underWay(): number {
    let waiting = 0;
    for (const link of this.#links.values()) waiting += link.waiting;
    return waiting;
  }

  send(from: string, room: TwinRoom, event: TwinEvent, to: ReadonlySet<string>): void {
    for (const name of to) {
      const target = this.#servers.get(name);
      if (name === from || target === undefined) continue;
      this.link(from, name).push(() => this.#deliver(this.#server(from), target, room.id, event));
    }
  }

  tell(from: string, user: UserId, device: string, message: ReceivedToDevice): void {
    const target = this.#servers.get(serverOf(user) ?? '');
    if (target === undefined || target.name === from) return;
    const link = this.link(from, target.name);
    link.push(() => {
      if (link.isCut || target.down) return false;
      target.mail.post(user, device, message);
      return true;
    });
  }

  join(what: string, at: string, room: RoomId, user: UserId, via: readonly string[]): void {
    const inside = [...new Set(via)].filter((name) => this.#servers.get(name)?.takesPart(room) === true);
    if (inside.length === 0) throw answer(what, 404, 'M_UNKNOWN', "Can't join remote room");
    const resident = inside.map((name) => this.#servers.get(name)).find((one) => this.#reaches(at, one));
    const known = resident?.find(room);
    if (resident === undefined || known === undefined)
      throw answer(what, 502, 'M_UNKNOWN', 'Failed to make_join via any server');
    const join = { type: 'm.room.member', sender: user, stateKey: user, content: { membership: 'join' } };
    const refusal = known.refusal(join);
    if (refusal !== null) throw forbidden(what, refusal);
    const joining = this.#server(at);
    const event = joining.make(known, join);
    const adopted = joining.adopt(known);
    known.append(event);
    resident.wake(room);
    adopted.receive(event);
    joining.wake(room);
    this.send(resident.name, known, event, new Set([...known.servers()].filter((name) => name !== at)));
  }

  resolveAlias(what: string, at: string, alias: RoomAlias): { room: RoomId; via: readonly string[] } {
    const owner = this.#servers.get(serverOf(alias) ?? '');
    const room = this.#reaches(at, owner) ? owner?.alias(alias) : undefined;
    if (room === undefined) throw answer(what, 404, 'M_NOT_FOUND', `Room alias ${alias} not found`);
    return { room, via: [owner?.name ?? ''] };
  }

  media(what: string, at: string, uri: MxcUri): TwinMedia {
    const owner = this.#servers.get(mxcParts(uri).server);
    if (owner !== undefined && owner.name !== at && !this.#reaches(at, owner))
      throw answer(what, 502, 'M_UNKNOWN', 'Failed to fetch remote media');
    const found = owner?.media.get(uri);
    if (found === undefined) throw answer(what, 404, 'M_NOT_FOUND', 'Not found');
    // A copy is kept, as in every media repository: it outlives the original.
    this.#server(at).media.set(uri, found);
    return found;
  }

  #connect(from: TwinServer, to: TwinServer): void {
    const random = this.#random.fork(`${from.name}>${to.name}`);
    const link = new FederationLink({ from: from.name, to: to.name, timers: this.#timers, random });
    this.#links.set(`${from.name} ${to.name}`, link);
  }

  /** Whether it arrived; what comes before it is asked for, which takes the way back. */
  #deliver(from: TwinServer, to: TwinServer, id: RoomId, event: TwinEvent): boolean {
    const [room, source] = [to.find(id), from.find(id)];
    if (this.link(from.name, to.name).isCut || from.down || to.down) return false;
    if (room === undefined || source === undefined) return true;
    const missing = missingBefore(event, room, source);
    if (missing.length > 0 && this.link(to.name, from.name).isCut) return false;
    let news = false;
    for (const next of [...missing, event]) if (room.receive(next) === 'accepted') news = true;
    if (news) to.wake(id);
    return true;
  }

  #reaches(at: string, other: TwinServer | undefined): boolean {
    if (other === undefined || other.down || this.#server(at).down) return false;
    return other.name === at || (!this.link(at, other.name).isCut && !this.link(other.name, at).isCut);
  }

  #server(name: string): TwinServer {
    const server = this.#servers.get(name);
    if (server === undefined) throw new RangeError(`no server is called ${name}`);
    return server;
  }
}

/** What comes before an event and is not there yet, the earlier first. */
function missingBefore(event: TwinEvent, room: TwinRoom, source: TwinRoom): TwinEvent[] {
  const missing = new Map<EventId, TwinEvent>();
  const open = [...event.prev];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (room.knows(id) || missing.has(id) || !source.knows(id)) continue;
    const before = source.graph.event(id);
    missing.set(id, before);
    open.push(...before.prev);
  }
  return [...missing.values()].sort((a, b) => a.depth - b.depth || (a.event_id < b.event_id ? -1 : 1));
}
