import { pageContract } from '@weft/testing/tried';
import { ATTACKS_PAGE } from './attacks-page.ts';

pageContract(ATTACKS_PAGE, {
  command: 'npm run attacks',
  script: 'packages/relay/test/attacks/write-page.ts',
});
