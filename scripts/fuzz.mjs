import { main } from './install.mjs';

await main('packages/testing/src/fuzz/command/main.ts');
