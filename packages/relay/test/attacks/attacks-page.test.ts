import { pageContract } from '@weft/testing/tried';
import { ATTACKS_PAGE } from './attacks-page.ts';

pageContract(ATTACKS_PAGE, 'npm run attacks');
