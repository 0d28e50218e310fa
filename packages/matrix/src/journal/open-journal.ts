import { encodePatch, latestTime, type Patch } from '@weft/core';
import type { StoreError, WorldStore } from '@weft/store';
import { Journal, type JournalOptions } from './journal.ts';
import { readJournal } from './journal-contents.ts';
import { EMPTY_HEAD, encodeHead, HEAD_KEY, type JournalHead, MAX_OWN_ACTORS } from './journal-head.ts';

/** A journal that was opened, or what can be said of one that cannot be trusted. */
export type OpenedJournal =
  | { readonly kind: 'open'; readonly journal: Journal }
  /** Nothing was changed in the store. The edits are those that can be vouched for all the same. */
  | { readonly kind: 'damaged'; readonly error: StoreError; readonly pending: Patch };

export interface OpenJournalOptions extends Omit<JournalOptions, 'contents'> {
  /** Edits of a journal that was damaged: one that is begun anew begins with them. `null` where there are none. */
  readonly saved?: () => Promise<Patch | null>;
}

const FIRST_RECORD = 'pending/1';

/**
 * Reads what a device kept of a room, all of it, and verifies it. The store stays open; `Journal.close` closes it.
 *
 * @throws StoreError where the store fails
 */
export async function openJournal({ saved, ...options }: OpenJournalOptions): Promise<OpenedJournal> {
  const { store, owner } = options;
  let reading = await readJournal(store, owner.user, owner.room);
  const edits = reading.kind === 'empty' ? ((await saved?.()) ?? null) : null;
  if (edits !== null) {
    await begin(store, owner, edits);
    reading = await readJournal(store, owner.user, owner.room);
  }
  if (reading.kind === 'damaged') return reading;
  const contents = reading.kind === 'found' ? reading.contents : null;
  return { kind: 'open', journal: new Journal({ ...options, contents }) };
}

// They are on the device before anything else is done with them: the world may not open this time.
function begin(store: WorldStore, owner: JournalOptions['owner'], saved: Patch): Promise<void> {
  const own = [...saved.actors].flatMap(([actor, users]) => (users.has(owner.user) ? [actor] : []));
  const head: JournalHead = {
    ...EMPTY_HEAD,
    ...owner,
    actors: own.slice(-MAX_OWN_ACTORS),
    clock: latestTime(saved),
    pending: [FIRST_RECORD],
    next: 2,
  };
  const put = new Map([
    [FIRST_RECORD, encodePatch(saved)],
    [HEAD_KEY, encodeHead(head)],
  ]);
  return store.write({ put, remove: [], erase: false });
}
