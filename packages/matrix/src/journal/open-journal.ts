import type { Patch } from '@weft/core';
import type { StoreError } from '@weft/store';
import { Journal, type JournalOptions } from './journal.ts';
import { readJournal } from './journal-contents.ts';

/** A journal that was opened, or what can be said of one that cannot be trusted. */
export type OpenedJournal =
  | { readonly kind: 'open'; readonly journal: Journal }
  /** Nothing was changed in the store. The edits are those that can be vouched for all the same. */
  | { readonly kind: 'damaged'; readonly error: StoreError; readonly pending: Patch };

/**
 * Reads what a device kept of a room, all of it, and verifies it. The store stays open; `Journal.close` closes it.
 *
 * @throws StoreError where the store fails
 */
export async function openJournal(options: Omit<JournalOptions, 'contents'>): Promise<OpenedJournal> {
  const { store, owner } = options;
  const reading = await readJournal(store, owner.user, owner.room);
  if (reading.kind === 'damaged') return reading;
  const contents = reading.kind === 'found' ? reading.contents : null;
  return { kind: 'open', journal: new Journal({ ...options, contents }) };
}
