import { main } from './install.mjs';

await main('scripts/generate/main.ts');
