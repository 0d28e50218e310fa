import { pageContract } from '@weft/testing/tried';
import { PEER_ATTACKS_PAGE } from './peer-attacks-page.ts';

pageContract(PEER_ATTACKS_PAGE, {
  command: 'npm run attacks',
  script: 'packages/live/test/peer-attacks/write-page.ts',
});
