import { ROOT } from '@weft/core';
import { defineCommand } from '../command.ts';
import { CommandError, EXIT } from '../failure.ts';
import { objectJson, objectText } from '../object-view.ts';
import { required } from '../options.ts';
import { worldOptions } from '../session.ts';
import { objectIn, withWorld } from '../world-command.ts';

export const get = defineCommand({
  name: 'get',
  summary: 'show everything about one object',
  description:
    'Prints one object: where it hangs, its stage (local or durable), and every property as component.property. Values print as JSON, text without quotes.',
  examples: [
    { command: 'get Kx81', does: 'Show the object whose id starts with Kx81.' },
    { command: 'get Kx81 --json', does: 'The same for a program, with the position in the world.' },
  ],
  args: { id: required('the id of an object, or the start of it') },
  options: worldOptions,
  run: (context) =>
    withWorld(context, async (world) => {
      const id = objectIn(world, context.args.id);
      const object = world.get(id);
      if (object === undefined) {
        const why = id === ROOT ? 'is the top of the world and has no properties' : 'is deleted or hidden';
        throw new CommandError('unknown-object', `${id} ${why}. See "ls".`);
      }
      const stage = world.stage(id);
      context.output.result(objectJson(object, stage), objectText(object, stage));
      return EXIT.ok;
    }),
});
