import type { ActorId, Contribution, RandomBytes } from '@weft/core';
import type { Doc } from 'yjs';
import { DocumentError } from '../document-error.ts';
import { MAX_MERGE_STRUCTS, MAX_UPDATE_BYTES } from '../limits.ts';
import { sameBytes } from '../same-bytes.ts';
import { scanUpdate } from '../update/scan-update.ts';
import { chooseSlot } from './choose-slot.ts';
import { lackingUpdate } from './lacking.ts';
import { documentOf } from './merge-contributions.ts';

export interface ContributionNeed {
  readonly doc: Doc;
  /** Those that the document has now. */
  readonly contributions: readonly Contribution[];
  /** Who will write it. */
  readonly actor: ActorId;
  /** Clients whose structs are left out, unless the slot holds some of them: they look after them themselves. */
  readonly except: ReadonlySet<number>;
  /** Milliseconds of the corrected clock. */
  readonly nowMs: number;
  readonly random: RandomBytes;
}

/**
 * What an actor has to write so that the slots hold all of a document: into its own slot what the others lack. `null` where
 * nothing is to be written.
 *
 * @throws DocumentError `full`
 */
export function nextContribution(need: ContributionNeed): Pick<Contribution, 'slot' | 'update'> | null {
  const { doc, contributions, actor, except } = need;
  let slot = contributions.find(({ stamp }) => stamp.actor === actor)?.slot ?? null;
  if (slot === null) {
    const added = lackingUpdate(doc, documentOf(contributions), except);
    if (added === null) return null;
    slot = chooseSlot({ ...need, bytes: added.length });
  }
  const held = contributions.find((one) => one.slot === slot);
  const rest = contributions.filter((one) => one !== held);
  const theirs = held === undefined ? except : except.difference(clientsOf(held.update));
  const update = lackingUpdate(doc, documentOf(rest), theirs);
  if (update === null || sameBytes(held?.update, update)) return null;
  if (update.length <= MAX_UPDATE_BYTES) return { slot, update };
  throw new DocumentError(
    'full',
    `Expected a document of at most ${MAX_UPDATE_BYTES} bytes, got ${update.length}: begin it anew with what is still needed`,
  );
}

function clientsOf(update: Uint8Array): ReadonlySet<number> {
  try {
    return scanUpdate(update, { maxBytes: MAX_UPDATE_BYTES, maxStructs: MAX_MERGE_STRUCTS }).clients;
  } catch (error) {
    if (error instanceof DocumentError) return new Set();
    throw error;
  }
}
