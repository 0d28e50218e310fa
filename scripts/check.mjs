import { main } from './install.mjs';

await main('scripts/checks/main.ts');
