import { type MediumChange, type RecordMedium, StoreError } from '@weft/store';
import { MemoryMedium } from '@weft/store/memory';
import type { StoreFault } from './store-fault.ts';

export interface TwinMediumPorts {
  readonly next: () => StoreFault;
  /** Bytes that are free. */
  readonly room: () => number;
  readonly crash: () => void;
  /** Resolves when the disk has time. */
  readonly ready: () => Promise<void>;
  readonly closed: () => void;
}

/** Memory that fails as it is told to. After its process died it never answers again. */
export class TwinMedium implements RecordMedium {
  // For whoever comes back to it, this is what a disk is.
  readonly outlivesProcess = true;
  readonly #records: Map<string, Uint8Array>;
  readonly #memory: MemoryMedium;
  readonly #ports: TwinMediumPorts;
  #dead = false;

  constructor(records: Map<string, Uint8Array>, ports: TwinMediumPorts) {
    this.#records = records;
    this.#memory = new MemoryMedium(records, ports.closed);
    this.#ports = ports;
  }

  die(): void {
    this.#dead = true;
  }

  get(key: string): Promise<Uint8Array | null> {
    return this.#dead ? never() : this.#memory.get(key);
  }

  getAll(prefix: string): Promise<readonly (readonly [string, Uint8Array])[]> {
    return this.#dead ? never() : this.#memory.getAll(prefix);
  }

  keys(prefix: string): Promise<readonly string[]> {
    return this.#dead ? never() : this.#memory.keys(prefix);
  }

  async apply(change: MediumChange): Promise<void> {
    await this.#ports.ready();
    if (this.#dead) return never();
    const fault = this.#ports.next();
    switch (fault) {
      case 'full':
        throw full();
      case 'failed':
        throw new StoreError('failed', {
          what: 'write',
          expected: 'a synced disk',
          got: 'EIO (a fault of the test)',
        });
      case 'crash-before':
        return this.#crash();
      case 'crash-after':
        await this.#memory.apply(change);
        return this.#crash();
      case 'torn':
        await this.#memory.apply(torn(change));
        return this.#crash();
      case 'none':
        if (this.#needed(change) > this.#ports.room()) throw full();
        return this.#memory.apply(change);
    }
  }

  close(): Promise<void> {
    return this.#dead ? never() : this.#memory.close();
  }

  #crash(): Promise<never> {
    this.#ports.crash();
    return never();
  }

  #needed({ put, remove }: MediumChange): number {
    let bytes = 0;
    for (const [key, record] of put) bytes += record.length - (this.#records.get(key)?.length ?? 0);
    for (const key of remove) bytes -= this.#records.get(key)?.length ?? 0;
    return bytes;
  }
}

function torn({ put, remove, erase }: MediumChange): MediumChange {
  const last = [...put].at(-1);
  if (last === undefined) return { put, remove, erase };
  const [key, record] = last;
  return { put: new Map(put).set(key, record.slice(0, Math.floor(record.length / 2))), remove, erase };
}

function full(): StoreError {
  return new StoreError('full', {
    what: 'write',
    expected: 'room on the disk',
    got: 'none (a fault of the test)',
  });
}

function never(): Promise<never> {
  return new Promise(() => undefined);
}
