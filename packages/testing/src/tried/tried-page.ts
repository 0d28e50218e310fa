/** One case that a suite tries; its row of the page says what came of it. */
export interface TriedCase<Id extends string> {
  readonly id: Id;
  /** What the row says of the case itself: it does not depend on what came of it. */
  readonly cells: readonly string[];
}

/** A page of the documentation whose last column a suite writes. */
export interface TriedPage<Id extends string> {
  /** Below the root of the project. */
  readonly file: string;
  /** Everything above the first row. */
  readonly head: string;
  readonly cases: readonly TriedCase<Id>[];
  /** The environment's variable that says where results go, for the page; unset, they only have to be as they should. */
  readonly resultsVariable: string;
}

/** What came of each case, in words. */
export type TriedResults<Id extends string> = ReadonlyMap<Id, string>;

/** The start of a case's row. */
export function rowHead({ cells }: TriedCase<string>): string {
  return `| ${cells.map(escapedCell).join(' | ')} |`;
}

/** @throws TypeError where a case has no result: what was not tried is not on the page */
export function writtenPage<Id extends string>(page: TriedPage<Id>, results: TriedResults<Id>): string {
  const rows = page.cases.map((each) => {
    const result = results.get(each.id);
    if (result === undefined) throw new TypeError(`${each.id} was not tried`);
    return `${rowHead(each)} ${escapedCell(result)} |`;
  });
  return `${page.head}${rows.join('\n')}\n`;
}

function escapedCell(text: string): string {
  return text.replaceAll('|', '\\|');
}
