interface Entry {
  readonly bytes: number;
  /** Files that need it. */
  files: number;
  /** Worlds that it waits in to be part of a file, and until when. */
  readonly waiting: Map<string, number>;
}

/** Which blocks are kept, how large they are, and why: a file needs them, or they wait for one. */
export class BlockIndex {
  readonly #unfinishedMs: number;
  readonly #entries = new Map<string, Entry>();
  readonly #waitingBytes = new Map<string, number>();
  #bytes = 0;
  /** No block waits longer than until then; none is looked at before. */
  #earliestMs = Number.POSITIVE_INFINITY;

  /** @param unfinishedMs how long a block waits for a file */
  constructor(unfinishedMs: number) {
    this.#unfinishedMs = unfinishedMs;
  }

  /** Of all blocks. */
  get bytes(): number {
    return this.#bytes;
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  sizeOf(name: string): number | null {
    return this.#entries.get(name)?.bytes ?? null;
  }

  /** Whether a file needs it, so that it stays. */
  isNeeded(name: string): boolean {
    return (this.#entries.get(name)?.files ?? 0) > 0;
  }

  /** Of the blocks that wait in a world. */
  waitingBytes(room: string): number {
    return this.#waitingBytes.get(room) ?? 0;
  }

  /** A block waits from now on; one that waited already waits anew. */
  wait(room: string, name: string, bytes: number, nowMs: number): void {
    const entry = this.#entry(name, bytes);
    if (!entry.waiting.has(room)) this.#count(room, bytes);
    const untilMs = nowMs + this.#unfinishedMs;
    entry.waiting.set(room, untilMs);
    this.#earliestMs = Math.min(this.#earliestMs, untilMs);
  }

  addFile(blocks: readonly (readonly [string, number])[]): void {
    for (const [name, bytes] of blocks) this.#entry(name, bytes).files += 1;
  }

  /** Blocks of a file of a world wait no more. */
  settle(room: string, blocks: readonly (readonly [string, number])[]): void {
    for (const [name] of blocks) this.#unwait(room, name);
  }

  /** @returns the blocks that nothing needs any more; they are forgotten */
  removeFile(blocks: readonly (readonly [string, number])[]): readonly string[] {
    for (const [name] of blocks) {
      const entry = this.#entries.get(name);
      if (entry !== undefined) entry.files -= 1;
    }
    return this.#forgetUnused(blocks.map(([name]) => name));
  }

  /** @returns the blocks that waited too long; they are forgotten */
  expire(nowMs: number): readonly string[] {
    if (nowMs < this.#earliestMs) return [];
    this.#earliestMs = Number.POSITIVE_INFINITY;
    const late: string[] = [];
    for (const [name, { waiting }] of this.#entries) {
      for (const [room, untilMs] of waiting) {
        if (untilMs > nowMs) {
          this.#earliestMs = Math.min(this.#earliestMs, untilMs);
          continue;
        }
        this.#unwait(room, name);
        late.push(name);
      }
    }
    return this.#forgetUnused(late);
  }

  /** A block that could not be kept after all. */
  forget(name: string): void {
    const entry = this.#entries.get(name);
    if (entry === undefined) return;
    for (const room of [...entry.waiting.keys()]) this.#unwait(room, name);
    this.#entries.delete(name);
    this.#bytes -= entry.bytes;
  }

  #entry(name: string, bytes: number): Entry {
    const known = this.#entries.get(name);
    if (known !== undefined) return known;
    const entry: Entry = { bytes, files: 0, waiting: new Map() };
    this.#entries.set(name, entry);
    this.#bytes += bytes;
    return entry;
  }

  #unwait(room: string, name: string): void {
    const entry = this.#entries.get(name);
    if (entry?.waiting.delete(room) === true) this.#count(room, -entry.bytes);
  }

  #count(room: string, bytes: number): void {
    const sum = this.waitingBytes(room) + bytes;
    if (sum === 0) this.#waitingBytes.delete(room);
    else this.#waitingBytes.set(room, sum);
  }

  #forgetUnused(names: readonly string[]): readonly string[] {
    const unused = [...new Set(names)].filter((name) => {
      const entry = this.#entries.get(name);
      return entry !== undefined && entry.files === 0 && entry.waiting.size === 0;
    });
    for (const name of unused) this.forget(name);
    return unused;
  }
}
