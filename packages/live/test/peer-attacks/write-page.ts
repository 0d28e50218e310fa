import { writePage } from '@weft/testing/tried';
import { PEER_ATTACKS_PAGE } from './peer-attacks-page.ts';

await writePage(PEER_ATTACKS_PAGE, {
  name: 'attacks',
  help: 'The second half of `npm run attacks`, whose help says the rest: it writes docs/peer-attacks.md.',
  suites: ['packages/live/test/peer-attacks/peer-attacks.test.ts'],
  flags: ['--project', 'unit'],
});
