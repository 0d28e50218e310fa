import { main } from './install.mjs';

await main('packages/testing/src/assets/failures/write-page.ts');
