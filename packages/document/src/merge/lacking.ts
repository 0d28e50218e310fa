import * as Y from 'yjs';
import { deletedIn, subtractRanges } from '../update/deleted-ranges.ts';
import { isEmptyUpdate, readUpdate, type UpdateParts, writeUpdate } from '../update/write-update.ts';

/**
 * What a document holds and another one lacks, as an update; `null` where it lacks nothing.
 *
 * @param except clients whose structs are left out, since they look after them themselves
 */
export function lackingUpdate(doc: Y.Doc, other: Y.Doc, except: ReadonlySet<number>): Uint8Array | null {
  const parts = lackingParts(doc, other, except);
  return isEmptyUpdate(parts) ? null : writeUpdate(parts);
}

/** The same taken apart. */
export function lackingParts(doc: Y.Doc, other: Y.Doc, except: ReadonlySet<number>): UpdateParts {
  const known = Y.decodeStateVector(Y.encodeStateVector(other));
  for (const client of except) known.set(client, Y.getState(doc.store, client));
  const { structs } = readUpdate(Y.encodeStateAsUpdate(doc, Y.encodeStateVector(known)));
  return { structs, deleted: subtractRanges(deletedIn(doc), deletedIn(other)) };
}
