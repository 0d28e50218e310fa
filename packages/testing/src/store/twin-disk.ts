import type { RecordMedium } from '@weft/store';
import { MemoryPlace } from '@weft/store/memory';
import type { StoreFault } from './store-fault.ts';
import { TwinMedium } from './twin-medium.ts';

/**
 * A device in memory: what was written outlives the crash of the stores over it. Its faults are the test's, in order,
 * for the writes of all its stores.
 */
export class TwinDisk extends MemoryPlace {
  readonly faults: StoreFault[] = [];
  /** Told when a fault ends the process that writes. */
  died: () => void = () => undefined;
  /** The most bytes that all records together may take; more is `full`. */
  capacityBytes = Number.POSITIVE_INFINITY;
  #media = new Set<TwinMedium>();
  #held: PromiseWithResolvers<void> | null = null;
  #writes = 0;

  /** How many writes were asked for. */
  get writes(): number {
    return this.#writes;
  }

  /** The process ends here: nothing that it began goes on, and nobody holds a store any more. */
  crash(): void {
    for (const medium of this.#media) medium.die();
    this.#media = new Set();
    this.letAllGo();
  }

  /** Nothing more goes in than is there. */
  fill(): void {
    this.capacityBytes = this.#usedBytes();
  }

  /** There is room again. */
  free(): void {
    this.capacityBytes = Number.POSITIVE_INFINITY;
  }

  /** Nothing is to go wrong any more. */
  mend(): void {
    this.free();
    this.faults.length = 0;
  }

  /** Writes wait until `release`, as on a slow disk. */
  hold(): void {
    this.#held ??= Promise.withResolvers();
  }

  release(): void {
    this.#held?.resolve();
    this.#held = null;
  }

  /** Flips a bit of a record. @param at which byte, counted from the end where negative */
  flip(name: string, key: string, at: number): void {
    const record = Uint8Array.from(this.records(name).get(key) ?? []);
    const index = at < 0 ? record.length + at : at;
    record[index] = (record[index] ?? 0) ^ 1;
    this.records(name).set(key, record);
  }

  protected override makeMedium(records: Map<string, Uint8Array>, closed: () => void): RecordMedium {
    const medium = new TwinMedium(records, {
      next: () => this.#nextFault(),
      room: () => this.capacityBytes - this.#usedBytes(),
      crash: () => {
        this.crash();
        this.died();
      },
      ready: () => this.#held?.promise ?? Promise.resolve(),
      closed,
    });
    this.#media.add(medium);
    return medium;
  }

  #nextFault(): StoreFault {
    this.#writes += 1;
    return this.faults.shift() ?? 'none';
  }

  #usedBytes(): number {
    let bytes = 0;
    for (const name of this.names) for (const record of this.records(name).values()) bytes += record.length;
    return bytes;
  }
}
