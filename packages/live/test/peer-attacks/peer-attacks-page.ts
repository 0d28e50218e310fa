import type { TriedPage } from '@weft/testing/tried';
import { PEER_ATTACK_CASES, type PeerAttackId } from './peer-attack-cases.ts';

const HEAD = `<!-- Written by \`npm run attacks\` from what the suite in packages/live/test/peer-attacks found; not by hand. -->

# Attacks among devices

Where a world has no relay, its members' devices send edits to each other through their homeservers, and each judges what it hears. Each
case runs with every test run between three clients and somebody who says what they like from a device of their own, all under a clock of the test; the
homeserver that hands on their messages is simulated: it vouches for the sender, as real ones do.
[Attacks on a relay](attacks.md) have a page of their own, [how edits travel](lanes.md), too.

| case | tried | has to come of it | came of it |
| --- | --- | --- | --- |
`;

/** The page of attacks among devices, as `npm run attacks` writes it. */
export const PEER_ATTACKS_PAGE: TriedPage<PeerAttackId> = {
  file: 'docs/peer-attacks.md',
  head: HEAD,
  cases: PEER_ATTACK_CASES.map(({ id, title, tried, target }) => ({ id, cells: [title, tried, target] })),
  resultsVariable: 'WEFT_PEER_ATTACK_RESULTS',
};
