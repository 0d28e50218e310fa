import { pageContract } from '../../tried/page-contract.ts';
import { FAILURES_PAGE } from './failures-page.ts';

pageContract(FAILURES_PAGE, {
  command: 'npm run assets',
  script: 'packages/testing/src/assets/failures/write-page.ts',
});
