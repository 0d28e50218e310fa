import { main } from './install.mjs';

await main('scripts/walkers/main.ts');
