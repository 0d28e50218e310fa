import { main } from './install.mjs';

await main('packages/testing/src/simulation/command/main.ts');
