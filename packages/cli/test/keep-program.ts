import { startGuardedProgram } from '../src/stack/index.ts';

/** Starts a program that starts another, says both pids and stays; whoever started this kills it. */
const [python = '', lock = ''] = process.argv.slice(2);
const program = await startGuardedProgram({
  python,
  lock,
  lockWaitS: 0,
  file: 'sh',
  args: ['-c', 'sleep 60 & echo $$; echo $!; wait'],
  env: process.env,
  output: 'pipe',
});
program.output?.pipe(process.stdout);
await program.exited;
