import { main } from './install.mjs';

await main('packages/relay/test/attacks/write-page.ts');
if (process.exitCode === 0) await main('packages/live/test/peer-attacks/write-page.ts');
