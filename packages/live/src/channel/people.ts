import { Cell, type Readable, sameRecords } from '@weft/core';
import type { People as PeopleFrame, PersonEntry } from '@weft/protocol';
import type { LanePerson } from '../channel.ts';

/** Who is on the relays that this client hears. */
export class People {
  readonly #byRelay = new Map<string, Map<number, LanePerson>>();
  readonly #cell = new Cell<readonly LanePerson[]>([], sameRecords);
  #own: string | null = null;
  #peers: readonly LanePerson[] = [];

  /** Each client once, as this client's own relay has it where it is there, in the order of their sessions. */
  get list(): Readable<readonly LanePerson[]> {
    return this.#cell;
  }

  of(relay: string, session: number): LanePerson | null {
    return this.#byRelay.get(relay)?.get(session) ?? null;
  }

  setOwn(relay: string | null): void {
    this.#own = relay;
    this.#update();
  }

  /** Those whom no relay knows. */
  setPeers(peers: readonly LanePerson[]): void {
    this.#peers = peers;
    this.#update();
  }

  welcomed(relay: string, people: readonly PersonEntry[]): void {
    this.#byRelay.set(relay, new Map(people.map((entry) => [entry.session, { ...entry, relay }])));
    this.#update();
  }

  /** @returns who left */
  changed(relay: string, { joined, left }: PeopleFrame): readonly LanePerson[] {
    const people = this.#byRelay.get(relay);
    if (people === undefined) return [];
    const gone = left.flatMap((session) => people.get(session) ?? []);
    for (const session of left) people.delete(session);
    for (const entry of joined) people.set(entry.session, { ...entry, relay });
    this.#update();
    return gone;
  }

  /** @returns who was there */
  lost(relay: string): readonly LanePerson[] {
    const people = [...(this.#byRelay.get(relay)?.values() ?? [])];
    this.#byRelay.delete(relay);
    this.#update();
    return people;
  }

  #update(): void {
    const relays = [...this.#byRelay].sort(([a], [b]) => Number(b === this.#own) - Number(a === this.#own));
    const byActor = new Map<string, LanePerson>();
    for (const [, people] of relays)
      for (const person of people.values()) if (!byActor.has(person.actor)) byActor.set(person.actor, person);
    for (const person of this.#peers) if (!byActor.has(person.actor)) byActor.set(person.actor, person);
    const order = new Map<string | null, number>(relays.map(([relay], at) => [relay, at]));
    const rank = ({ relay }: LanePerson): number => order.get(relay) ?? relays.length;
    this.#cell.set([...byActor.values()].sort((a, b) => rank(a) - rank(b) || a.session - b.session));
  }
}
