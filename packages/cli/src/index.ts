export { type Command, type CommandSpec, type Context, defineCommand, type Example } from './command.ts';
export { commands } from './commands/table.ts';
export { CommandError, EXIT, type ExitCode, UsageError } from './failure.ts';
export { choice, flag, number, optional, required, some, text, texts } from './options.ts';
export { columns, type Json, type Output } from './output.ts';
export { type ProgramPorts, runProgram } from './program.ts';
