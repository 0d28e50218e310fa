import { writePage } from '@weft/testing/tried';
import { ATTACKS_PAGE } from './attacks-page.ts';

writePage(ATTACKS_PAGE, {
  suites: ['connections', 'bytes', 'tickets', 'inside', 'motion'].map(
    (name) => `packages/relay/test/attacks/${name}.test.ts`,
  ),
  // Attacks at once would be in each other's figures.
  flags: ['--project', 'unit', '--no-file-parallelism'],
});
