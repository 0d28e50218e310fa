import type { TriedPage } from '@weft/testing/tried';
import { ATTACK_CASES, type AttackId } from './attack-cases.ts';

const HEAD = `<!-- Written by \`npm run attacks\` from what the suite in packages/relay/test/attacks found; not by hand. -->

# Attacks on a relay

Each case runs against a relay in a process of its own, over real sockets, with every test run; everything of that relay is real but its
homeserver. The figures are those of the run that wrote this page, on two cores shared with others. What somebody *inside* a world can do at worst stands in the
[threat model](threat-model.md), and what is tried [among devices](peer-attacks.md) without a relay on a page of its own.

| case | tried | has to come of it | came of it |
| --- | --- | --- | --- |
`;

/** The page of attacks, as `npm run attacks` writes it. */
export const ATTACKS_PAGE: TriedPage<AttackId> = {
  file: 'docs/attacks.md',
  head: HEAD,
  cases: ATTACK_CASES.map(({ id, title, tried, target }) => ({ id, cells: [title, tried, target] })),
  resultsVariable: 'WEFT_ATTACK_RESULTS',
};
