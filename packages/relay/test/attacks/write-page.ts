import { writePage } from '@weft/testing/tried';
import { ATTACKS_PAGE } from './attacks-page.ts';

const HELP = `npm run attacks [-- --json]

Tries everything that may hurt a relay, each case against a relay in a process of its own and over real sockets, and then
what members without a relay may do to each other. Writes what came of each case to docs/attacks.md and docs/peer-attacks.md,
each only if all of its cases came out as they have to. Takes some two minutes.

  --json   a line of JSON for each page on stdout, with what came of each case; the tests' own report goes to stderr

Ctrl-C stops; what was not written by then stays as it was. Ends with 0 where all came out as they have to, 1 otherwise,
2 where this text was not followed.`;

await writePage(ATTACKS_PAGE, {
  name: 'attacks',
  help: HELP,
  suites: ['connections', 'bytes', 'tickets', 'inside', 'motion'].map(
    (name) => `packages/relay/test/attacks/${name}.test.ts`,
  ),
  // Attacks at once would be in each other's figures.
  flags: ['--project', 'unit', '--no-file-parallelism'],
});
