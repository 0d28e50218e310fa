import { writePage } from '@weft/testing/tried';
import { PEER_ATTACKS_PAGE } from './peer-attacks-page.ts';

writePage(PEER_ATTACKS_PAGE, {
  suites: ['packages/live/test/peer-attacks/peer-attacks.test.ts'],
  flags: ['--project', 'unit'],
});
