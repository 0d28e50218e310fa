import { main } from './install.mjs';

await main('packages/cli/src/main.ts');
