import { readFailure } from '../failure.ts';
import type { Json, Output } from '../output.ts';

/** One thing that the check did. */
export interface CheckStep {
  readonly name: string;
  readonly ok: boolean;
  readonly ms: number;
  readonly detail: string;
  /** What was measured in it, by name. */
  readonly figures?: Readonly<Record<string, number>>;
}

/** What a step found out. */
export interface StepOutcome<T> extends Pick<CheckStep, 'detail' | 'figures'> {
  readonly value: T;
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
  async run<T>(name: string, work: () => Promise<StepOutcome<T>>): Promise<T> {
    const startedMs = this.#now();
    try {
      const { detail, value, figures } = await work();
      const measured = figures === undefined ? {} : { figures };
      this.#add({ name, ok: true, ms: this.#now() - startedMs, detail, ...measured });
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
