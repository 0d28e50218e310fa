import { main } from './install.mjs';

await main('scripts/kill-relay/main.ts');
