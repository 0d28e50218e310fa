// A process of its own for tests to kill: starts a stack, says which processes there are, and waits for ever.
import { startStack } from '../src/stack/index.ts';

const [directory = '', instance = ''] = process.argv.slice(2);
const stack = await startStack({ directory, instance });
process.stdout.write(
  `${JSON.stringify({ pid: process.pid, synapse: stack.synapsePid, url: stack.homeserverUrl })}\n`,
);
