import { readFailure } from '../failure.ts';
import type { Json, Output } from '../output.ts';

/** One thing that the check did. */
export interface CheckStep {
  readonly name: string;
  readonly ok: boolean;
  readonly ms: number;
  readonly detail: string;
}

const MS_COLUMN = 9;

/** Runs steps one after another, shows each as it ends, and remembers them for the result. */
export class CheckSteps {
  readonly steps: CheckStep[] = [];
  readonly #output: Output;
  readonly #now: () => number;

  constructor(output: Output, now: () => number = () => performance.now()) {
    this.#output = output;
    this.#now = now;
  }

  /** @throws whatever `work` throws, after it was shown. */
  async run<T>(
    name: string,
    work: () => Promise<{ readonly detail: string; readonly value: T }>,
  ): Promise<T> {
    const startedMs = this.#now();
    try {
      const { detail, value } = await work();
      this.#add({ name, ok: true, ms: this.#now() - startedMs, detail });
      return value;
    } catch (error) {
      this.#add({ name, ok: false, ms: this.#now() - startedMs, detail: readFailure(error).message });
      throw error;
    }
  }

  toJson(): Json {
    return this.steps.map((step) => ({ ...step, ms: Math.round(step.ms * 10) / 10 }));
  }

  #add(step: CheckStep): void {
    this.steps.push(step);
    const ms = `${step.ms.toFixed(step.ms < 10 ? 1 : 0)} ms`.padStart(MS_COLUMN);
    this.#output.note(`${step.ok ? '✓' : '✗'} ${ms}  ${step.name}: ${step.detail}`);
  }
}
