/** A call that takes longer than this, in milliseconds of processor time, is a failure: nobody may hold up a relay. */
export const MAX_CALL_MS = 20;
/** Failures that are told in full; more are counted. */
const MAX_TOLD = 20;
const MAX_TOLD_BYTES = 2_000;

export interface FuzzFailure {
  /** Which input, to be had again from its seed. */
  readonly number: number;
  readonly what: string;
  /** Hexadecimal, cut where it is long. */
  readonly bytes: string;
}

/** What became of all inputs. */
export class Tally {
  inputs = 0;
  /** Frames that were read, in one direction or the other. */
  read = 0;
  /** Inputs that a relay's room was given. */
  received = 0;
  readonly refusals: Record<string, number> = {};
  /** Frames that relays' rooms sent, by type. */
  readonly sent: Record<string, number> = {};
  crashes = 0;
  slow = 0;
  worstMs = 0;
  worstNumber = 0;
  readonly failures: FuzzFailure[] = [];

  refused(code: string): void {
    this.refusals[code] = (this.refusals[code] ?? 0) + 1;
  }

  crashed(number: number, bytes: Uint8Array, error: unknown): void {
    this.crashes += 1;
    this.#tell(number, bytes, error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  }

  took(number: number, bytes: Uint8Array, ms: number): void {
    if (ms > this.worstMs) {
      this.worstMs = ms;
      this.worstNumber = number;
    }
    if (ms <= MAX_CALL_MS) return;
    this.slow += 1;
    this.#tell(number, bytes, `${ms.toFixed(1)} ms of processor time`);
  }

  /** A room is left: what it sent counts. */
  left(sent: Readonly<Record<string, number>>): void {
    for (const [type, count] of Object.entries(sent)) this.sent[type] = (this.sent[type] ?? 0) + count;
  }

  get hasFailed(): boolean {
    return this.crashes + this.slow > 0;
  }

  #tell(number: number, bytes: Uint8Array, what: string): void {
    if (this.failures.length === MAX_TOLD) return;
    const shown = Buffer.from(bytes.subarray(0, MAX_TOLD_BYTES)).toString('hex');
    this.failures.push({ number, what, bytes: shown });
  }
}
