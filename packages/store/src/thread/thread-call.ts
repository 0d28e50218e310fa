import type { SqliteOptions } from '../sqlite/sqlite-medium.ts';
import type { StoreErrorCode, StoreErrorDetails } from '../store-error.ts';
import type { StoreChange } from '../world-store.ts';

/** What the thread is started with. */
export interface ThreadData {
  readonly directory: string;
  readonly options: SqliteOptions;
}

/** What is asked of a place, or of the store that it opened under a number. */
export type ThreadCall =
  | { readonly call: 'open' | 'setAside' | 'recall'; readonly name: string }
  | { readonly call: 'remember'; readonly name: string; readonly text: string }
  | { readonly call: 'read' | 'readAll' | 'keys'; readonly store: number; readonly key: string }
  | { readonly call: 'write'; readonly store: number; readonly change: StoreChange }
  | { readonly call: 'close'; readonly store: number };

/** A call, and the number by which it is answered. */
export interface ThreadRequest {
  readonly id: number;
  readonly call: ThreadCall;
}

/** What of a `StoreError` goes from one thread to another. */
export interface ThreadError extends Omit<StoreErrorDetails, 'cause'> {
  readonly code: StoreErrorCode;
}

export type ThreadAnswer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: ThreadError };
