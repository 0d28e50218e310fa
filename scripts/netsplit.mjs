import { main } from './install.mjs';

await main('scripts/netsplit/main.ts');
