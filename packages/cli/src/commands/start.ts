import { defineCommand } from '../command.ts';
import { UsageError } from '../failure.ts';
import { flag } from '../options.ts';
import { runCheck } from './check.ts';
import { runUp, upOptions } from './up.ts';

export const start = defineCommand({
  name: 'start',
  summary: 'what "npm start" runs: up, or a check of everything that needs nobody',
  description:
    'Without --check it is "up". With --check it starts a homeserver of its own, creates a fresh world, imports a ' +
    'glTF model, edits as the builder, sees the edit as the visitor, is refused an edit as the visitor, edits over the ' +
    'relay, kills that and goes on without until it is back, restarts the ' +
    'homeserver, finds the world unchanged, and says how long each step took.',
  examples: [
    { command: 'start', does: 'Run everything here; the same as npm start' },
    { command: 'start --check', does: 'Prove that everything works; the same as npm start -- --check' },
  ],
  args: {},
  options: { ...upOptions, check: flag('try everything out once, without waiting for a person') },
  async run(context) {
    const { check, homeserver, world } = context.options;
    if (!check) return runUp(context);
    if (homeserver !== undefined || world !== undefined) {
      throw new UsageError(
        '--check restarts the homeserver, so it uses one of its own: leave --homeserver and --world out.',
      );
    }
    return runCheck(context);
  },
});
