import { join } from 'node:path';
import { CheckSteps, createOutput } from '@weft/cli/check';
import { WEFT_DIRECTORY } from '@weft/testing';
import { runKillRelay } from '@weft/testing/studio';
import { showProgress, startTestStack } from '@weft/testing/synapse';
import { HELP, killRelayCommand, UsageError } from './options.ts';

async function main(): Promise<number> {
  const { colourScheme, quality, offlineSeconds, json, help } = killRelayCommand(process.argv.slice(2));
  if (help) {
    console.log(HELP);
    return 0;
  }
  const write = (chunk: string) => process.stdout.write(chunk);
  const aside = (chunk: string) => process.stderr.write(chunk);
  // The transcript is the result, unless a program asked for it.
  const transcript = createOutput({ stdout: write, stderr: json ? aside : write, json: false });
  const steps = new CheckSteps(transcript);
  const interrupt = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(name, () => interrupt.abort());
  const pictures = join(WEFT_DIRECTORY, 'kill-relay');
  const { signal } = interrupt;
  const startStack = () => startTestStack({ logName: 'kill-relay', onProgress: showProgress, signal });
  const failure = await runKillRelay(
    {
      ...{ output: transcript, startStack, quality, colourScheme, pictures, offlineSeconds, signal },
      onProgress: showProgress,
    },
    steps,
  ).then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  if (json) write(`${JSON.stringify({ ok: failure === null, steps: steps.toJson(), pictures }, null, 2)}\n`);
  transcript.note(failure === null ? `All of it held. Pictures of both pages: ${pictures}` : failure);
  return failure === null ? 0 : 1;
}

try {
  process.exit(await main());
} catch (error) {
  const isUsage = error instanceof UsageError;
  console.error(isUsage ? `${error.message}\n\n${HELP}` : error);
  process.exit(isUsage ? 2 : 1);
}
