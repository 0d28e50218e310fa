import { main } from './install.mjs';

await main('scripts/test/main.ts');
