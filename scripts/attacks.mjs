import { main } from './install.mjs';

await main('packages/relay/test/attacks/write-page.ts');
const asksHelp = ['--help', '-h'].some((flag) => process.argv.includes(flag));
if (process.exitCode === 0 && !asksHelp) await main('packages/live/test/peer-attacks/write-page.ts');
