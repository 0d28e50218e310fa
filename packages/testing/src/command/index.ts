export { interruptSignal, progressLines, runCommand } from './long-command.ts';
export { parseLine, parseOptions, UsageError, wholeNumber } from './usage.ts';
