import type { Command } from '../command.ts';

/** Every command, in the order of the help. A new one is a file beside this and a line here. */
export const commands: readonly Command[] = [];
