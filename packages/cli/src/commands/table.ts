import type { Command } from '../command.ts';
import { doctor } from './doctor.ts';
import { down } from './down.ts';
import { start } from './start.ts';
import { up } from './up.ts';

/** Every command, in the order of the help. A new one is a file beside this and a line here. */
export const commands: readonly Command[] = [start, up, down, doctor];
