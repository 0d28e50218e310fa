import { resolve } from 'node:path';
import { commands } from './commands/table.ts';
import { runProgram } from './program.ts';

const REPOSITORY = resolve(import.meta.dirname, '../../..');

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  // The first one asks the command to end well; a second one ends the process at once.
  process.once(signal, () => stop.abort());
}
// The script that started us holds the other end; killed, it can send no signal.
process.once('disconnect', () => stop.abort());
process.channel?.unref();
// "weft watch | head -1": the reader has gone, which is no failure.
process.stdout.on('error', () => stop.abort());

process.exitCode = await runProgram(commands, process.argv.slice(2), {
  environment: process.env,
  // npm runs scripts in the project's folder and says here where the person stood.
  directory: process.env.INIT_CWD ?? process.cwd(),
  weftDirectory: process.env.WEFT_DIRECTORY ?? resolve(REPOSITORY, '.weft'),
  signal: stop.signal,
  stdout: (chunk) => process.stdout.write(chunk),
  stderr: (chunk) => process.stderr.write(chunk),
});
