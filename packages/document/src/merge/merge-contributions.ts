import type { Contribution } from '@weft/core';
import * as Y from 'yjs';
import { DocumentError } from '../document-error.ts';
import { MAX_MERGE_STEPS, MAX_MERGE_STRUCTS, MAX_UPDATE_BYTES } from '../limits.ts';
import { integrate } from '../update/integrate.ts';
import { scanUpdate } from '../update/scan-update.ts';

/** The share of all steps that one contribution may take, so that a hostile one leaves enough to the others. */
const MOST_FOR_ONE = 1 / 8;

/** A contribution that was not taken in. */
export interface ContributionProblem {
  readonly slot: number;
  readonly error: DocumentError;
}

/**
 * Takes contributions into a document, in the order given, which is that of their slots: the reduction of a document, if it
 * was empty before. The same contributions give the same document, whoever merges them. One that is malformed, or that would
 * cost too much, is left out, and leaves the others alone.
 *
 * @param origin what the document's events give as the origin of the change
 * @param steps that finding all places may take together
 */
export function mergeContributions(
  doc: Y.Doc,
  contributions: readonly Contribution[],
  origin: unknown,
  steps = MAX_MERGE_STEPS,
): readonly ContributionProblem[] {
  const problems: ContributionProblem[] = [];
  const waiting = new Set(contributions);
  let left = steps;
  let maxStructs = MAX_MERGE_STRUCTS;
  // One may build on another in a later slot, and on nothing that comes later than the next round.
  for (let moved = true; moved && waiting.size > 0; ) {
    moved = false;
    for (const contribution of waiting) {
      const { slot, update } = contribution;
      const before = sizeOf(doc);
      try {
        const { structs } = scanUpdate(update, { maxBytes: MAX_UPDATE_BYTES, maxStructs });
        const maxSteps = Math.min(left, Math.ceil(steps * MOST_FOR_ONE));
        const integrated = integrate(doc, update, { origin, maxSteps });
        left -= integrated.steps;
        if (!integrated.isComplete) continue;
        waiting.delete(contribution);
        maxStructs -= structs;
      } catch (error) {
        if (!(error instanceof DocumentError) || error.code === 'broken') throw error;
        if (error.code === 'costly') left -= Math.min(left, Math.ceil(steps * MOST_FOR_ONE));
        waiting.delete(contribution);
        problems.push({ slot, error });
      } finally {
        moved ||= sizeOf(doc) > before || !waiting.has(contribution);
      }
    }
  }
  return problems;
}

/** A new document with these contributions. */
export function documentOf(contributions: readonly Contribution[]): Y.Doc {
  const doc = new Y.Doc();
  mergeContributions(doc, contributions, null);
  return doc;
}

/** How many elements were ever put into a document. */
function sizeOf(doc: Y.Doc): number {
  let size = 0;
  for (const client of doc.store.clients.keys()) size += Y.getState(doc.store, client);
  return size;
}
