import { writePage } from '../../tried/write-page.ts';
import { FAILURES_PAGE } from './failures-page.ts';

const HELP = `npm run assets [-- --json]

Tries every way in which a file does not come as it should: from a real Synapse, a real Kubo and over HTTP, and models that
are broken or hostile, some of them in a real Chromium. Writes what came of each case to docs/assets.md if all of them came
out as they have to. Installs the servers where they are missing; after that it takes some three minutes.

  --json   a line of JSON on stdout, with what came of each case; the tests' own report goes to stderr

Ctrl-C stops; the page stays as it was. Ends with 0 where all came out as they have to, 1 otherwise, 2 where this text was
not followed.`;

await writePage(FAILURES_PAGE, {
  name: 'assets',
  help: HELP,
  suites: [
    'packages/world/test/asset-failures.synapse.test.ts',
    'packages/world/test/ipfs-failures.synapse.test.ts',
    'packages/assets/test/model-failures.test.ts',
    'packages/assets/test/decoder-memory.browser.test.ts',
  ],
  flags: ['--project', 'synapse', '--project', 'unit', '--project', 'browser'],
});
