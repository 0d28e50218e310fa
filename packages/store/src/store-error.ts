import type { WhoCanFix } from '@weft/core';

/** Why a store did not do what it was asked. Each code is one situation that a program can act on. */
export type StoreErrorCode =
  | 'busy'
  | 'full'
  | 'corrupt'
  | 'too-large'
  | 'bad-key'
  | 'closed'
  | 'unavailable'
  | 'failed';

export interface StoreErrorDetails {
  /** What was being done, as the start of a sentence: "open the store of !abc". */
  readonly what: string;
  /** What would have been right. */
  readonly expected: string;
  /** What was found instead; cut to 200 characters. */
  readonly got: string;
  readonly hint?: string;
  /** The record that it is about. */
  readonly key?: string;
  readonly cause?: unknown;
}

interface Advice {
  readonly hint: string;
  readonly by: WhoCanFix;
  /** Whether the same may succeed later without anybody changing anything in Weft. */
  readonly retry: boolean;
}

/** What follows from each code: who can fix it, what to do, and whether trying again can help. */
export const STORE_ADVICE: Readonly<Record<StoreErrorCode, Advice>> = {
  busy: {
    hint: 'Close the other window or program that has this world open, or go on there.',
    by: 'you',
    retry: true,
  },
  full: {
    hint: 'Make room on this device; it is tried again by itself.',
    by: 'you',
    retry: true,
  },
  corrupt: {
    hint: 'It is put aside, not deleted; the world is read from its room instead.',
    by: 'operator',
    retry: false,
  },
  'too-large': { hint: 'Split it into several records.', by: 'developer', retry: false },
  'bad-key': { hint: 'Use another name.', by: 'developer', retry: false },
  closed: { hint: 'Open the world again.', by: 'developer', retry: false },
  unavailable: {
    hint: 'Leave private mode, allow this page to store data, or name a directory that can be written.',
    by: 'you',
    retry: false,
  },
  failed: {
    hint: 'Check the disk of this device; it is tried again by itself.',
    by: 'operator',
    retry: true,
  },
};

const MAX_GOT_CHARACTERS = 200;

/** A store that did not do what it was asked; what it held before, it still holds. */
export class StoreError extends Error {
  override readonly name: string = 'StoreError';
  readonly code: StoreErrorCode;
  readonly what: string;
  readonly expected: string;
  readonly got: string;
  readonly hint: string;
  readonly by: WhoCanFix;
  readonly key: string | null;

  constructor(code: StoreErrorCode, details: StoreErrorDetails) {
    const advice = STORE_ADVICE[code];
    const hint = details.hint ?? advice.hint;
    const got = shorten(details.got);
    super(
      `Cannot ${details.what}: expected ${details.expected}, got ${got}. ${hint}`,
      details.cause === undefined ? undefined : { cause: details.cause },
    );
    this.code = code;
    this.what = details.what;
    this.expected = details.expected;
    this.got = got;
    this.hint = hint;
    this.by = advice.by;
    this.key = details.key ?? null;
  }

  get retry(): boolean {
    return STORE_ADVICE[this.code].retry;
  }
}

/** What was thrown, as a `StoreError`: anything that is none already counts as a failure of the device. */
export function storeErrorOf(what: string, error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  const got = error instanceof Error ? error.message : String(error);
  return new StoreError('failed', { what, expected: 'the device to do it', got, cause: error });
}

/** Somebody else has the store of this name open. */
export function busyStore(name: string, cause?: unknown): StoreError {
  return new StoreError('busy', {
    what: `open the store ${name}`,
    expected: 'one opener at a time',
    got: 'another one that has it open',
    ...(cause === undefined ? {} : { cause }),
  });
}

function shorten(text: string): string {
  const line = text.replace(/[.\s]+$/, '');
  return line.length <= MAX_GOT_CHARACTERS ? line : `${line.slice(0, MAX_GOT_CHARACTERS - 1)}…`;
}
