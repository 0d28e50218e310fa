import { writePage } from '../../tried/write-page.ts';
import { FAILURES_PAGE } from './failures-page.ts';

writePage(FAILURES_PAGE, {
  suites: [
    'packages/world/test/asset-failures.synapse.test.ts',
    'packages/world/test/ipfs-failures.synapse.test.ts',
    'packages/assets/test/model-failures.test.ts',
    'packages/assets/test/decoder-memory.browser.test.ts',
  ],
  flags: ['--project', 'synapse', '--project', 'unit', '--project', 'browser'],
});
