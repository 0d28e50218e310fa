import { main } from './install.mjs';

await main('bench/src/main.ts');
