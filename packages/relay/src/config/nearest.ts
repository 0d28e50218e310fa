/** A word that is further off than this share of its length was not a slip of the hand. */
const MAX_SLIP = 0.4;

/** The word that is most like this one, by edits of single characters; `null` where none is near. */
export function nearest(word: string, words: readonly string[]): string | null {
  let best: string | null = null;
  let fewest = Math.floor(word.length * MAX_SLIP) + 1;
  for (const candidate of words) {
    const edits = editsBetween(word.toLowerCase(), candidate.toLowerCase(), fewest);
    if (edits >= fewest) continue;
    fewest = edits;
    best = candidate;
  }
  return best;
}

/** Levenshtein distance, or at least `limit` where it is that far. */
function editsBetween(from: string, to: string, limit: number): number {
  if (Math.abs(from.length - to.length) >= limit) return limit;
  let row = Array.from({ length: to.length + 1 }, (_, at) => at);
  for (const [at, character] of [...from].entries()) {
    const next = [at + 1];
    for (const [other, against] of [...to].entries()) {
      const replaced = (row[other] ?? 0) + (character === against ? 0 : 1);
      next.push(Math.min(replaced, (row[other + 1] ?? 0) + 1, (next[other] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? limit;
}
