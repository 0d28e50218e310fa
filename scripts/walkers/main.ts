import { join } from 'node:path';
import { WEFT_DIRECTORY } from '@weft/testing';
import { showProgress, startTestStack } from '@weft/testing/synapse';
import { showWalkers } from '@weft/testing/walkers';
import { HELP, UsageError, walkersCommand } from './options.ts';

async function main(): Promise<number> {
  const { bots, users, quality, picture, help } = walkersCommand(process.argv.slice(2));
  if (help) {
    console.log(HELP);
    return 0;
  }
  const interrupt = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => interrupt.abort());
  const { signal } = interrupt;
  const folder = join(WEFT_DIRECTORY, 'walkers');
  const pictures = [
    { file: picture ?? join(folder, 'light.png'), colourScheme: 'light' },
    { file: join(folder, 'dark.png'), colourScheme: 'dark' },
  ] as const;
  const { stack, stop } = await startTestStack({ logName: 'walkers', onProgress: showProgress, signal });
  try {
    const { seen, moved, errors } = await showWalkers({
      ...{ stack, count: bots, quality, pictures, onProgress: showProgress, signal },
      ...(users === undefined ? {} : { users }),
    });
    for (const error of errors) console.error(error);
    console.log(`The studio saw ${seen} of ${bots} walkers; ${moved} were seen to walk.`);
    for (const { file } of pictures) console.log(file);
    return seen >= bots && errors.length === 0 ? 0 : 1;
  } finally {
    await stop();
  }
}

try {
  process.exit(await main());
} catch (error) {
  const isUsage = error instanceof UsageError;
  console.error(isUsage ? `${error.message}\n\n${HELP}` : error);
  process.exit(isUsage ? 2 : 1);
}
