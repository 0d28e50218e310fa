import { ATTACK_CASES, type AttackCase, type AttackId } from './attack-cases.ts';

const HEAD = `<!-- Written by \`npm run attacks\` from what the suite in packages/relay/test/attacks found; not by hand. -->

# Attacks on a relay

Each case runs against a relay in a process of its own, over real sockets, with every test run; everything of that relay is real but its
homeserver. The figures are those of the run that wrote this page, on two cores shared with others. What somebody *inside* a world can do at worst stands in the
[threat model](threat-model.md).

| case | tried | has to come of it | came of it |
| --- | --- | --- | --- |
`;

/** What came of each case, in words. */
export type AttackResults = ReadonlyMap<AttackId, string>;

/** The start of a case's row, which does not depend on what came of it. */
export function rowHead({ title, tried, target }: AttackCase): string {
  return `| ${[title, tried, target].map(cell).join(' | ')} |`;
}

/** @throws TypeError where a case has no result: what was not tried is not on the page */
export function attacksPage(results: AttackResults): string {
  const rows = ATTACK_CASES.map((each) => {
    const result = results.get(each.id);
    if (result === undefined) throw new TypeError(`${each.id} was not tried`);
    return `${rowHead(each)} ${cell(result)} |`;
  });
  return `${HEAD}${rows.join('\n')}\n`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
