/** One thing that has to work for a relay to take people in. */
export interface Check {
  readonly name: string;
  /** Resolves with what was found, and rejects with why it does not work. */
  run(): Promise<string>;
}

export interface Readiness {
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, { readonly ok: boolean; readonly detail: string }>>;
}

/** Asked more often than this, the last answer is given again: a check writes to the disk. */
const KEPT_MS = 1000;

/** Whether the relay can do its work now, found out by doing some of it. */
export class ReadinessProbe {
  readonly #checks: readonly Check[];
  readonly #now: () => number;
  #last: { readonly atMs: number; readonly answer: Promise<Readiness> } | null = null;

  constructor(checks: readonly Check[], now: () => number) {
    this.#checks = checks;
    this.#now = now;
  }

  ask(): Promise<Readiness> {
    const nowMs = this.#now();
    if (this.#last === null || Math.abs(nowMs - this.#last.atMs) >= KEPT_MS)
      this.#last = { atMs: nowMs, answer: runAll(this.#checks) };
    return this.#last.answer;
  }
}

async function runAll(checks: readonly Check[]): Promise<Readiness> {
  const results = await Promise.all(
    checks.map(async (check) => {
      try {
        return [check.name, { ok: true, detail: await check.run() }] as const;
      } catch (error) {
        return [
          check.name,
          { ok: false, detail: error instanceof Error ? error.message : String(error) },
        ] as const;
      }
    }),
  );
  return { ready: results.every(([, { ok }]) => ok), checks: Object.fromEntries(results) };
}
