import { type ReadonlySignal, signal } from '@preact/signals';

export interface Answer<Value extends string = string> {
  readonly value: Value;
  readonly label: string;
  /** What comes of it, in a few words. */
  readonly hint: string;
}

/** Something that only a person can decide. */
export interface Question {
  readonly headline: string;
  readonly explanation: string;
  readonly answers: readonly Answer[];
  /** @param value of an answer; `null` to give it up */
  settle(value: string | null): void;
}

/** One question after another: who asks while one is open waits. */
export class Questions {
  readonly current: ReadonlySignal<Question | null>;
  readonly #current = signal<Question | null>(null);
  #last: Promise<unknown> = Promise.resolve();

  constructor() {
    this.current = this.#current;
  }

  /** @returns the answer; `null` where it was given up */
  ask<Value extends string>(
    question: Omit<Question, 'answers' | 'settle'> & { readonly answers: readonly Answer<Value>[] },
  ): Promise<Value | null> {
    const asked = this.#last.then(() => this.#show(question));
    this.#last = asked;
    return asked;
  }

  #show<Value extends string>(
    question: Omit<Question, 'answers' | 'settle'> & { readonly answers: readonly Answer<Value>[] },
  ): Promise<Value | null> {
    const { promise, resolve } = Promise.withResolvers<Value | null>();
    this.#current.value = {
      ...question,
      settle: (value) => {
        this.#current.value = null;
        resolve(question.answers.find((answer) => answer.value === value)?.value ?? null);
      },
    };
    return promise;
  }
}
