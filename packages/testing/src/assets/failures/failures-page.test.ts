import { pageContract } from '../../tried/page-contract.ts';
import { FAILURES_PAGE } from './failures-page.ts';

pageContract(FAILURES_PAGE, 'npm run assets');
