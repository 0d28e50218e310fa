import { main } from './install.mjs';

await main('packages/relay/test/attacks/write-page.ts');
