import { main } from './install.mjs';

await main('packages/cli/src/main.ts', process.argv.slice(2), { lifeline: true, compileCache: true });
