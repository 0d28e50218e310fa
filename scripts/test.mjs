import { main } from './install.mjs';

await main('scripts/test/main.ts', process.argv.slice(2), { compileCache: true });
