import type { TriedPage } from '../../tried/tried-page.ts';
import { FAILURE_CASES, type FailureId } from './failure-cases.ts';

const HEAD = `<!-- Written by \`npm run assets\` from what the suites that it names found; not by hand. -->

# Files that do not come as they should

An object refers to its model, picture or sound by addresses, a hash and a size. Each row is a way in which a source does not give that file,
tried with every test run: the homeserver is a real Synapse, web servers are real, on sockets of this machine. The bound is 1 MiB here, a
source has 3 s in all and 1 s without progress (by default 64 MiB, 180 s and 30 s). In every row a second server, on an address that was not allowed,
counts who comes: nobody ever does. The last rows are files that came and are not what they should be. Where a file cannot be had or shown, its object is shown as a box with the reason.

![A world in the studio: models and a picture that a homeserver and IPFS keep, with their thumbnails in the list, and a red box with the thumbnail of one that is lost, with the reason and a button to try again](studio-assets.png)

| source | failure | has to come of it | came of it |
| --- | --- | --- | --- |
`;

/** The page of files that do not come as they should, as `npm run assets` writes it. */
export const FAILURES_PAGE: TriedPage<FailureId> = {
  file: 'docs/assets.md',
  head: HEAD,
  cases: FAILURE_CASES.map(({ id, source, failure, target }) => ({ id, cells: [source, failure, target] })),
  resultsVariable: 'WEFT_ASSET_RESULTS',
};
